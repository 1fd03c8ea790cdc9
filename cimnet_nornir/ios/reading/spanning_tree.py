"""Spanning tree besides its mode and its priorities, of a switch and of its ports."""

import re

from cimnet_nornir.domain.features.spanning_tree import Mst, PortSpanningTree, SpanningTreeOptions, SpanningTreeTimers
from cimnet_nornir.domain.values import PortConfiguration
from cimnet_nornir.ios.reading.draft import Draft
from cimnet_nornir.ios.reading.said import Said
from cimnet_nornir.ios.reading.switch_settings import number, switches, told
from cimnet_nornir.ios.reading.switching import interfaces
from cimnet_nornir.ios.tree import Config, find

_TIMERS = {"hello-time": "hello_time", "forward-time": "forward_time", "max-age": "max_age", "max-hops": "max_hops"}
_EACH = re.compile(r"spanning-tree (?P<of>vlan|mst) (?P<number>\d+) (?P<what>cost|port-priority) (?P<value>\d+)")
_FIELDS = {
    ("vlan", "cost"): "vlan_costs",
    ("vlan", "port-priority"): "vlan_priorities",
    ("mst", "cost"): "instance_costs",
    ("mst", "port-priority"): "instance_priorities",
}


def read(config: Config, draft: Draft) -> None:
    """Take in spanning tree; a router has none."""
    if not draft.device.switches:
        return
    said = Said.of(config.nodes)
    options = {name: value for name, value in _options(said).items() if value}
    unguarded = said.has("no spanning-tree etherchannel guard misconfig")
    if options or unguarded:
        draft.add(SpanningTreeOptions, misconfiguration_guard=not unguarded, **options)
    _timers(said, draft)
    region = find(config, ("spanning-tree mst configuration",))
    told(draft, Mst, _mst(said, Said.of(region.children if region else ())))
    for name, lines in interfaces(config):
        if switches(draft, name):
            told(draft, PortSpanningTree, _port(lines, draft.device.switch_ports[name]), interface=name)


def _options(said: Said) -> dict[str, object]:
    return {
        "extend_system_id": said.has("spanning-tree extend system-id"),
        "loopguard_default": said.has("spanning-tree loopguard default"),
        "long_path_costs": said.has("spanning-tree pathcost method long"),
        "uplinkfast": said.has("spanning-tree uplinkfast"),
        "backbonefast": said.has("spanning-tree backbonefast"),
        "logging": said.has("spanning-tree logging"),
        "hold_count": number(said.after("spanning-tree transmit hold-count")),
        "off": said.after("no spanning-tree vlan"),
        **{
            f"{name}_default": said.has(*(f"spanning-tree portfast {edge}{words}default" for edge in ("", "edge ")))
            for name, words in (("portfast", ""), ("bpduguard", "bpduguard "), ("bpdufilter", "bpdufilter "))
        },
    }


def _timers(said: Said, draft: Draft) -> None:
    of_vlans: dict[int, dict[str, int]] = {}
    for line in said.each("spanning-tree vlan"):
        vlan, what, value = (*line.split(" "), "", "")[:3]
        if what in _TIMERS and vlan.isdecimal() and value.isdecimal():
            of_vlans.setdefault(int(vlan), {})[_TIMERS[what]] = int(value)
    for number_, fields in of_vlans.items():
        draft.add(SpanningTreeTimers, vlan=number_, **fields)


def _mst(said: Said, region: Said) -> dict[str, object]:
    instances = dict(line.split(" vlan ") for line in region.each("instance") if " vlan " in line)
    told_instances = [line.split(" priority ") for line in said.each("spanning-tree mst") if " priority " in line]
    return {
        "name": region.after("name"),
        "revision": number(region.after("revision")),
        "instances": instances or None,
        "priorities": {instance: int(priority) for instance, priority in told_instances} or None,
        **{field: number(said.after(f"spanning-tree mst {what}")) for what, field in _TIMERS.items()},
    }


def _port(lines: Said, base: PortConfiguration) -> dict[str, object]:
    fields: dict[str, object] = {
        "portfast": None if base.portfast else _portfast(lines),
        "bpduguard_disabled": lines.has("spanning-tree bpduguard disable"),
        "bpdufilter": lines.after("spanning-tree bpdufilter"),
        "guard": lines.after("spanning-tree guard"),
        "link_type": lines.after("spanning-tree link-type"),
        "cost": number(lines.after("spanning-tree cost")),
        "port_priority": number(lines.after("spanning-tree port-priority")),
    }
    for line in lines.lines:
        if match := _EACH.fullmatch(line):
            of = fields.setdefault(_FIELDS[match["of"], match["what"]], {})
            if isinstance(of, dict):
                of[int(match["number"])] = int(match["value"])
    return fields


def _portfast(lines: Said) -> str | None:
    if lines.has("spanning-tree portfast", "spanning-tree portfast edge"):
        return "edge"
    kind = lines.after("spanning-tree portfast")
    return kind.removeprefix("edge ") if kind else None
