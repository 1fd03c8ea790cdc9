"""The device itself: name, banners, users, lines, NTP, logging, SNMP (IOS Configuration Fundamentals and Security)."""

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.rules.model import Owner, Rule

_SERVICE = phases.SERVICE


def _one(feature: str, pattern: str, undo: str = "", *, order: int = _SERVICE, hazard: str = "") -> Rule:
    """A setting with one value per key, owned where intent has it."""
    return Rule(
        feature,
        pattern,
        single=True,
        undo=undo,
        owner=Owner.OBJECT,
        order=order,
        undo_order=order,
        no_is_absent=pattern.startswith("(?:no )?"),
        hazard=hazard,
    )


def _list(feature: str, pattern: str, undo: str = "") -> Rule:
    """An entry of a list, owned where intent has any of that list: new ones come before old ones go."""
    return Rule(feature, pattern, single=True, undo=undo, owner=Owner.FAMILY, order=_SERVICE, undo_order=_SERVICE + 1)


TOP_RULES = (
    Rule(
        "hostname", r"hostname \S+", single=True, undo="no hostname", order=phases.HOSTNAME, undo_order=phases.HOSTNAME
    ),
    _one("banner", r"banner (?P<key>\S+) .+", "no banner {key}", order=phases.BANNER),
    _one("service", r"(?:no )?service (?P<key>timestamps \S+|\S+)(?: .+)?", order=phases.GLOBAL),
    _one("enable secret", r"enable (?P<key>secret|password) .+", "no enable {key}", order=phases.GLOBAL),
    # IOS asks before it removes a user; whoever sends the line answers [confirm].
    _one(
        "username",
        r"username (?P<key>\S+) .+",
        "no username {key}",
        order=phases.GLOBAL,
        hazard="no username {key}: the device asks to confirm",
    ),
    Rule(
        "aaa new-model",
        r"(?:no )?aaa new-model",
        single=True,
        owner=Owner.OBJECT,
        order=phases.GLOBAL + 1,
        undo_order=phases.GLOBAL_UNDO,  # the other lines of AAA cannot be typed without it
        no_is_absent=True,
    ),
    _one("aaa", r"aaa (?P<key>\S+ \S+ \S+|\S+ \S+)(?: .+)?", order=phases.GLOBAL + 2),
    _one("domain name", r"ip domain name \S+", "no ip domain name", order=phases.GLOBAL),
    _list("name-server", r"ip name-server (?P<key>(?:vrf \S+ )?\S+)"),
    _one("ip setting", r"(?:no )?ip (?P<key>domain lookup|http server|http secure-server|source-route|cef)(?: .+)?"),
    _one("ip ssh", r"ip ssh (?P<key>\S+)(?: .+)?", "no ip ssh {key}"),
    _one("ip scp", r"ip scp server enable"),
    _list("ntp server", r"ntp server (?P<key>(?:vrf \S+ )?\S+)(?: .+)?", "no ntp server {key}"),
    _one("ntp", r"ntp (?P<key>source|authenticate|trusted-key \S+|authentication-key \S+|access-group \S+)(?: .+)?"),
    _list("logging host", r"logging host (?P<key>\S+)(?: .+)?"),
    _one(
        "logging",
        r"(?:no )?logging (?P<key>buffered|trap|console|monitor|facility|source-interface|origin-id)(?: .+)?",
    ),
    _list("snmp community", r"snmp-server community (?P<key>\S+)(?: .+)?", "no snmp-server community {key}"),
    _list("snmp host", r"snmp-server host (?P<key>.+)"),
    _one("snmp", r"snmp-server (?P<key>location|contact|trap-source|ifindex persist)(?: .+)?", "no snmp-server {key}"),
    _list("snmp traps", r"snmp-server enable traps(?P<key> .+)?"),
    Rule("clock", r"clock (?P<key>timezone|summer-time) .+", single=True, undo="no clock {key}", owner=Owner.OBJECT),
    Rule(
        "line",
        r"line (?P<key>(?:con|aux|vty)? ?\d\S*(?: \d\S*)?)",
        owner=Owner.OBJECT,
        order=_SERVICE + 2,
        undo_order=_SERVICE + 2,
        opens="line",
    ),
)

LINE_RULES = (
    Rule("line password", r"password .+", single=True, undo="no password", order=10),
    Rule("line access-class", r"access-class \S+ (?P<key>in|out)(?: .+)?", single=True, order=20),
    Rule(
        "line transport",
        r"transport (?P<key>input|output|preferred) .+",
        single=True,
        undo="no transport {key}",
        order=20,
    ),
    # `no login` would open the line to anybody; plain `login` is what a line does by itself.
    Rule(
        "line login",
        r"(?:no )?login(?: .+)?",
        single=True,
        undo="login",
        order=30,
        default="login",
        shown=r"(?:no )?login",
    ),
    Rule("line logging", r"logging synchronous(?: .+)?", single=True, undo="no logging synchronous"),
    Rule(
        "line setting",
        r"(?P<key>exec-timeout|session-timeout|privilege level|length|width|history size|authorization \S+"
        r"|accounting \S+)(?: .+)?",
        single=True,
        undo="no {key}",
    ),
    # Every line shows it.
    Rule("line stopbits", r"stopbits \S+", single=True, owner=Owner.OBJECT, undo="no stopbits"),
)
