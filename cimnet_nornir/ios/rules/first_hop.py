"""HSRP and VRRP on interfaces (IOS First Hop Redundancy Protocols command reference).

A group speaks when it knows its priority and its password, so that its address comes last; it is taken back first.
"""

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.rules.model import Owner, Rule

_ADDRESS = r"\d+\.\d+\.\d+\.\d+"
_DETAILS = "priority|preempt|timers|authentication|name|mac-address|follow|description|shutdown"

TOP_RULES = (
    # Groups of version 3 are told when it is on, and gone when it is off again.
    Rule(
        "vrrp version",
        r"fhrp version vrrp \S+",
        single=True,
        undo="no fhrp version vrrp",
        owner=Owner.OBJECT,
        order=phases.GLOBAL,
        undo_order=phases.GLOBAL_UNDO,
        default=r"fhrp version vrrp v2",
    ),
)

# As in version 2, the address comes last and goes first.
GROUP_RULES = (
    Rule("vrrp group shutdown", r"shutdown", order=1, undo_order=60),
    Rule("vrrp group description", r"description .+", single=True, undo="no description", order=5),
    Rule(
        "vrrp group preempt",
        r"(?:no )?preempt(?: .+)?",
        single=True,
        undo="preempt",
        order=10,
        default=r"preempt",
    ),
    Rule("vrrp group match", r"no match-address", order=10),
    Rule("vrrp group track", r"track (?P<key>\d+)(?: .+)?", single=True, undo="no track {key}", order=10),
    Rule(
        "vrrp group setting",
        r"(?P<key>priority|timers advertise|vrrpv2)(?: \d+)?",
        single=True,
        undo="no {key}",
        order=10,
        default=r"priority 100|timers advertise 1000",
    ),
    Rule("vrrp group address", r"address \S+ primary", single=True, undo_first=True, order=40, undo_order=4),
    Rule("vrrp group secondary", r"address \S+ secondary", order=41, undo_order=3),
)

INTERFACE_RULES = (
    Rule(
        "vrrp group",
        r"vrrp (?P<key>\d+) address-family (?P<key2>ipv[46])",
        owner=Owner.OBJECT,
        order=34,
        undo_order=4,
        opens="vrrp group",
    ),
    # Groups above 255 need version 2: it comes before them and goes after them.
    Rule(
        "standby-version",
        r"standby version \d",
        single=True,
        owner=Owner.OBJECT,
        undo="no standby version",
        order=31,
        undo_order=5,
        default=r"standby version 1",
    ),
    Rule(
        "standby-interface",
        r"standby (?P<key>delay|use-bia|bfd|redirect|mac-refresh)(?: .+)?",
        single=True,
        owner=Owner.OBJECT,
        order=32,
        undo_order=5,
    ),
    Rule(
        "standby address",
        rf"standby (?P<key>\d+) ip(?: {_ADDRESS})?",
        single=True,
        owner=Owner.SIBLING,
        undo="no standby {key} ip",
        order=34,
        undo_order=4,
    ),
    Rule(
        "vrrp address",
        rf"vrrp (?P<key>\d+) ip {_ADDRESS}",
        single=True,
        owner=Owner.SIBLING,
        undo="no vrrp {key} ip",
        order=34,
        undo_order=4,
    ),
    Rule(
        "standby secondary",
        rf"standby (?P<key>\d+) (?:ip {_ADDRESS} secondary|ipv6 .+)",
        owner=Owner.SIBLING,
        order=35,
        undo_order=3,
    ),
    Rule(
        "vrrp secondary",
        rf"vrrp (?P<key>\d+) ip {_ADDRESS} secondary",
        owner=Owner.SIBLING,
        order=35,
        undo_order=3,
    ),
    # It preempts unless it is told not to: `no` and the line would tell it that.
    Rule(
        "vrrp preempt",
        r"(?:no )?vrrp (?P<key>\d+) preempt(?: .+)?",
        single=True,
        owner=Owner.SIBLING,
        undo="vrrp {key} preempt",
        order=33,
        undo_order=2,
        default=r"vrrp \d+ preempt",
    ),
    Rule(
        "vrrp detail",
        rf"vrrp (?P<key>\d+) (?P<key2>{_DETAILS}|track \S+)(?: .+)?",
        single=True,
        owner=Owner.SIBLING,
        undo="no vrrp {key} {key2}",
        order=33,
        undo_order=4,
        default=r"vrrp \d+ (?:priority 100|timers advertise 1)",
    ),
    Rule(
        "standby detail",
        rf"standby (?P<key>\d+) (?P<key2>{_DETAILS}|track \S+)(?: .+)?",
        single=True,
        owner=Owner.SIBLING,
        undo="no standby {key} {key2}",
        order=33,
        undo_order=4,
        default=r"standby \d+ (?:priority 100|timers 3 10)",
    ),
)
