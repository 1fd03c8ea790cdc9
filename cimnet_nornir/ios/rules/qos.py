"""Classes, policies, and what switches do by markings (IOS QoS command reference; Catalyst QoS guides).

A class comes before the policy that names it, and a policy before the interface that it is attached to; they go the
other way round: a device removes none that is in use.
"""

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.rules.model import How, Owner, Rule
from cimnet_nornir.ios.rules.settings import one

_CLASS, _POLICY = phases.FILTER + 2, phases.FILTER + 3
_POLICY_UNDO, _CLASS_UNDO = phases.FILTER_UNDO - 1, phases.FILTER_UNDO
_MLS = "mls qos"
_QUEUE = r"srr-queue (?:input|output)"

TOP_RULES = (
    Rule(
        "class-map",
        r"class-map match-(?:all|any) (?P<key>\S+)",
        single=True,
        undo_first=True,  # see `class_uses`: who names it lets it go for that
        owner=Owner.OBJECT,
        order=_CLASS,
        undo_order=_CLASS_UNDO,
        opens="class-map",
    ),
    Rule(
        "policy-map",
        r"policy-map (?P<key>(?!type )\S+)",
        owner=Owner.OBJECT,
        order=_POLICY,
        undo_order=_POLICY_UNDO,
        opens="policy-map",
    ),
    # Maps and queues before ports are told which they use; all of it before the switch looks at markings.
    one(
        "mls qos map",
        rf"{_MLS} (?P<key>map (?:cos-dscp|ip-prec-dscp))(?: \d+){{8}}",
        f"no {_MLS} {{key}}",
        order=phases.GLOBAL,
    ),
    # Marked down to itself is not marked down.
    Rule(
        "mls qos policed map",
        rf"{_MLS} map policed-dscp (?P<key>\d+) to \d+",
        single=True,
        undo=f"{_MLS} map policed-dscp {{key}} to {{key}}",
        owner=Owner.FAMILY,
        order=phases.GLOBAL,
        undo_order=phases.GLOBAL,
        default=rf"{_MLS} map policed-dscp (\d+) to \1",
    ),
    Rule(
        "mls qos queue of a marking",
        rf"{_MLS} srr-queue (?P<key>(?:input|output) (?:cos|dscp)-map) queue \d threshold \d (?P<key2>\d+)",
        single=True,
        owner=Owner.OBJECT,
        order=phases.GLOBAL,
        undo_order=phases.GLOBAL,
        how=How.KEPT,
        hazard="mls qos srr-queue: a marking stays in its queue; say the queue that it is to have",
    ),
    one(
        "mls qos queue",
        rf"{_MLS} (?P<key>{_QUEUE} (?:bandwidth|buffers|threshold \d|priority-queue \d)"
        r"|queue-set output \d (?:threshold \d|buffers)) [a-z\d].*",
        f"no {_MLS} {{key}}",
        order=phases.GLOBAL,
    ),
    Rule(
        "mls qos rewrite",
        rf"no {_MLS} rewrite ip dscp",
        owner=Owner.OBJECT,
        order=phases.GLOBAL,
        undo_order=phases.GLOBAL,
    ),
    Rule(
        "mls qos",
        _MLS,
        owner=Owner.OBJECT,
        order=phases.GLOBAL + 1,
        undo_order=phases.GLOBAL_UNDO,
        hazard="no mls qos: the switch treats all traffic alike",
    ),
)

# The old matches go first: most switches take one at a time, and a class without any matches nothing.
CLASS_RULES = (
    Rule("class description", r"description .+", single=True, undo="no description", order=1),
    Rule("class match", r"match .+", order=10, undo_order=5),
)

# Classes are tried in their order; the rest stands last by itself.
POLICY_RULES = (
    Rule("policy description", r"description .+", single=True, undo="no description", order=1),
    Rule("policy rest", r"class class-default", order=20, undo_order=20, opens="policy class"),
    Rule(
        "policy class",
        r"class (?P<key>\S+)",
        single=True,
        how=How.ORDERED,
        order=10,
        undo_order=5,
        opens="policy class",
    ),
)

# What others need first (a rate before a queue, a shape before a policy below it), and last when it goes.
POLICY_CLASS_RULES = (
    Rule("class share", r"(?:bandwidth|priority)(?: .+)?", single=True, order=10, undo_order=60),
    Rule("class shape", r"shape (?:average|peak) .+", single=True, order=11, undo_order=59),
    Rule("class police", r"police .+", single=True, order=20, undo_order=30),
    # One marking alone: code point or precedence, of all packets or of those of IPv4.
    Rule(
        "class marking", r"set (?:ip )?(?:dscp|precedence) \w+", single=True, undo_first=True, order=20, undo_order=30
    ),
    Rule("class set", r"set (?P<key>(?:mpls experimental )?\S+)(?: .+)?", single=True, order=20, undo_order=30),
    Rule("class queue", r"(?P<key>queue-limit|fair-queue|random-detect)(?: .+)?", single=True, order=20, undo_order=30),
    Rule("class trust", r"trust .+", single=True, undo="no trust", order=20, undo_order=30),
    Rule("class drop", r"drop", order=20, undo_order=30),
    Rule("class policy", r"service-policy .+", single=True, undo_first=True, order=30, undo_order=5),
)

_PORT = r"mls qos (?:trust|cos|dscp-mutation|vlan-based).*"


def _port(pattern: str, undo: str = "", default: str = "") -> Rule:
    return Rule(
        "interface qos", pattern, single=True, undo=undo, owner=Owner.OBJECT, order=43, undo_order=41, default=default
    )


INTERFACE_RULES = (
    # A macro: it writes the other lines, and takes them with it.
    Rule(
        "interface auto qos",
        r"auto qos .+",
        single=True,
        undo_first=True,
        owner=Owner.OBJECT,
        order=42,
        undo_order=39,
        clears=rf"{_PORT}|trust device \S+|queue-set \d|priority-queue out|srr-queue bandwidth .+"
        r"|service-policy \S+ Auto[Qq][Oo][Ss]\S+",
        hazard="auto qos is a macro: what it writes besides is nobody's intent until it is imported",
    ),
    _port(r"(?:mls qos )?(?P<key>trust device) \S+"),
    _port(r"mls qos (?P<key>trust|cos override|cos|dscp-mutation|vlan-based)(?: \S+)?", "no mls qos {key}"),
    _port(r"srr-queue bandwidth (?P<key>share|shape|limit) .+", "no srr-queue bandwidth {key}"),
    _port(r"(?P<key>queue-set) \d", "no queue-set", default="queue-set 1"),
    _port(r"(?P<key>priority-queue) out"),
)
