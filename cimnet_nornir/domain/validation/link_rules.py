"""Rules over the two ends of a link."""

from collections.abc import Iterator

from cimnet_nornir.domain.validation.findings import Problem, Severity, vlans_text
from cimnet_nornir.domain.validation.ports import allows, existing_vlans
from cimnet_nornir.domain.validation.rules import AnyRule, link_rule
from cimnet_nornir.domain.validation.view import End, LinkEnds

# --- both kinds -------------------------------------------------------------------------------------------------------


@link_rule("link-end-unconfigured", "warning", "One end of a link is configured and the other is not.")
def link_end_unconfigured(ends: LinkEnds) -> Iterator[Problem]:
    for one, other in ends.both_ways:
        # What the card of a server is to do is not said here.
        if one.configured and not other.configured and not other.device.is_host:
            message = f"{one} is configured, and {other} at the other end of its link is not"
            yield _at(one, other, message, f"configure {other}, or unplug the link")


@link_rule("link-end-shut", "warning", "One end of a link is enabled and the other is shut.")
def link_end_shut(ends: LinkEnds) -> Iterator[Problem]:
    for one, other in ends.both_ways:
        if one.configured and other.configured and one.enabled and not other.enabled:
            message = f"{one} is enabled, and {other} at the other end is shut"
            yield _at(other, one, message, f"enable {other}, or shut {one} too")


# --- switching --------------------------------------------------------------------------------------------------------


@link_rule("trunk-meets-access", "error", "A trunk and an access port stand at the two ends of a link.")
def trunk_meets_access(ends: LinkEnds) -> Iterator[Problem]:
    for one, other in ends.both_ways:
        if one.trunk and other.access:
            message = f"{one} is a trunk, and {other} is an access port of VLAN {other.access.vlan}"
            yield _at(ends.near, ends.far, message, "make both a trunk, or both an access port of one VLAN")


@link_rule("native-vlan-mismatch", "error", "The native VLAN differs between the two ends of a trunk.")
def native_vlan_mismatch(ends: LinkEnds) -> Iterator[Problem]:
    near, far = ends.near.trunk, ends.far.trunk
    if near and far and near.native_vlan != far.native_vlan:
        message = f"the native VLAN is {near.native_vlan}, and {far.native_vlan} on {ends.far}"
        yield _at(ends.near, ends.far, message, "the same native VLAN at both ends")


@link_rule("access-vlan-mismatch", "warning", "A link joins access ports of two VLANs.")
def access_vlan_mismatch(ends: LinkEnds) -> Iterator[Problem]:
    near, far = ends.near.access, ends.far.access
    if near and far and near.vlan != far.vlan:
        message = f"the link joins VLAN {near.vlan} with VLAN {far.vlan} on {ends.far}"
        yield _at(ends.near, ends.far, message, "the same VLAN at both ends, or a trunk")


@link_rule("allowed-vlans-mismatch", "warning", "The two ends of a trunk allow different VLANs.")
def allowed_vlans_mismatch(ends: LinkEnds) -> Iterator[Problem]:
    """Only VLANs that one of the switches has count: "all" and "all that there are" are the same."""
    near, far = ends.near.trunk, ends.far.trunk
    # Every trunk of a template is one object or equal: most links need no look at their VLANs.
    if not (near and far) or near.allowed == far.allowed:
        return
    known = existing_vlans(ends.near.device) | existing_vlans(ends.far.device)
    differ = {vlan for vlan in known if allows(near, vlan) != allows(far, vlan)}
    if differ:
        here = vlans_text({vlan for vlan in differ if allows(near, vlan)})
        there = vlans_text({vlan for vlan in differ if allows(far, vlan)})
        parts = [f"{vlans} only on {end}" for vlans, end in ((here, ends.near), (there, ends.far)) if vlans]
        yield _at(
            ends.near, ends.far, f"the allowed VLANs differ: {', '.join(parts)}", "the same allowed VLANs at both ends"
        )


@link_rule("sub-interface-not-carried", "error", "The switch behind a sub-interface does not carry its VLAN.")
def sub_interface_not_carried(ends: LinkEnds) -> Iterator[Problem]:
    for one, other in ends.both_ways:
        if other.switched is None or not (tags := one.tags):
            continue
        for vlan, name in sorted(tags.items()):
            if other.trunk is None or not allows(other.trunk, vlan) or vlan not in existing_vlans(other.device):
                message = f"{one.device.name} {name} needs VLAN {vlan}, which {other} does not carry as a trunk"
                right = f"make {other} a trunk that allows VLAN {vlan}, and create it there"
                yield Problem(one.device.name, name, message, right, others=(other.device.name,))


@link_rule("spanning-tree-mode", "warning", "Spanning tree runs in two modes at the two ends of a link.")
def spanning_tree_mode(ends: LinkEnds) -> Iterator[Problem]:
    near, far = ends.near, ends.far
    modes = (near.device.spanning_tree.mode, far.device.spanning_tree.mode)
    if near.switched and far.switched and modes[0] != modes[1]:
        message = f"spanning tree runs as {modes[0]}, and as {modes[1]} on {far.device.name}"
        yield _at(near, far, message, "one mode on all switches of a VLAN; rapid-pvst converges fastest")


@link_rule("bpdu-guard", "error", "BPDU guard or portfast is set on a port that leads to a switch.")
def bpdu_guard(ends: LinkEnds) -> Iterator[Problem]:
    """BPDU guard shuts a port that hears a bridge ("Spanning Tree PortFast BPDU Guard Enhancement")."""
    if not (ends.near.switched and ends.far.switched):
        return
    for one, other in ends.both_ways:
        if one.switched and one.switched.bpduguard and other.enabled:
            message = f"BPDU guard on {one} will shut it: {other} at the other end is a switch port"
            yield _at(one, other, message, f"no BPDU guard on {one}")
        elif one.switched and one.switched.portfast:
            message = f"portfast on {one} skips the loop check, and {other} at the other end is a switch port"
            yield _at(one, other, message, f"no portfast on {one}", "warning")


# --- routing ----------------------------------------------------------------------------------------------------------


@link_rule("link-subnet", "error", "The two routed ends of a link are in different subnets.")
def link_subnet(ends: LinkEnds) -> Iterator[Problem]:
    if not (ends.near.routed and ends.far.routed):
        return
    near = {address.network for address in ends.near.routed.addresses}
    far = {address.network for address in ends.far.routed.addresses}
    if near and far and not near & far:
        here, there = (", ".join(str(network) for network in sorted(networks)) for networks in (near, far))
        message = f"the ends are in different subnets: {here}, and {there} on {ends.far}"
        yield _at(ends.near, ends.far, message, "addresses of one subnet, with one mask, at both ends")


@link_rule("ospf-one-sided", "warning", "OSPF runs at one end of a link only, or is passive at the other.")
def ospf_one_sided(ends: LinkEnds) -> Iterator[Problem]:
    for one, other in ends.both_ways:
        if other.routed and one.ospf and not one.ospf.passive and (other.ospf is None or other.ospf.passive):
            state = "does not run it" if other.ospf is None else "is passive"
            message = f"OSPF on {one} finds no neighbour: {other} {state}"
            yield _at(one, other, message, f"run OSPF on {other}, or make {one} passive")


@link_rule("ospf-area", "error", "The OSPF area differs between the two ends of a link.")
def ospf_area(ends: LinkEnds) -> Iterator[Problem]:
    """Routers become neighbours only within one area (RFC 2328, 10.5)."""
    near, far = ends.near.ospf, ends.far.ospf
    if near and far and not near.passive and not far.passive and near.area != far.area:
        message = f"the OSPF area is {near.area}, and {far.area} on {ends.far}"
        yield _at(ends.near, ends.far, message, "the same area at both ends")


@link_rule("ospf-network-type", "error", "The OSPF network type differs between the two ends of a link.")
def ospf_network_type(ends: LinkEnds) -> Iterator[Problem]:
    near, far = ends.near.ospf, ends.far.ospf
    if near and far and not near.passive and not far.passive and near.point_to_point != far.point_to_point:
        kinds = ["point-to-point" if ospf.point_to_point else "broadcast" for ospf in (near, far)]
        message = f"the OSPF network type is {kinds[0]}, and {kinds[1]} on {ends.far}"
        yield _at(ends.near, ends.far, message, "the same network type at both ends")


def _at(end: End, other: End, message: str, right: str, severity: Severity | None = None) -> Problem:
    return Problem(end.device.name, end.port, message, right, severity, (other.device.name,))


LINK_RULES: tuple[AnyRule, ...] = (
    link_end_unconfigured,
    link_end_shut,
    trunk_meets_access,
    native_vlan_mismatch,
    access_vlan_mismatch,
    allowed_vlans_mismatch,
    sub_interface_not_carried,
    spanning_tree_mode,
    bpdu_guard,
    link_subnet,
    ospf_one_sided,
    ospf_area,
    ospf_network_type,
)
