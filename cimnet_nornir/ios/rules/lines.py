"""Console, auxiliary, asynchronous and virtual terminal lines (IOS Terminal Services)."""

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.rules.model import How, Owner, Rule


def _header(pattern: str, opens: str) -> Rule:
    return Rule(
        "line",
        pattern,
        # A line is there whatever is said of it.
        shown=pattern,
        owner=Owner.OBJECT,
        order=phases.LINE,
        undo_order=phases.LINE,
        opens=opens,
        how=How.LINES,
    )


TOP_RULES = (
    _header(r"line vty (?P<key>\d+(?: \d+)?)", "vty"),
    _header(r"line (?P<key>(?:con|aux)? ?\d\S*(?: \d\S*)?)", "line"),
)


def _setting(feature: str, pattern: str, undo: str = "no {key}") -> Rule:
    return Rule(feature, pattern, single=True, undo=undo)


_COMMON = (
    Rule("line password", r"password .+", single=True, undo="no password", order=10),
    Rule(
        "line access-class",
        r"(?P<key>(?:ipv6 )?access-class) \S+ (?P<key2>in|out)(?: .+)?",
        single=True,
        order=20,
    ),
    # What a line takes by itself differs from image to image: only the device knows.
    Rule(
        "line transport",
        r"transport (?P<key>input|output|preferred) .+",
        single=True,
        undo="default transport {key}",
        order=20,
    ),
    Rule(
        "line login authentication",
        r"login authentication \S+",
        single=True,
        undo="no login authentication",
        order=30,
        undo_order=30,
        default="login authentication default",
    ),
    _setting("line logging", r"(?P<key>logging synchronous)(?: .+)?"),
    # `no exec-timeout` would mean that nobody is ever logged out, and other settings are like it.
    _setting("line timeout", r"exec-timeout .+", "exec-timeout 10 0"),
    _setting("line escape", r"escape-character .+", "escape-character default"),
    _setting("line length", r"length .+", "length 24"),
    _setting("line width", r"width .+", "width 80"),
    _setting("line history", r"history size .+", "history size 20"),
    _setting(
        "line setting",
        r"(?P<key>session-timeout|absolute-timeout|session-limit|privilege level|authorization commands \d+"
        r"|authorization \S+|accounting commands \d+|accounting \S+|autocommand|rotary|speed|databits|parity"
        r"|flowcontrol|modem|refuse-message|buffer-length|hold-character|stop-character|activation-character"
        r"|disconnect-character|padding|txspeed|rxspeed|notify|lockable)(?: .+)?",
    ),
    # On by themselves, so that only `no exec` and its like are shown.
    _setting(
        "line switch", r"(?:no )?(?P<key>exec-banner|motd-banner|exec|activation-character|vacant-message)", "{key}"
    ),
    # Every line shows it.
    Rule("line stopbits", r"stopbits \S+", single=True, owner=Owner.OBJECT, undo="no stopbits"),
)


def _login(pattern: str, undo: str) -> Rule:
    return Rule("line login", pattern, single=True, undo=undo, order=30)


LINE_RULES = (*_COMMON, _login(r"(?:no )?login(?: local| tacacs)?", "no login"))
# `no login` would open the line to anybody; plain `login` is what a virtual terminal does by itself.
VTY_RULES = (*_COMMON, _login(r"(?:no )?login(?: local| tacacs)?", "login"))
