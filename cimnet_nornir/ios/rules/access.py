"""Who may come in: users, enable secrets, AAA and the servers that it asks (IOS Security Configuration Guide)."""

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.rules.model import How, Owner, Rule
from cimnet_nornir.ios.rules.settings import entry, one

_PORTS = r"auth-port (?P<key2>\d+) acct-port (?P<key3>\d+)"
_USER_GOES = "no username {key}: the device asks to confirm"


def _aaa(feature: str, pattern: str, undo: str = "") -> Rule:
    """A line of AAA: brought when its servers are there, taken back while AAA is still on."""
    return Rule(
        feature,
        pattern,
        single=True,
        undo=undo,
        owner=Owner.OBJECT,
        order=phases.AAA_LIST,
        undo_order=phases.AAA_LIST_UNDO,
    )


def _enable(pattern: str, undo: str) -> Rule:
    """What leads to privileged mode: a new one is there before the old one goes."""
    return Rule(
        "enable secret",
        pattern,
        single=True,
        undo=undo,
        owner=Owner.OBJECT,
        order=phases.GLOBAL,
        undo_order=phases.GLOBAL + 1,
    )


def _section(feature: str, pattern: str, opens: str, order: int, undo_order: int) -> Rule:
    return Rule(feature, pattern, owner=Owner.OBJECT, order=order, undo_order=undo_order, opens=opens)


TOP_RULES = (
    _enable(r"enable (?P<key>secret|password) level (?P<key2>\d+) .+", "no enable {key} level {key2}"),
    _enable(r"enable (?:algorithm-type \S+ )?(?P<key>secret|password) .+", "no enable {key}"),
    # IOS asks before it removes a user; whoever sends the line answers [confirm].
    one(
        "username option",
        r"username (?P<key>\S+) (?P<key2>autocommand|user-maxlinks|access-class|nohangup|noescape|callback\S*)(?: .+)?",
        "no username {key} {key2}",
        order=phases.GLOBAL + 1,
    ),
    Rule(
        "username",
        r"username (?P<key>\S+)(?: .+)?",
        single=True,
        undo="no username {key}",
        owner=Owner.OBJECT,
        order=phases.GLOBAL,
        undo_order=phases.GLOBAL,
        hazard=_USER_GOES,
        how=How.USER,
    ),
    # The other lines of AAA cannot be typed without it, and go with it.
    Rule(
        "aaa new-model",
        r"(?:no )?aaa new-model",
        single=True,
        owner=Owner.OBJECT,
        order=phases.NEW_MODEL,
        undo_order=phases.NEW_MODEL_UNDO,
        no_is_absent=True,
    ),
    _section(
        "aaa group",
        r"aaa group server (?P<key>\S+ \S+)",
        "aaa group",
        phases.AAA_GROUP,
        phases.AAA_GROUP_UNDO,
    ),
    _aaa("aaa authentication", r"aaa (?P<key>authentication (?:banner|fail-message)) .+", "no aaa {key}"),
    _aaa("aaa authentication", r"aaa (?P<key>authentication \S+ \S+)(?: .+)?", "no aaa {key}"),
    _aaa("aaa setting", r"aaa (?P<key>accounting update|session-id|local authentication attempts) .+"),
    _aaa(
        "aaa list",
        r"aaa (?P<key>(?:authorization|accounting) (?:commands \d+|\S+) (?!start-stop|stop-only)\S+) .+",
        "no aaa {key}",
    ),
    _aaa("aaa switch", r"aaa (?P<key>authorization (?:console|config-commands)|\S+ \S+)"),
    _section(
        "aaa server",
        r"(?:tacacs|radius|ldap) server (?P<key>\S+)",
        "aaa server",
        phases.AAA_SERVER,
        phases.AAA_SERVER_UNDO,
    ),
    entry(
        "tacacs host",
        r"tacacs-server host (?P<key>\S+)(?: .+)?",
        "no tacacs-server host {key}",
        order=phases.AAA_SERVER,
    ),
    # To IOS the ports are part of what a RADIUS server is: with others it is another.
    entry(
        "radius host",
        rf"radius-server host (?P<key>\S+) {_PORTS}(?: .+)?",
        "no radius-server host {key} auth-port {key2} acct-port {key3}",
        order=phases.AAA_SERVER,
    ),
    one(
        "aaa server setting",
        r"(?P<key>(?:tacacs|radius)-server (?:key|timeout|retransmit|deadtime|directed-request|dead-criteria))(?: .+)?",
        "no {key}",
        order=phases.AAA_SERVER,
    ),
    one("radius setting", r"radius-server (?P<key>attribute \S+|vsa send.*)(?: .+)?", order=phases.AAA_SERVER),
    one(
        "aaa source",
        r"ip (?P<key>tacacs|radius) source-interface .+",
        "no ip {key} source-interface",
        order=phases.AAA_SERVER,
    ),
    one("login", r"login (?P<key>block-for|delay|quiet-mode access-class) .+", "no login {key}"),
    one("login log", r"login (?P<key>on-failure|on-success)(?: .+)?"),
    one("passwords", r"security (?P<key>passwords min-length|authentication failure rate) .+", "no security {key}"),
)

GROUP_RULES = (
    # Servers are asked in their order.
    Rule("group server", r"server (?P<key>name \S+|(?!name )\S+.*)", single=True, how=How.ORDERED),
    Rule(
        "group server",
        r"server-private (?P<key>\S+)(?: .+)?",
        single=True,
        undo="no server-private {key}",
        how=How.ORDERED,
    ),
    Rule("group vrf", r"(?:ip )?vrf forwarding \S+", single=True, order=10, undo_order=60),
    Rule(
        "group source",
        r"ip (?P<key>tacacs|radius) source-interface .+",
        single=True,
        undo="no ip {key} source-interface",
    ),
    Rule("group setting", r"(?P<key>deadtime|load-balance)(?: .+)?", single=True, undo="no {key}"),
)

SERVER_RULES = (
    Rule("server address", r"(?:address )?(?P<key>ipv[46]) .+", single=True, order=10),
    Rule("server key", r"key .+", single=True, undo="no key", order=20),
    Rule(
        "server setting",
        r"(?P<key>port|timeout(?: retransmit)?|retransmit|single-connection|automate-tester|base-dn|transport port"
        r"|bind authenticate|pac key)(?: .+)?",
        single=True,
        undo="no {key}",
        order=30,
    ),
)
