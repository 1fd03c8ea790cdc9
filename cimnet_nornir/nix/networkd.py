"""What systemd-networkd is to do on a server: its virtual interfaces, and what each interface is configured with.

In the words of NixOS (nixos/modules/system/boot/networkd.nix), keys of sections as in systemd.netdev(5) and
systemd.network(5). The module for NixOS and the files for any other Linux are written from these.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface

from cimnet_nornir.application.host_parts import HostBond, HostBridge, HostInterface, HostSide, HostVlan, HostVxlan
from cimnet_nornir.application.host_rules import addressed, members_of, trunk_bridge, uplinks_of
from cimnet_nornir.nix.expressions import Value
from cimnet_nornir.nix.frr import networkd_routes

Unit = Mapping[str, Value]
"""What one file of systemd-networkd says: sections by the options of NixOS for them."""

# By these names NixOS writes what `networking.interfaces.<card>` says (network-interfaces-systemd.nix), where
# networking.useNetworkd is true: what is said here of a card is merged with that, and does not take its addresses away.
_FILE = "40-{name}"
# The order of sections in a file. Of a list, each says something more: what two parts say of an interface is joined.
_NETWORK_ORDER = (
    "matchConfig",
    "linkConfig",
    "networkConfig",
    "vlan",
    "addresses",
    "routes",
    "bridgeVLANs",
    "bridgeFDBs",
)
_NO_ADDRESS: Mapping[str, Value] = {"LinkLocalAddressing": "no", "DHCP": "no", "IPv6AcceptRA": False}
"""Nothing by itself: no link-local address, no DHCP, no router advertisements."""
_NOT_AWAITED: Mapping[str, Value] = {"RequiredForOnline": "no"}
"""Nobody waits for the interface when the server starts."""
# How often a bond looks whether its members have a carrier; by default it never does.
LINK_CHECK_MS = 100
# Fragments of one packet stay in order, as IEEE 802.1AX asks; the policies that look at layer 4 do not see to that.
HASH_POLICY = "layer2+3"
# The rate that every Catalyst can send at, and does unless told otherwise.
LACP_RATE = "slow"
# The UDP port of VXLAN (RFC 7348, section 8); the kernel's own default is an older one.
_VXLAN_PORT = 4789
# To this address a VXLAN interface sends what it knows no other end for: broadcasts, and what it has not learned.
_FLOOD = "00:00:00:00:00:00"


@dataclass(frozen=True, slots=True)
class Units:
    """The units of a server by the names of their files, without the ending."""

    netdevs: Mapping[str, Unit]
    networks: Mapping[str, Unit]


def networkd_settings(host: HostSide) -> dict[str, Value]:
    """By option path what NixOS is told; empty for a server with nothing on it, which keeps what it runs by."""
    units = networkd_units(host)
    if not units.networks:
        return {}
    settings: dict[str, Value] = {
        # Else scripts would configure what the server's own configuration says of a card, and this the same card.
        "networking.useNetworkd": True,
        "systemd.network": {"enable": True, "netdevs": units.netdevs, "networks": units.networks},
    }
    if host.routing is not None and host.routing.daemons:
        # By default it takes away routes that it does not know: all that a routing daemon has found.
        settings["systemd.network.config.networkConfig"] = {"ManageForeignRoutes": False}
    # Where dhcpcd runs for the server's own cards, it would ask for an address on each of these too.
    ours = sorted(name for name, unit in _by_interface(host).items() if _without_dhcp(unit))
    return settings | ({"networking.dhcpcd.denyInterfaces": tuple(ours)} if ours else {})


def _without_dhcp(unit: Unit) -> bool:
    network = unit.get("networkConfig")
    return "addresses" in unit or (isinstance(network, Mapping) and "DHCP" in network)


def networkd_units(host: HostSide) -> Units:
    """The units of a server; both empty for one with nothing on it."""
    networks = {
        _file(name): {"matchConfig": {"Name": name}, **{key: unit[key] for key in _NETWORK_ORDER if key in unit}}
        for name, unit in _by_interface(host).items()
    }
    return Units({_file(name): unit for name, unit in _netdevs(host)}, networks)


def _file(name: str) -> str:
    return _FILE.format(name=name)


# --- virtual interfaces -----------------------------------------------------------------------------------------------


def _netdevs(host: HostSide) -> Iterator[tuple[str, Unit]]:
    for bond in host.bonds:
        yield bond.name, {"netdevConfig": {"Name": bond.name, "Kind": "bond"}, "bondConfig": _bond_settings(bond)}
    for uplink in _trunks(host):
        name = trunk_bridge(uplink)
        # A port is in no VLAN that it is not given.
        filtering: Unit = {"VLANFiltering": True, "DefaultPVID": "none"}
        yield name, {"netdevConfig": {"Name": name, "Kind": "bridge"}, "bridgeConfig": filtering}
    for vlan in host.vlans:
        yield vlan.name, {"netdevConfig": {"Name": vlan.name, "Kind": "vlan"}, "vlanConfig": {"Id": vlan.vlan}}
    for vxlan in host.vxlans:
        yield vxlan.name, {"netdevConfig": {"Name": vxlan.name, "Kind": "vxlan"}, "vxlanConfig": _vxlan_settings(vxlan)}
    for bridge in host.bridges:
        yield bridge.name, {"netdevConfig": _bridge_device(bridge)}


def _bond_settings(bond: HostBond) -> Unit:
    settings: dict[str, Value] = {"Mode": bond.mode, "MIIMonitorSec": f"{LINK_CHECK_MS}ms"}
    if bond.mode != "active-backup":
        settings["TransmitHashPolicy"] = HASH_POLICY
    if bond.mode == "802.3ad":
        settings["LACPTransmitRate"] = LACP_RATE
    return settings


def _vxlan_settings(vxlan: HostVxlan) -> Unit:
    return {
        "VNI": vxlan.vni,
        "Local": str(vxlan.local),
        "DestinationPort": _VXLAN_PORT,
        "MacLearning": True,
        # It belongs to no card: routes decide by which one its packets leave.
        "Independent": True,
    }


def _bridge_device(bridge: HostBridge) -> Unit:
    users: Unit = {"Description": ", ".join(bridge.networks)} if bridge.networks else {}
    return {"Name": bridge.name, "Kind": "bridge", **users}


# --- what interfaces are configured with ------------------------------------------------------------------------------


def _by_interface(host: HostSide) -> dict[str, Unit]:
    """What is said of each interface, in the order in which they are built on one another."""
    found: dict[str, Unit] = {}
    for name, unit in _said(host):
        found[name] = _joined(found.get(name, {}), unit)
    return found


def _said(host: HostSide) -> Iterator[tuple[str, Unit]]:
    yield from ((member, _member(bond.name)) for bond in host.bonds for member in bond.members)
    yield from _parents(host)
    yield from ((bond.name, _bond(host, bond)) for bond in host.bonds)
    yield from _trunk_bridges(host)
    members = members_of(host)
    yield from ((vlan.name, _vlan(host, vlan, members.get(vlan.name))) for vlan in host.vlans)
    yield from ((vxlan.name, _vxlan(vxlan)) for vxlan in host.vxlans)
    yield from ((bridge.name, _bridge(host, bridge)) for bridge in host.bridges)
    yield from ((interface.name, _own(interface)) for interface in host.interfaces)
    for part in addressed(host):
        if routes := networkd_routes(host, part.addresses):
            yield part.name, {"routes": routes}
    for network in host.container_networks:
        if network.driver.driver == "macvlan" and network.interface is not None:
            # What carries the containers of a macvlan network is to be up.
            yield network.interface, {}


def _parents(host: HostSide) -> Iterator[tuple[str, Unit]]:
    """What carries VLANs as it is: with a VLAN-aware bridge, that carries them."""
    if not host.vlan_aware:
        for uplink in uplinks_of(host):
            yield uplink, {"vlan": _vlans_on(host, uplink)}


def _vlans_on(host: HostSide, uplink: str) -> tuple[str, ...]:
    return tuple(vlan.name for vlan in host.vlans if vlan.uplink == uplink)


def _member(master: str) -> Unit:
    """A member of a bond; one without a cable is no reason to wait."""
    return {"linkConfig": _NOT_AWAITED, "networkConfig": {"Bond": master, **_NO_ADDRESS}}


def _bond(host: HostSide, bond: HostBond) -> Unit:
    # Without an address it gets no further than a carrier.
    addressed = any(each.name == bond.name and each.addresses for each in host.interfaces)
    link: Unit = {} if addressed else {"linkConfig": {"RequiredForOnline": "carrier"}}
    return {**link, "networkConfig": _NO_ADDRESS}


def _trunks(host: HostSide) -> tuple[str, ...]:
    return uplinks_of(host) if host.vlan_aware else ()


def _trunk_bridges(host: HostSide) -> Iterator[tuple[str, Unit]]:
    """A VLAN-aware bridge with the trunk as its port; the server's VLAN interfaces are on the bridge.

    All its VLANs are tagged on the port and on the bridge itself.
    """
    for uplink in _trunks(host):
        bridge = trunk_bridge(uplink)
        tagged = tuple({"VLAN": vlan} for vlan in sorted({each.vlan for each in host.vlans if each.uplink == uplink}))
        yield uplink, {"networkConfig": {"Bridge": bridge, **_NO_ADDRESS}, "bridgeVLANs": tagged}
        yield (
            bridge,
            {
                "linkConfig": _NOT_AWAITED,
                "networkConfig": {"ConfigureWithoutCarrier": True, **_NO_ADDRESS},
                "vlan": _vlans_on(host, uplink),
                "bridgeVLANs": tagged,
            },
        )


def _vlan(host: HostSide, vlan: HostVlan, bridge: str | None) -> Unit:
    """A VLAN interface has no address by itself: the bridge's users have, or those of a macvlan."""
    if bridge is not None:
        return {"networkConfig": {"Bridge": bridge, **_NO_ADDRESS}}
    addressed = any(each.name == vlan.name and each.addresses for each in host.interfaces)
    return {**({} if addressed else {"linkConfig": _NOT_AWAITED}), "networkConfig": _NO_ADDRESS}


def _vxlan(vxlan: HostVxlan) -> Unit:
    flooded = tuple({"MACAddress": _FLOOD, "Destination": str(remote)} for remote in vxlan.remotes)
    network = {"networkConfig": {"Bridge": vxlan.bridge, **_NO_ADDRESS}}
    return {"linkConfig": _NOT_AWAITED, **network, **({"bridgeFDBs": flooded} if flooded else {})}


def _own(interface: HostInterface) -> Unit:
    """What the server has for itself, and nothing else: it may be a card that it says more of."""
    link: Unit = {"linkConfig": _mtu(interface.mtu)} if interface.mtu is not None else {}
    told: Unit = {"networkConfig": {"Description": interface.description}} if interface.description else {}
    return {**link, **told, **_addresses(interface.addresses, interface.gateway)}


def _bridge(host: HostSide, bridge: HostBridge) -> Unit:
    # Without a container it has no carrier, and nobody is to wait for one when the server starts.
    link = {**_NOT_AWAITED, **_mtu(bridge.mtu)}
    network: Unit = {"ConfigureWithoutCarrier": True, **_NO_ADDRESS, **_translation(host, bridge)}
    return {"linkConfig": link, "networkConfig": network, **_addresses(bridge.addresses, bridge.gateway)}


def _translation(host: HostSide, bridge: HostBridge) -> Unit:
    """A network behind the host is translated to its address: Docker does so itself, Podman not where the host has one.

    This lets IPv4 be forwarded too (systemd.network(5), IPMasquerade=).
    """
    users = (each for each in host.container_networks if each.interface == bridge.name)
    behind = bridge.port is None and bridge.addresses
    podman = any(each.runtime == "podman" and each.driver.driver == "bridge" for each in users)
    return {"IPMasquerade": "ipv4"} if behind and podman else {}


def _mtu(mtu: int | None) -> Unit:
    """An MTU as it is kept: one that a bridge is made with gives way to that of its ports (br_mtu_auto_adjust)."""
    return {} if mtu is None else {"MTUBytes": str(mtu)}


def _addresses(addresses: Iterable[IPv4Interface], gateway: IPv4Address | None) -> Unit:
    found: dict[str, Value] = {}
    if given := tuple({"Address": str(address)} for address in addresses):
        found["addresses"] = given
    if gateway is not None:
        # A route without a destination is the default one.
        found["routes"] = ({"Gateway": str(gateway)},)
    return found


def _joined(first: Unit, second: Unit) -> Unit:
    """What two parts say of one interface: lists one after the other, sets as one."""
    joined = dict(first)
    for key, value in second.items():
        present = joined.get(key)
        if isinstance(present, Mapping) and isinstance(value, Mapping):
            joined[key] = {**present, **value}
        elif isinstance(present, tuple) and isinstance(value, tuple):
            joined[key] = (*present, *value)
        else:
            joined[key] = value
    return joined
