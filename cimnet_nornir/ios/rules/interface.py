"""Interfaces and their layer-3 lines (IOS Interface, IP Addressing and IP Routing command references)."""

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.rules.model import How, Owner, Rule

TOP_RULES = (
    Rule(
        "interface",
        r"interface (?P<key>\S+.*)",
        order=phases.PHYSICAL,
        undo_order=phases.LOGICAL_UNDO,
        opens="interface",
        how=How.INTERFACE,
    ),
)

_ADDRESS = r"\d+\.\d+\.\d+\.\d+ \d+\.\d+\.\d+\.\d+"
_LEASED = r"dhcp(?: .+)?|negotiated"

INTERFACE_RULES = (
    # Shut before anything else changes, opened after everything else.
    Rule("interface shutdown", r"shutdown", order=1, undo_order=60),
    Rule("interface description", r"description .+", single=True, undo="no description", order=2, undo_order=2),
    # A primary address is replaced by typing the new one; no primary may go while there is a secondary.
    Rule("interface secondary", rf"ip address {_ADDRESS} secondary", order=28, undo_order=6),
    Rule("interface address", rf"ip address (?:{_ADDRESS}|{_LEASED})", single=True, order=26, undo_order=8),
    Rule("interface access-group", r"ip access-group \S+ (?P<key>in|out)", single=True, owner=Owner.OBJECT, order=30),
    Rule(
        "interface switch",
        r"(?:no )?(?P<key>ip route-cache)(?: .+)?",
        single=True,
        no_is_absent=True,
        owner=Owner.OBJECT,
        order=40,
        undo_order=40,
    ),
    Rule(
        "interface multicast",
        r"(?P<key>ip pim|ip igmp version)(?: .+)?",
        single=True,
        owner=Owner.OBJECT,
        order=40,
        undo_order=40,
    ),
)
