"""Rules of audit about routing protocols: whom they believe, and how much."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import AddressValueError, IPv4Address

from cimnet_nornir.ios.audit.rules import AnyAuditRule, Problem, audit_rule
from cimnet_nornir.ios.audit.view import AuditedConfiguration, Section

_NEIGHBOUR = re.compile(
    r"neighbor (?P<name>\S+) (?P<what>remote-as|peer-group|password|maximum-prefix)(?: (?P<value>.+))?"
)
_NETWORK = re.compile(r"network (?P<address>\S+) (?P<wildcard>\S+) area (?P<area>\S+)")
_ADDRESS = re.compile(r"ip address (?P<address>\d\S+) (?P<mask>\S+)")
_ON_INTERFACE = re.compile(r"ip ospf (?P<process>\d+) area (?P<area>\S+).*")


@dataclass(slots=True)
class _Neighbour:
    """A BGP neighbour or peer group: what is said of it, by the word that says it."""

    said: dict[str, str] = field(default_factory=dict)

    @property
    def group(self) -> str:
        return self.said.get("peer-group", "")


def _neighbours(router: Section) -> dict[str, _Neighbour]:
    """What is said of each neighbour, at the top of the process and in its families."""
    found: dict[str, _Neighbour] = {}
    for section in (router, *router.sections("address-family .+")):
        for line in section.lines(r"neighbor .+"):
            match = _NEIGHBOUR.fullmatch(line)
            if match is not None:
                found.setdefault(match["name"], _Neighbour()).said[match["what"]] = match["value"] or ""
    return found


def _peers(router: Section) -> Iterator[tuple[str, dict[str, str]]]:
    """Each neighbour that a session is held with, and what counts for it, that of its group included."""
    known = _neighbours(router)
    for name, neighbour in known.items():
        group = known.get(neighbour.group, _Neighbour())
        said = {**group.said, **neighbour.said}
        # A peer group has no value beside its name, and no session.
        is_group = "peer-group" in neighbour.said and not neighbour.group
        if "remote-as" in said and not is_group:
            yield name, said


@audit_rule(
    "bgp-password",
    "error",
    "A BGP session is not authenticated.",
    reason="whoever can send packets to it can break it, or hold it himself",
    source="IOS hardening guide: BGP Peer Authentication with MD5",
)
def bgp_password(configuration: AuditedConfiguration) -> Iterator[Problem]:
    """Neighbours without a password, be it their own or their group's."""
    for router in configuration.sections(r"router bgp .+"):
        for name, said in _peers(router):
            if "password" not in said:
                yield Problem(router, "", f"that with {name}", (f"neighbor {name} password PASSWORD",))


@audit_rule(
    "bgp-maximum-prefix",
    "warning",
    "A neighbour of another AS may send any number of prefixes.",
    reason="a mistake over there fills the memory here",
    source="IOS hardening guide: Configure Maximum Prefixes",
)
def bgp_maximum_prefix(configuration: AuditedConfiguration) -> Iterator[Problem]:
    """External neighbours without a limit, be it their own or their group's."""
    for router in configuration.sections(r"router bgp .+"):
        own = router.header.removeprefix("router bgp ")
        for name, said in _peers(router):
            if said["remote-as"] not in (own, "internal") and "maximum-prefix" not in said:
                yield Problem(router, "", name, (f"neighbor {name} maximum-prefix 1000",))


@audit_rule(
    "ospf-authentication",
    "warning",
    "OSPF speaks with whoever is on the subnet.",
    reason="whoever joins in leads traffic where he wants it",
    source="IOS hardening guide: Routing Protocol Authentication and Verification with MD5",
)
def ospf_authentication(configuration: AuditedConfiguration) -> Iterator[Problem]:
    """Interfaces that look for neighbours, and authenticate them neither themselves nor by their area."""
    for router in configuration.sections(r"router ospf .+"):
        process = router.header.split(" ")[2]
        for interface in configuration.sections(r"interface (?!Loopback).+"):
            area = _area_of(interface, process, router)
            if area is None or _passive(interface, router) or interface.has(r"ip ospf authentication( .*)?"):
                continue
            if not router.has(rf"area {re.escape(area)} authentication.*"):
                mend = ("ip ospf authentication message-digest", "ip ospf message-digest-key 1 md5 KEY")
                yield Problem(interface, mend=mend)


def _area_of(interface: Section, process: str, router: Section) -> str | None:
    """The area by which an interface takes part in a process; None where it does not."""
    for line in interface.lines(r"ip ospf \d+ area .+"):
        match = _ON_INTERFACE.fullmatch(line)
        if match is not None and match["process"] == process:
            return match["area"]
    address = next(filter(None, map(_ADDRESS.fullmatch, interface.lines(r"ip address .+"))), None)
    return _area_by_network(address["address"], router) if address else None


def _area_by_network(address: str, router: Section) -> str | None:
    for line in router.lines(r"network .+"):
        match = _NETWORK.fullmatch(line)
        if match is not None and _covers(match["address"], match["wildcard"], address):
            return match["area"]
    return None


def _covers(network: str, wildcard: str, address: str) -> bool:
    try:
        base, free, wanted = (int(IPv4Address(text)) for text in (network, wildcard, address))
    except AddressValueError:
        return False
    return (base ^ wanted) & ~free == 0


def _passive(interface: Section, router: Section) -> bool:
    name = interface.header.removeprefix("interface ")
    if router.has("passive-interface default"):
        return not router.has(f"no passive-interface {re.escape(name)}")
    return router.has(f"passive-interface {re.escape(name)}")


ROUTING_RULES: tuple[AnyAuditRule, ...] = (bgp_password, bgp_maximum_prefix, ospf_authentication)
