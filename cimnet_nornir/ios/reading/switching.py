"""The base of a switch: VLANs, spanning tree, ports and port-channels."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError

from cimnet_nornir.domain.bundles import channel_name, channel_number
from cimnet_nornir.domain.features.switching import ChannelGroup
from cimnet_nornir.domain.interfaces import is_interface, is_logical
from cimnet_nornir.domain.values import (
    AccessMode,
    CreatableVlanId,
    Description,
    PortChannel,
    PortChannelMode,
    PortConfiguration,
    SpanningTree,
    TrunkMode,
    VlanName,
)
from cimnet_nornir.ios.reading.draft import Draft
from cimnet_nornir.ios.reading.said import Said
from cimnet_nornir.ios.rules.table import rule_for
from cimnet_nornir.ios.tree import Config, sections

_VLAN_ID: TypeAdapter[int] = TypeAdapter(CreatableVlanId)
_VLAN_NAME: TypeAdapter[str] = TypeAdapter(VlanName)
_DESCRIPTION: TypeAdapter[str] = TypeAdapter(Description)
_ACCESS: TypeAdapter[AccessMode] = TypeAdapter(AccessMode)
_TRUNK: TypeAdapter[TrunkMode] = TypeAdapter(TrunkMode)
_CHANNEL: TypeAdapter[PortChannel] = TypeAdapter(PortChannel)


def read(config: Config, draft: Draft) -> None:
    """Take in the base of a switch, and of a router the members of its port-channels."""
    ports = {name: said for name, said in interfaces(config) if is_interface(name)}
    if draft.device.switches:
        _vlans(config, draft)
        _spanning_tree(config, draft)
        for name, said in ports.items():
            _port(name, said, draft, routed_parts=any(other.startswith(f"{name}.") for other in ports))
    _channels(ports, draft)


def interfaces(config: Config) -> Iterator[tuple[str, Said]]:
    """Each interface of a configuration with its lines."""
    for node in sections(config, "interface "):
        yield node.text.removeprefix("interface "), Said.of(node.children)


def fitting(kind: TypeAdapter[Any], value: object) -> Any:
    """The value as its type has it; None where it does not fit."""
    try:
        return kind.validate_python(value)
    except ValidationError:
        return None


def _vlans(config: Config, draft: Draft) -> None:
    for node in sections(config, "vlan "):
        number = node.text.removeprefix("vlan ")
        vlan = fitting(_VLAN_ID, int(number)) if number.isdecimal() else None
        if vlan is not None:
            draft.device.vlans[vlan] = fitting(_VLAN_NAME, Said.of(node.children).after("name"))


def _spanning_tree(config: Config, draft: Draft) -> None:
    said = Said.of(config.nodes)
    priorities = (line.split(" priority ") for line in said.each("spanning-tree vlan") if " priority " in line)
    fields = {
        "mode": said.after("spanning-tree mode") or "pvst",
        "priorities": {vlan: int(priority) for vlan, priority in priorities},
    }
    draft.device.spanning_tree = fitting(TypeAdapter(SpanningTree), fields) or SpanningTree()


# --- ports ------------------------------------------------------------------------------------------------------------


def _port(name: str, said: Said, draft: Draft, *, routed_parts: bool) -> None:
    """A port or port-channel that switches; one with an address or sub-interfaces does not."""
    device, physical = draft.device, not is_logical(name)
    if physical and name not in device.ports:
        device.ports = (*device.ports, name)
    if not physical and (not name.startswith("Port-channel") or "." in name):
        return
    # An address that a port which switches has all the same is of no use; it is adopted.
    addressed = said.begins("ip address") and not said.begins("switchport")
    if name in device.interfaces or routed_parts or said.has("no switchport") or addressed:
        return
    device.switch_ports[name] = port_configuration(said, frozenset(device.vlans))


def port_configuration(said: Said, vlans: frozenset[int]) -> PortConfiguration:
    """What the base can say of a port; a VLAN that the switch does not have itself is told as a setting."""
    switching = _switching(said, vlans)
    kind = " trunk" if isinstance(switching, TrunkMode) else ""
    return PortConfiguration(
        description=fitting(_DESCRIPTION, said.after("description")),
        enabled=not said.has("shutdown"),
        switching=switching,
        portfast=said.has(f"spanning-tree portfast{kind}", f"spanning-tree portfast edge{kind}"),
        bpduguard=said.has("spanning-tree bpduguard enable"),
    )


def _switching(said: Said, vlans: frozenset[int]) -> AccessMode | TrunkMode | None:
    if said.has("switchport mode access"):
        access: AccessMode | None = fitting(_ACCESS, {"vlan": _number(said.after("switchport access vlan"))})
        return access if access is not None and access.vlan in {1, *vlans} else None
    if said.has("switchport mode trunk"):
        fields = {"native_vlan": _number(said.after("switchport trunk native vlan"))}
        allowed = said.after("switchport trunk allowed vlan")
        trunk: TrunkMode | None = fitting(_TRUNK, {**fields, **({} if allowed is None else {"allowed": allowed})})
        return trunk if trunk is not None and trunk.native_vlan in {1, *vlans} else None
    return None


def _number(text: str | None) -> object:
    """The number of a VLAN, 1 where none is told."""
    if text is None:
        return 1
    return int(text) if text.isdecimal() else text


# --- port-channels ----------------------------------------------------------------------------------------------------


def _channels(ports: dict[str, Said], draft: Draft) -> None:
    """Members that do what their port-channel does, by one mode, are its members; others are told one by one."""
    groups: dict[int, dict[str, tuple[str | None, bool]]] = {}
    for name, said in ports.items():
        found = said.after("channel-group")
        if found is not None:
            line = f"channel-group {found}"
            told = rule_for("interface", line).groups(line)
            members = groups.setdefault(int(told.get("group") or 0), {})
            members[name] = (told.get("mode"), line.endswith(" non-silent"))
    for number, members in groups.items():
        plain = _plain_members(number, members, ports, draft)
        for name, (mode, non_silent) in members.items():
            if name not in plain:
                draft.add(ChannelGroup, interface=name, number=number, mode=mode, non_silent=non_silent)
    for name in [name for name in draft.device.switch_ports if channel_number(name) is not None]:
        if channel_number(name) not in draft.device.port_channels:
            # The base knows a port-channel by its members.
            del draft.device.switch_ports[name]


def _plain_members(
    number: int, members: dict[str, tuple[str | None, bool]], ports: dict[str, Said], draft: Draft
) -> tuple[str, ...]:
    """The members that the base can say; they are taken in as those of the port-channel."""
    bundle = channel_name(number)
    if bundle not in ports or not draft.device.switches:
        return ()
    alike = {
        name: f"{mode} non-silent" if non_silent else str(mode)
        for name, (mode, non_silent) in members.items()
        if mode in get_args(PortChannelMode) and _does_as(name, bundle, ports, draft)
    }
    mode = Counter(alike.values()).most_common(1)[0][0] if alike else None
    plain = tuple(name for name in alike if alike[name] == mode)
    channel = fitting(_CHANNEL, {"mode": mode, "members": plain}) if plain else None
    if channel is None:
        return ()
    draft.device.port_channels[number] = channel
    for name in plain:
        _be_member(name, ports[name], draft)
    return plain


def _does_as(name: str, bundle: str, ports: dict[str, Said], draft: Draft) -> bool:
    """Whether a port does what its port-channel does, besides what it is called."""
    routed = (ports[name].has("no switchport"), ports[bundle].has("no switchport"))
    if any(routed):
        return all(routed) and not ports[name].begins("ip address")
    switch_ports = draft.device.switch_ports
    if name not in switch_ports or bundle not in switch_ports:
        return False
    nameless = {"description": None}
    return switch_ports[name].model_copy(update=nameless) == switch_ports[bundle].model_copy(update=nameless)


def _be_member(name: str, said: Said, draft: Draft) -> None:
    """A member says no more of itself than its description, and whether it is shut."""
    draft.device.interfaces.pop(name, None)
    draft.device.switch_ports[name] = PortConfiguration(
        description=fitting(_DESCRIPTION, said.after("description")), enabled=not said.has("shutdown")
    )
