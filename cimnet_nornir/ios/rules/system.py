"""The device itself: name, banners, users, AAA, domain, lines (IOS Configuration Fundamentals and Security)."""

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.rules.model import Owner, Rule
from cimnet_nornir.ios.rules.settings import entry, one

_SERVICE = phases.SERVICE

TOP_RULES = (
    Rule(
        "hostname", r"hostname \S+", single=True, undo="no hostname", order=phases.HOSTNAME, undo_order=phases.HOSTNAME
    ),
    one("banner", r"banner (?P<key>\S+) .+", "no banner {key}", order=phases.BANNER),
    one("service", r"(?:no )?service (?P<key>timestamps \S+|\S+)(?: .+)?", order=phases.GLOBAL),
    one("enable secret", r"enable (?P<key>secret|password) .+", "no enable {key}", order=phases.GLOBAL),
    # IOS asks before it removes a user; whoever sends the line answers [confirm].
    one(
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
    one("aaa", r"aaa (?P<key>\S+ \S+ \S+|\S+ \S+)(?: .+)?", order=phases.GLOBAL + 2),
    one("domain name", r"ip domain name \S+", "no ip domain name", order=phases.GLOBAL),
    entry("name-server", r"ip name-server (?P<key>(?:vrf \S+ )?\S+)"),
    one("ip setting", r"(?:no )?ip (?P<key>domain lookup|http server|http secure-server)"),
    one("ip ssh", r"ip ssh (?P<key>\S+)(?: .+)?", "no ip ssh {key}"),
    one("ip scp", r"ip scp server enable"),
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
