"""SNMP (IOS SNMP Support command reference).

Views come before the groups and communities that name them; a line of traps stands for one line per trap.
"""

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.rules.model import Owner, Rule
from cimnet_nornir.ios.rules.settings import entry, one

_HOST = (
    r"snmp-server host (?P<key>\S+(?: vrf \S+)?(?: informs)?(?: version (?:1|2c|3 (?:noauth|auth|priv)))? \S+"
    r"(?: udp-port \d+)?)(?: .+)?"
)

TOP_RULES = (
    # The keys of the users were made for the engine: the device drops them.
    Rule(
        "snmp engine",
        r"snmp-server engineID local \S+",
        single=True,
        undo="no snmp-server engineID local",
        owner=Owner.OBJECT,
        order=phases.SERVICE,
        undo_order=phases.SERVICE,
        clears=r"snmp-server user .+",
    ),
    entry("snmp view", r"snmp-server view (?P<key>\S+ \S+) (?:included|excluded)", "no snmp-server view {key}"),
    entry("snmp group", r"snmp-server group (?P<key>\S+ (?:v1|v2c|v3 \S+))(?: .+)?", "no snmp-server group {key}"),
    Rule(
        "snmp user",
        r"snmp-server user (?P<key>\S+ \S+) v3(?: .+)?",
        single=True,
        undo="no snmp-server user {key} v3",
        owner=Owner.OBJECT,
        order=phases.SERVICE,
        undo_order=phases.SERVICE,
        unshown=True,
    ),
    entry("snmp community", r"snmp-server community (?P<key>\S+)(?: .+)?", "no snmp-server community {key}"),
    entry("snmp host", _HOST, "no snmp-server host {key}"),
    entry("snmp traps", r"snmp-server enable traps(?P<key> .+)?"),
    one(
        "snmp",
        r"snmp-server (?P<key>location|contact|chassis-id|trap-source|source-interface \S+|ifindex persist|packetsize"
        r"|queue-length|system-shutdown)(?: .+)?",
        "no snmp-server {key}",
        default=r"snmp-server (?:packetsize 1500|queue-length 10)",
    ),
)
