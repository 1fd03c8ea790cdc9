"""The present intent as a definition file: what is loaded from it is what the network is."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from cimnet_nornir.definition.bundles import bond_fields, channel_fields
from cimnet_nornir.definition.dump_hosting import Entry, container_network_entry, vm_network_entry
from cimnet_nornir.definition.dump_protocols import bgp_fields, eigrp_fields, list_fields
from cimnet_nornir.definition.features import feature_fields
from cimnet_nornir.definition.yaml_text import resolve
from cimnet_nornir.domain.bundles import channel_number
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.features.model import InterfaceSetting, Setting
from cimnet_nornir.domain.interfaces import format_vlan_list, interface_sort_key, is_logical
from cimnet_nornir.domain.network import Link, Network
from cimnet_nornir.domain.values import (
    AccessMode,
    DeviceKind,
    HostInterfaceConfiguration,
    OspfInterface,
    OspfProcess,
    PortConfiguration,
    RoutedInterface,
    SpanningTree,
    StaticRoute,
    TrunkMode,
)

_PLAIN = re.compile(r"[A-Za-z0-9/.][A-Za-z0-9/._ -]*(?<! )")
# Texts to YAML 1.2 and truth values to 1.1: quoted, so that nobody has to know.
_OLD_TRUTH_VALUES = frozenset({"y", "n", "yes", "no", "on", "off"})
_SHARED = ("vendor", "platform", "site")
_LONGEST_RANGE = 1024
_LINE = 120

Value = object
Fields = Mapping[str, Value]


def dump_definition(network: Network) -> str:
    """The network as YAML: `load_definition` of it needs no command. Equal neighbours are folded into ranges."""
    devices = tuple(network.devices.values())
    defaults = _defaults(devices)
    catalogue = _catalogue(devices)
    lines = [f"network: {_scalar(network.name)}"]
    if defaults:
        lines.append(f"defaults: {_flow(defaults)}")
    lines += _section("vlans", (f"  {vlan}: {_flow(name)}" for vlan, name in catalogue.items()))
    lines += _section("devices", (line for device in devices for line in _device(device, defaults, catalogue)))
    names = {device.id: device.name for device in devices}
    lines += _section("links", (_link(link, names) for link in sorted(network.links)))
    containers = (container_network_entry(hosted, names) for hosted in network.container_networks.values())
    lines += _section("container_networks", (line for entry in containers for line in _hosted(entry)))
    machines = (vm_network_entry(hosted, names) for hosted in network.vm_networks.values())
    lines += _section("vm_networks", (line for entry in machines for line in _hosted(entry)))
    return "\n".join(lines) + "\n"


def _section(name: str, lines: Iterable[str]) -> list[str]:
    found = list(lines)
    return ["", f"{name}:", *found] if found else []


def _defaults(devices: tuple[Device, ...]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name in _SHARED:
        values = {getattr(device.details, name) for device in devices if not device.is_host or name == "site"}
        if len(values) == 1 and "" not in values:
            found[name] = values.pop()
    return found


def _catalogue(devices: Iterable[Device]) -> dict[int, str | None]:
    """Each VLAN by the name that most switches give it."""
    names: dict[int, Counter[str | None]] = {}
    for device in devices:
        for vlan, name in device.vlans.items():
            names.setdefault(vlan, Counter())[name] += 1
    return {vlan: names[vlan].most_common(1)[0][0] for vlan in sorted(names)}


def _device(device: Device, defaults: Fields, catalogue: Mapping[int, str | None]) -> Iterator[str]:
    yield f"  {_scalar(device.name)}:"
    yield from (f"    {name}: {_flow(value)}" for name, value in _device_fields(device, defaults, catalogue).items())
    interfaces = _interfaces(device)
    if interfaces:
        yield "    interfaces:"
        yield from (f"      {_scalar(name)}: {_flow(fields)}" for name, fields in interfaces)
    own = [item for item in device.features.values() if not isinstance(item, InterfaceSetting)]
    if own:
        yield "    features:"
        yield from nested(feature_fields(own), "      ")
    if device.routes:
        yield "    routes:"
        yield from (f"      - {_flow(_route(route))}" for route in device.routes)
    if device.bgp is not None:
        yield "    bgp:"
        yield from _block(bgp_fields(device.bgp), "      ")
    if device.access_lists:
        yield "    access_lists:"
        for acl in device.access_lists.values():
            yield f"      {_key(acl.name)}:"
            yield from _block(list_fields(acl), "        ")


def nested(fields: Fields, indent: str) -> Iterator[str]:
    """Fields a line each where they are short, else what is in them below."""
    for name, value in fields.items():
        line = f"{indent}{_key(name)}: {_flow(value)}"
        if len(line) <= _LINE or not isinstance(value, dict | list) or not value:
            yield line
            continue
        yield f"{indent}{_key(name)}:"
        if isinstance(value, dict):
            yield from nested(value, indent + "  ")
        else:
            yield from (f"{indent}  - {_flow(item)}" for item in value)


def _block(fields: Fields, indent: str) -> Iterator[str]:
    """Fields a line each, and lists of mappings an item a line."""
    for name, value in fields.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            yield f"{indent}{name}:"
            yield from (f"{indent}  - {_flow(item)}" for item in value)
        else:
            yield f"{indent}{name}: {_flow(value)}"


def _device_fields(device: Device, defaults: Fields, catalogue: Mapping[int, str | None]) -> Fields:
    details = device.details
    processes = [_process(process) for process in device.ospf.values()]
    eigrp = [eigrp_fields(process) for process in device.eigrp.values()]
    ports = list(device.ports) if device.is_host else fold_interfaces(device.ports)
    fields: dict[str, Value] = {
        "id": device.id if device.id != device.name else None,
        "kind": device.kind.value,
        **_origin(device, defaults),
        "model": details.model,
        "role": details.role,
        "management": str(details.management or ""),
        "bridges": details.bridges,
        "routing": (device.kind is not DeviceKind.ROUTER and device.routing) or None,
        "ports": ports[0] if len(ports) == 1 else ports,
        "vlans": _vlans(device, catalogue),
        "port_channels": channel_fields(device, fold_interfaces) or None,
        "bonds": bond_fields(device) or None,
        "spanning_tree": _spanning_tree(device.spanning_tree),
        "ospf": processes[0] if len(processes) == 1 else processes,
        "eigrp": eigrp[0] if len(eigrp) == 1 else eigrp,
    }
    return {name: value for name, value in fields.items() if value is not None and value not in ("", [], ())}


def _origin(device: Device, defaults: Fields) -> Fields:
    """Vendor, platform and site where they are not what is understood; a host runs NixOS, whatever the defaults say."""
    told = {name: getattr(device.details, name) for name in _SHARED}
    usual = {**defaults, "vendor": "nixos", "platform": "nixos"} if device.is_host else defaults
    if device.is_host and told["vendor"] != usual["vendor"]:
        usual = {name: value for name, value in usual.items() if name != "platform"}
    return {name: value for name, value in told.items() if name not in usual or value != usual[name]}


def _vlans(device: Device, catalogue: Mapping[int, str | None]) -> Value:
    if not device.switches or device.vlans == catalogue:
        return None
    if all(catalogue[vlan] == name for vlan, name in device.vlans.items()):
        return format_vlan_list(device.vlans) or "none"
    return dict(sorted(device.vlans.items()))


def _spanning_tree(tree: SpanningTree) -> Value:
    if tree == SpanningTree():
        return None
    by_priority: dict[int, list[int]] = {}
    for vlan, priority in tree.priorities.items():
        by_priority.setdefault(priority, []).append(vlan)
    priorities = {format_vlan_list(vlans): priority for priority, vlans in sorted(by_priority.items())}
    return {"mode": tree.mode, **({"priority": priorities} if priorities else {})}


def _process(process: OspfProcess) -> Fields:
    fields: dict[str, Value] = {"process": process.process}
    if process.router_id is not None:
        fields["router_id"] = str(process.router_id)
    if process.default_originate:
        fields["default_originate"] = True
    return fields if process.vrf is None else {**fields, "vrf": process.vrf}


def _route(route: StaticRoute) -> Fields:
    fields: dict[str, Value] = {"to": str(route.prefix), "via": str(route.next_hop)}
    if route.distance != 1:
        fields["distance"] = route.distance
    return fields if route.name is None else {**fields, "name": route.name}


def _link(link: Link, names: Mapping[str, str]) -> str:
    return f"  - {_flow([f'{names[device]} {port}' for device, port in (link.a, link.b)])}"


def _hosted(entry: Entry) -> Iterator[str]:
    name, fields, kind, members = entry
    yield f"  {_scalar(name)}:"
    yield from (f"    {key}: {_flow(value)}" for key, value in fields.items())
    if members:
        yield f"    {kind}:"
        yield from (f"      {_scalar(member)}: {_flow(told)}" for member, told in members.items())


# --- interfaces -------------------------------------------------------------------------------------------------------


def _interfaces(device: Device) -> list[tuple[str, Fields]]:
    entries: dict[str, Fields] = {name: _switch_port(port) for name, port in device.switch_ports.items()}
    for name, routed in device.interfaces.items():
        entries[name] = _routed(device, name, routed)
    for name, settings in _settings_of_interfaces(device).items():
        entries[name] = {**entries.get(name, {}), "features": feature_fields(settings)}
    ordered = sorted(entries, key=interface_sort_key)
    return [
        (names, fields)
        for fields, group in groupby(ordered, key=lambda name: entries[name])
        for names in (group if device.is_host else fold_interfaces(group))
    ]


def _settings_of_interfaces(device: Device) -> dict[str, list[Setting]]:
    found: dict[str, list[Setting]] = {}
    for setting in device.features.values():
        if isinstance(setting, InterfaceSetting):
            found.setdefault(setting.interface, []).append(setting)
    return found


def _switch_port(port: PortConfiguration) -> Fields:
    fields: dict[str, Value] = {} if port.description is None else {"description": port.description}
    match port.switching:
        case AccessMode(vlan=vlan):
            fields |= {"mode": "access", "vlan": vlan}
        case TrunkMode(native_vlan=native, allowed=allowed):
            fields |= {"mode": "trunk", **({"native": native} if native != 1 else {})}
            if allowed is not None:
                fields["allowed"] = format_vlan_list(allowed) or "none"
        case None:
            pass
    flags = (("portfast", port.portfast), ("bpduguard", port.bpduguard))
    return {**fields, **{name: True for name, said in flags if said}, **_enabled(enabled=port.enabled)}


def _routed(device: Device, name: str, routed: RoutedInterface) -> Fields:
    fields: dict[str, Value] = {} if routed.description is None else {"description": routed.description}
    addresses = [str(address) for address in routed.addresses]
    if len(addresses) > 1:
        fields["addresses"] = addresses
    elif addresses:
        fields["address"] = addresses[0]
    elif device.switches and (not is_logical(name) or channel_number(name) in device.port_channels):
        fields["mode"] = "routed"
    if isinstance(routed, HostInterfaceConfiguration):
        fields |= {} if routed.gateway is None else {"gateway": str(routed.gateway)}
        fields |= {} if routed.mtu is None else {"mtu": routed.mtu}
    if routed.ospf is not None:
        fields["ospf"] = _ospf(routed.ospf, several=len(device.ospf) > 1)
    groups = {"access_group_in": routed.access_group_in, "access_group_out": routed.access_group_out}
    fields |= {name: _list_name(acl) for name, acl in groups.items() if acl is not None}
    return {**fields, **_enabled(enabled=routed.enabled)}


def _list_name(name: str) -> Value:
    return int(name) if name.isdecimal() else name


def _ospf(ospf: OspfInterface, *, several: bool) -> Fields:
    return {
        **({"process": ospf.process} if several else {}),
        "area": ospf.area,
        **({"cost": ospf.cost} if ospf.cost is not None else {}),
        **({"passive": True} if ospf.passive else {}),
        **({"network": "point-to-point"} if ospf.point_to_point else {}),
    }


def _enabled(*, enabled: bool) -> Fields:
    return {} if enabled else {"enabled": False}


def fold_interfaces(names: Iterable[str]) -> list[str]:
    """Runs of neighbouring names as ranges, as `expand_interfaces` reads them: Gi0/1, Gi0/2 give "Gi0/1-2"."""
    runs: list[tuple[str, int, int]] = []
    for name in names:
        stem = name.rstrip("0123456789")
        number = int(name[len(stem) :])
        if runs and runs[-1][0] == stem and runs[-1][2] == number - 1 and number - runs[-1][1] < _LONGEST_RANGE:
            runs[-1] = (stem, runs[-1][1], number)
        else:
            runs.append((stem, number, number))
    return [f"{stem}{first}" if first == last else f"{stem}{first}-{last}" for stem, first, last in runs]


# --- text -------------------------------------------------------------------------------------------------------------


def _flow(value: Value) -> str:
    match value:
        case dict():
            return "{" + ", ".join(f"{_key(key)}: {_flow(item)}" for key, item in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(_flow(item) for item in value) + "]"
        case str():
            return _scalar(value)
        case _:
            return json.dumps(value)


def _key(key: object) -> str:
    text = str(key)
    return text if text.isdecimal() else _scalar(text)


def _scalar(text: str) -> str:
    plain = _PLAIN.fullmatch(text) and isinstance(resolve(text), str) and text.lower() not in _OLD_TRUTH_VALUES
    return text if plain else json.dumps(text, ensure_ascii=False)
