"""The networks of a server by the options of NixOS under `networking`, for those who keep to that style.

NixOS makes files of systemd-networkd of them. There are none for a bridge that filters VLANs, nor for VXLAN.
"""

from collections.abc import Iterable, Iterator, Sequence
from ipaddress import IPv4Interface

from cimnet_nornir.application.host_parts import HostBond, HostBridge, HostInterface, HostSide
from cimnet_nornir.application.host_routing import routes_by
from cimnet_nornir.application.host_rules import addressed
from cimnet_nornir.errors import RuleViolated
from cimnet_nornir.nix.expressions import Value
from cimnet_nornir.nix.networkd import HASH_POLICY, LACP_RATE, LINK_CHECK_MS


def networking_settings(host: HostSide) -> dict[str, Value]:
    """By option path what NixOS is told; empty for a server with nothing on it.

    Macvlan networks need no interface here: their runtime makes one for each container. Raises RuleViolated for what
    this style has no options for.
    """
    _refuse_missing_options(host)
    parts: dict[str, dict[str, Value]] = {
        "bonds": {bond.name: _bond(bond) for bond in host.bonds},
        "vlans": {vlan.name: {"id": vlan.vlan, "interface": vlan.uplink} for vlan in host.vlans},
        "bridges": {bridge.name: {"interfaces": _ports(bridge)} for bridge in host.bridges},
        "interfaces": dict(_interfaces(host)),
    }
    settings: dict[str, Value] = {f"networking.{name}": part for name, part in parts.items() if part}
    if not settings:
        return {}
    return {"networking.useNetworkd": True, **settings, **_default_gateway(host)}


def _refuse_missing_options(host: HostSide) -> None:
    if host.vlan_aware and host.vlans:
        raise RuleViolated(
            f"{host.name}: the style networking has no VLAN-aware bridges; take the style networkd, or a bridge a VLAN",
            subject=host.name,
        )
    for vxlan in host.vxlans:
        raise RuleViolated(
            f"{host.name}: the style networking has no VXLAN interfaces ({vxlan.name}); take the style networkd",
            subject=host.name,
        )


def _bond(bond: HostBond) -> Value:
    options = {"mode": bond.mode, "miimon": str(LINK_CHECK_MS)}
    if bond.mode != "active-backup":
        options["xmit_hash_policy"] = HASH_POLICY
    if bond.mode == "802.3ad":
        options["lacp_rate"] = LACP_RATE
    return {"interfaces": bond.members, "driverOptions": options}


def _ports(bridge: HostBridge) -> tuple[str, ...]:
    return () if bridge.port is None else (bridge.port,)


def _interfaces(host: HostSide) -> Iterator[tuple[str, Value]]:
    """Addresses, and that nobody asks for any by DHCP on what is made here or has one."""
    made = {vlan.name for vlan in host.vlans} | {bond.name for bond in host.bonds}
    members = {member for bond in host.bonds for member in bond.members}
    for name in sorted((made | members) - {each.name for each in addressed(host)}):
        yield name, {"useDHCP": False}
    for name in dict.fromkeys(each.name for each in addressed(host)):
        yield name, _interface(host, [each for each in addressed(host) if each.name == name])


def _interface(host: HostSide, said: Sequence[HostBridge | HostInterface]) -> Value:
    """What is said of one interface, which can be a bridge and have addresses of its own besides."""
    mtus = [each.mtu for each in said if each.mtu is not None]
    addresses: tuple[Value, ...] = tuple(
        {"address": str(own.ip), "prefixLength": own.network.prefixlen} for each in said for own in each.addresses
    )
    routes = _routes(host, [own for each in said for own in each.addresses])
    ipv4 = {**({"addresses": addresses} if addresses else {}), **({"routes": routes} if routes else {})}
    return {"useDHCP": False, **({"mtu": min(mtus)} if mtus else {}), **({"ipv4": ipv4} if ipv4 else {})}


def _routes(host: HostSide, addresses: Iterable[IPv4Interface]) -> tuple[Value, ...]:
    """The static routes that leave by an interface with these addresses; the kernel takes the least metric."""
    return tuple(
        {
            "address": str(route.prefix.network_address),
            "prefixLength": route.prefix.prefixlen,
            "via": str(route.next_hop),
            **({} if route.distance == 1 else {"options": {"metric": str(route.distance)}}),
        }
        for route in routes_by(host, addresses)
    )


def _default_gateway(host: HostSide) -> dict[str, Value]:
    for each in addressed(host):
        if each.gateway is not None:
            return {"networking.defaultGateway": {"address": str(each.gateway), "interface": each.name}}
    return {}
