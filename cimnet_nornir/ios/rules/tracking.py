"""IP SLA and object tracking (IOS IP SLAs and Network Management command references)."""

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.rules.model import How, Owner, Rule

_PROBE = phases.TRACKED
_TRACK = phases.TRACKED + 1

TOP_RULES = (
    # "Entry already running and cannot be modified (only can delete (no) and start over)": with it goes what names it.
    Rule(
        "ip sla",
        r"ip sla (?P<key>\d+)",
        single=True,
        owner=Owner.OBJECT,
        order=_PROBE,
        undo_order=phases.TRACKED_UNDO + 1,
        opens="ip sla",
        how=How.REMADE,
        clears=r"ip sla (?:schedule|reaction-configuration) {key}(?: .+)?",
        hazard="no ip sla {key}: it does not measure until it is there again, and what tracks it is down",
    ),
    Rule(
        "ip sla schedule",
        r"ip sla schedule (?P<key>\d+)(?: .+)?",
        single=True,
        undo="no ip sla schedule {key}",
        undo_first=True,
        owner=Owner.OBJECT,
        order=_PROBE,
        undo_order=phases.TRACKED_UNDO,
    ),
    # Nobody's intent has these yet: they are typed again where a probe is made anew.
    Rule(
        "ip sla reaction",
        r"ip sla reaction-configuration (?P<key>\d+ react \S+)(?: .+)?",
        single=True,
        undo="no ip sla reaction-configuration {key}",
        owner=Owner.OBJECT,
        order=_TRACK + 1,
        undo_order=phases.TRACKED_UNDO,
    ),
    Rule(
        "track",
        r"track (?P<key>\d+) .+",
        single=True,
        undo="no track {key}",
        undo_first=True,
        owner=Owner.OBJECT,
        order=_TRACK,
        undo_order=phases.TRACKED_UNDO,
        opens="track",
        hazard="no track {key}: what rests on it takes it for down",
    ),
)

# All that stands in a probe is part of it: the entry is made as a whole.
PROBE_RULES = (
    Rule("probe type", r"(?P<key>icmp-echo|icmp-jitter|udp-echo|udp-jitter|tcp-connect) .+", single=True, order=1),
    Rule(
        "probe detail",
        r"(?P<key>\S+) .+",
        single=True,
        order=10,
        default=r"frequency 60|timeout 5000|threshold 5000|tos 0",
    ),
)

TRACK_RULES = (
    Rule("track vrf", r"ip vrf \S+", single=True, undo="no ip vrf", order=1),
    Rule("track object", r"object (?P<key>\d+)(?: .+)?", single=True, undo="no object {key}", order=10, undo_order=20),
    Rule("track threshold", r"threshold .+", single=True, order=15),
    Rule("track state", r"default-state \S+", single=True, undo="no default-state", order=20),
    Rule("track delay", r"delay (?P<key>up|down) \d+", single=True, order=30),
)
