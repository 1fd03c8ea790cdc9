"""OSPF for IPv6 as a configuration tells it, in either form."""

import re
from typing import Final

from cimnet_nornir.domain.features.ospfv3 import Ipv6OspfInterface, Ipv6OspfProcess, Ospfv3Interface, Ospfv3Process
from cimnet_nornir.ios.reading.draft import Draft
from cimnet_nornir.ios.reading.processes import Fields, options, redistributed, silence, without_nothing
from cimnet_nornir.ios.reading.said import Said
from cimnet_nornir.ios.tree import Config, sections

_PROCESS: Final = re.compile(r"(?P<form>router ospfv3|ipv6 router ospf) (?P<number>\d+)")
_JOINS: Final = re.compile(r"(?:ipv6 ospf (?P<old>\d+)|ospfv3 (?P<new>\d+) ipv6) area (?P<area>\d+)")
_KIND: Final = re.compile(r"(?P<area>\d+) (?P<kind>stub|nssa)(?P<no_summary> no-summary)?")
_COST: Final = re.compile(r"(?P<area>\d+) default-cost (?P<cost>\d+)")
_FAMILY: Final = "address-family ipv6"
_OF_INTERFACE: Final = ("cost", "network", "priority", "hello-interval", "dead-interval")


def read(config: Config, draft: Draft) -> None:
    """Take in processes and the interfaces that take part."""
    for node in config.nodes:
        match = _PROCESS.fullmatch(node.text)
        if match is not None:
            family = [child for below in node.children if below.text == _FAMILY for child in below.children]
            own = Said.of(child for child in node.children if child.text != _FAMILY)
            inside = Said.of(family) if match["form"] == "router ospfv3" else own
            kind = Ospfv3Process if match["form"] == "router ospfv3" else Ipv6OspfProcess
            draft.add(kind, process=match["number"], **_process(own, inside))
    for node in sections(config, "interface "):
        _interface(node.text.removeprefix("interface "), Said.of(node.children), draft)


def _process(own: Said, inside: Said) -> Fields:
    fields: Fields = {
        "router_id": own.after("router-id"),
        "reference_bandwidth": own.after("auto-cost reference-bandwidth"),
        "areas": _areas(own),
        "redistribution": tuple({"source": source, **more} for source, more in redistributed(inside)),
        "default_route": {} if inside.has(_ORIGINATE) else options(inside.after(_ORIGINATE)),
        "maximum_paths": inside.after("maximum-paths"),
        "distance": inside.after("distance"),
        **silence(inside),
    }
    return without_nothing(fields)


_ORIGINATE: Final = "default-information originate"


def _areas(said: Said) -> tuple[Fields, ...]:
    lines = said.each("area")
    costs = {match["area"]: match["cost"] for line in lines if (match := _COST.fullmatch(line))}
    return tuple(
        {
            "area": match["area"],
            "kind": match["kind"],
            "no_summary": match["no_summary"] is not None,
            "default_cost": costs.get(match["area"]),
        }
        for line in lines
        if (match := _KIND.fullmatch(line))
    )


def _interface(name: str, said: Said, draft: Draft) -> None:
    match = next((match for line in said.lines if (match := _JOINS.fullmatch(line))), None)
    if match is None:
        return
    word, kind = ("ipv6 ospf", Ipv6OspfInterface) if match["old"] else ("ospfv3", Ospfv3Interface)
    told = {how.replace("-", "_"): said.after(f"{word} {how}") for how in _OF_INTERFACE}
    fields = without_nothing({**told, "mtu_ignore": said.has(f"{word} mtu-ignore")})
    draft.add(kind, interface=name, process=match["old"] or match["new"], area=match["area"], **fields)
