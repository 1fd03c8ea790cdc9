"""Rules over the two ends of a link; each is a function in the table at the end, the same from either end."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.network import Link, Network
from cimnet_nornir.domain.values import AccessMode, OspfInterface, PortConfiguration, RoutedInterface, TrunkMode
from cimnet_nornir.ios.findings import Finding, error, vlans_text, warning
from cimnet_nornir.ios.validate_devices import existing_vlans


@dataclass(frozen=True, slots=True)
class End:
    """One end of a link: a device, its port, and what the intent says of the port."""

    device: Device
    port: str

    @property
    def switched(self) -> PortConfiguration | None:
        return self.device.switch_ports.get(self.port)

    @property
    def routed(self) -> RoutedInterface | None:
        return self.device.interfaces.get(self.port)

    @property
    def trunk(self) -> TrunkMode | None:
        mode = self.switched.switching if self.switched else None
        return mode if isinstance(mode, TrunkMode) else None

    @property
    def access(self) -> AccessMode | None:
        mode = self.switched.switching if self.switched else None
        return mode if isinstance(mode, AccessMode) else None

    @property
    def ospf(self) -> OspfInterface | None:
        return self.routed.ospf if self.routed else None

    @property
    def configured(self) -> bool:
        return self.switched is not None or self.routed is not None or bool(self.tags)

    @property
    def enabled(self) -> bool:
        told = self.switched or self.routed
        return told is None or told.enabled

    @property
    def tags(self) -> dict[int, str]:
        """The sub-interfaces of the port by the VLAN they are tagged with."""
        names = [name for name in self.device.interfaces if name.startswith(f"{self.port}.")]
        return {int(name.rpartition(".")[2]): name for name in names}

    def __str__(self) -> str:
        return f"{self.device.name} {self.port}"


@dataclass(frozen=True, slots=True)
class LinkEnds:
    """The ends of a link, the one first from whose side it is looked at; findings are told there."""

    near: End
    far: End

    def error(self, message: str) -> Finding:
        return error(self.near.device.name, self.near.port, message)

    def warning(self, message: str) -> Finding:
        return warning(self.near.device.name, self.near.port, message)


LinkRule = Callable[[LinkEnds], Iterable[Finding]]


def link_ends(network: Network, link: Link, device: str) -> LinkEnds | None:
    """The ends of a link as seen from a device (its id); None where one of its devices is not there any more."""
    near, far = (link.a, link.b) if link.a[0] == device else (link.b, link.a)
    if near[0] not in network.devices or far[0] not in network.devices:
        return None
    return LinkEnds(End(network.devices[near[0]], near[1]), End(network.devices[far[0]], far[1]))


# --- both kinds -------------------------------------------------------------------------------------------------------


def both_ends_are_configured(ends: LinkEnds) -> Iterator[Finding]:
    for one, other in ((ends.near, ends.far), (ends.far, ends.near)):
        if one.configured and not other.configured:
            yield ends.warning(f"{one} is configured, and {other} at the other end of its link is not")


def both_ends_are_enabled(ends: LinkEnds) -> Iterator[Finding]:
    for one, other in ((ends.near, ends.far), (ends.far, ends.near)):
        if one.configured and other.configured and one.enabled and not other.enabled:
            yield ends.warning(f"{one} is enabled, and {other} at the other end is shut")


# --- switching --------------------------------------------------------------------------------------------------------


def a_trunk_meets_a_trunk(ends: LinkEnds) -> Iterator[Finding]:
    for one, other in ((ends.near, ends.far), (ends.far, ends.near)):
        if one.trunk and other.access:
            yield ends.error(f"{one} is a trunk, and {other} is an access port of VLAN {other.access.vlan}")


def native_vlans_are_the_same(ends: LinkEnds) -> Iterator[Finding]:
    near, far = ends.near.trunk, ends.far.trunk
    if near and far and near.native_vlan != far.native_vlan:
        yield ends.error(f"the native VLAN is {near.native_vlan}, and {far.native_vlan} on {ends.far}")


def access_vlans_are_the_same(ends: LinkEnds) -> Iterator[Finding]:
    near, far = ends.near.access, ends.far.access
    if near and far and near.vlan != far.vlan:
        yield ends.warning(f"the link joins VLAN {near.vlan} with VLAN {far.vlan} on {ends.far}")


def allowed_vlans_are_the_same(ends: LinkEnds) -> Iterator[Finding]:
    """Only VLANs that one of the switches has count: "all" and "all that there are" are the same."""
    near, far = ends.near, ends.far
    if not (near.trunk and far.trunk and near.switched and far.switched):
        return
    known = existing_vlans(near.device) | existing_vlans(far.device)
    differ = {vlan for vlan in known if _allows(near.trunk, vlan) != _allows(far.trunk, vlan)}
    if differ:
        here = vlans_text({vlan for vlan in differ if _allows(near.trunk, vlan)})
        there = vlans_text({vlan for vlan in differ if _allows(far.trunk, vlan)})
        parts = [f"{vlans} only on {end}" for vlans, end in ((here, near), (there, far)) if vlans]
        yield ends.warning(f"the allowed VLANs differ: {', '.join(parts)}")


def _allows(trunk: TrunkMode, vlan: int) -> bool:
    return trunk.allowed is None or vlan in trunk.allowed


def sub_interfaces_are_carried_by_the_switch(ends: LinkEnds) -> Iterator[Finding]:
    for one, other in ((ends.near, ends.far), (ends.far, ends.near)):
        if not one.tags or other.switched is None:
            continue
        for vlan, name in sorted(one.tags.items()):
            if other.trunk is None or not _allows(other.trunk, vlan) or vlan not in existing_vlans(other.device):
                yield ends.error(f"{one.device.name} {name} needs VLAN {vlan}, which {other} does not carry as a trunk")


def spanning_tree_modes_are_the_same(ends: LinkEnds) -> Iterator[Finding]:
    near, far = ends.near, ends.far
    modes = (near.device.spanning_tree.mode, far.device.spanning_tree.mode)
    if near.switched and far.switched and modes[0] != modes[1]:
        yield ends.warning(f"spanning tree runs as {modes[0]}, and as {modes[1]} on {far.device.name}")


def a_switch_behind_a_port_sends_bpdus(ends: LinkEnds) -> Iterator[Finding]:
    """BPDU guard shuts a port that hears a bridge ("Spanning Tree PortFast BPDU Guard Enhancement")."""
    if not (ends.near.switched and ends.far.switched):
        return
    for one, other in ((ends.near, ends.far), (ends.far, ends.near)):
        if one.switched and one.switched.bpduguard and other.enabled:
            yield ends.error(f"BPDU guard on {one} will shut it: {other} at the other end is a switch port")
        elif one.switched and one.switched.portfast:
            yield ends.warning(f"portfast on {one} skips the loop check, and {other} at the other end is a switch port")


# --- routing ----------------------------------------------------------------------------------------------------------


def routed_ends_share_a_subnet(ends: LinkEnds) -> Iterator[Finding]:
    if not (ends.near.routed and ends.far.routed):
        return
    near = {address.network for address in ends.near.routed.addresses}
    far = {address.network for address in ends.far.routed.addresses}
    if near and far and not near & far:
        here, there = (", ".join(str(network) for network in sorted(networks)) for networks in (near, far))
        yield ends.error(f"the ends are in different subnets: {here}, and {there} on {ends.far}")


def ospf_runs_at_both_ends(ends: LinkEnds) -> Iterator[Finding]:
    for one, other in ((ends.near, ends.far), (ends.far, ends.near)):
        if other.routed and one.ospf and not one.ospf.passive and (other.ospf is None or other.ospf.passive):
            state = "does not run it" if other.ospf is None else "is passive"
            yield ends.warning(f"OSPF on {one} finds no neighbour: {other} {state}")


def ospf_areas_are_the_same(ends: LinkEnds) -> Iterator[Finding]:
    near, far = ends.near.ospf, ends.far.ospf
    if near and far and not near.passive and not far.passive and near.area != far.area:
        yield ends.error(f"the OSPF area is {near.area}, and {far.area} on {ends.far}")


def ospf_network_types_are_the_same(ends: LinkEnds) -> Iterator[Finding]:
    near, far = ends.near.ospf, ends.far.ospf
    if near and far and not near.passive and not far.passive and near.point_to_point != far.point_to_point:
        kinds = ["point-to-point" if ospf.point_to_point else "broadcast" for ospf in (near, far)]
        yield ends.error(f"the OSPF network type is {kinds[0]}, and {kinds[1]} on {ends.far}")


LINK_RULES: tuple[LinkRule, ...] = (
    both_ends_are_configured,
    both_ends_are_enabled,
    a_trunk_meets_a_trunk,
    native_vlans_are_the_same,
    access_vlans_are_the_same,
    allowed_vlans_are_the_same,
    sub_interfaces_are_carried_by_the_switch,
    spanning_tree_modes_are_the_same,
    a_switch_behind_a_port_sends_bpdus,
    routed_ends_share_a_subnet,
    ospf_runs_at_both_ends,
    ospf_areas_are_the_same,
    ospf_network_types_are_the_same,
)
