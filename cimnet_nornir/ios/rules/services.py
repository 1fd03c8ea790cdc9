"""NTP, logging, discovery, the archive, aliases (IOS Configuration Fundamentals and Network Management references).

What a device does unless it is told otherwise is the `default` of a rule; of much of it only the `no` is ever shown.
"""

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.rules.model import How, Owner, Rule
from cimnet_nornir.ios.rules.settings import entry, one


def _usual(feature: str, pattern: str, default: str = r"(?!no ).+", undo: str = "") -> Rule:
    """A setting that has a usual value: its line says nothing, and a device shows it or not."""
    order = phases.SERVICE
    return Rule(
        feature,
        rf"(?:no )?{pattern}",
        single=True,
        undo=undo,
        owner=Owner.OBJECT,
        order=order,
        undo_order=order,
        default=default,
    )


TOP_RULES = (
    _usual(
        "option that is on",
        r"(?P<key>ip (?:source-route|cef|gratuitous-arps|bootp server|subnet-zero|classless|forward-protocol nd"
        r"|icmp rate-limit unreachable|dhcp conflict logging)|cdp run|cdp advertise-v2|logging on)",
    ),
    # Off unless somebody switched them on, which some devices show too.
    _usual(
        "option",
        r"(?P<key>ip (?:bgp-community new-format|options drop|finger|tcp path-mtu-discovery|tcp selective-ack"
        r"|tcp window-size|tcp mss|sla responder|dhcp bootp ignore|dhcp ping \S+)|ipv6 cef|multilink bundle-name"
        r"|logging (?:userinfo|count)|lldp run|cdp source-interface)(?: .+)?",
        r"no .+|ip dhcp ping (?:packets 2|timeout 500)",
        "no {key}",
    ),
    _usual("timer", r"(?P<key>ip tcp synwait-time) \d+", r"ip tcp synwait-time 30", "no {key}"),
    _usual(
        "discovery timer",
        r"(?P<key>(?:cdp|lldp) (?:timer|holdtime|reinit)) \d+",
        r"cdp (?:timer 60|holdtime 180)|lldp (?:timer 30|holdtime 120|reinit 2)",
        "no {key}",
    ),
    entry("ntp server", r"ntp server (?P<key>(?:vrf \S+ )?\S+)(?: .+)?", "no ntp server {key}"),
    entry("ntp peer", r"ntp peer (?P<key>(?:vrf \S+ )?\S+)(?: .+)?", "no ntp peer {key}"),
    one(
        "ntp",
        r"ntp (?P<key>source|authenticate|trusted-key .+|authentication-key \d+|access-group \S+|master|update-calendar"
        r"|logging|max-associations)(?: .+)?",
        "no ntp {key}",
        default=r"ntp max-associations 100",
    ),
    # One host may be there by several transports, so that another one does not replace it.
    Rule(
        "logging host",
        r"logging host (?P<key>\S+(?: vrf \S+)?)(?: .+)?",
        single=True,
        owner=Owner.FAMILY,
        order=phases.SERVICE,
        undo_order=phases.SERVICE + 1,
        undo_first=True,
    ),
    # `no` would silence them, whatever they did before anybody set them.
    _usual(
        "logging level",
        r"logging (?P<key>console|monitor|trap)(?: .+)?",
        r"logging (?:(?:console|monitor)(?: debugging)?|trap(?: informational)?)",
        "default logging {key}",
    ),
    _usual("logging buffer", r"logging (?P<key>buffered)(?: .+)?", "", "default logging {key}"),
    one("logging source", r"logging source-interface [^ ]+(?P<key> vrf \S+|)"),
    one(
        "logging",
        r"logging (?P<key>facility|origin-id|history|rate-limit)(?: .+)?",
        "no logging {key}",
        default=r"logging (?:facility local7|history warnings)",
    ),
    one("alias", r"alias (?P<key>\S+ \S+) .+", "no alias {key}"),
    Rule(
        "archive",
        r"archive",
        owner=Owner.OBJECT,
        order=phases.SERVICE,
        undo_order=phases.SERVICE,
        opens="archive",
        how=How.SHELL,
    ),
    Rule(
        "control plane",
        r"control-plane",
        owner=Owner.OBJECT,
        order=phases.SERVICE,
        undo_order=phases.SERVICE,
        opens="control plane",
        how=How.SHELL,
    ),
)

INTERFACE_RULES = (
    Rule(
        "interface discovery",
        r"(?:no )?(?P<key>cdp enable|lldp transmit|lldp receive)",
        single=True,
        owner=Owner.OBJECT,
        order=40,
        undo_order=40,
        default=r"(?!no ).+",
    ),
)

ARCHIVE_RULES = (
    Rule("archive log", r"log config", order=10, undo_order=10, opens="archive log", how=How.SHELL),
    Rule("archive path", r"path .+", single=True, undo="no path", order=20, undo_order=40),
    Rule("archive maximum", r"maximum \d+", single=True, undo="no maximum", order=30, default=r"maximum 10"),
    Rule(
        "archive setting",
        r"(?P<key>write-memory|time-period|rollback filter adaptive)(?: .+)?",
        single=True,
        undo="no {key}",
        order=30,
        undo_order=20,
    ),
)
ARCHIVE_LOG_RULES = (
    # Without a log there is nothing to have a size.
    Rule("archive log on", r"logging enable", order=10, undo_order=40),
    Rule("archive log size", r"logging size \d+", single=True, undo="no logging size", default=r"logging size 100"),
    Rule(
        "archive log setting",
        r"(?P<key>notify syslog|hidekeys|logging persistent)(?: .+)?",
        single=True,
        undo="no {key}",
    ),
)
