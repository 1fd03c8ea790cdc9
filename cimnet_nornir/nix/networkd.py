"""What systemd-networkd is to do on a server, by the options of NixOS under `systemd.network`.

Options as in nixos/modules/system/boot/networkd.nix, keys of their sections as in systemd.netdev(5) and
systemd.network(5).
"""

from cimnet_nornir.application.host_parts import HostBridge, HostSide, HostVlan
from cimnet_nornir.nix.expressions import Value

# By these names NixOS writes what `networking.interfaces.<card>` says (network-interfaces-systemd.nix): what is said
# here of a card is merged with that, and does not take its addresses away.
_FILE = "40-{name}"


def networkd_settings(host: HostSide) -> dict[str, Value]:
    """The value of `systemd.network` for a server; empty for one with nothing on it, which keeps what it runs by."""
    if not host.vlans and not host.bridges:
        return {}
    netdevs: dict[str, Value] = {_file(vlan.name): _vlan_device(vlan) for vlan in host.vlans}
    netdevs |= {_file(bridge.name): _bridge_device(bridge) for bridge in host.bridges}
    uplinks = sorted({vlan.uplink for vlan in host.vlans})
    networks: dict[str, Value] = {_file(card): _card(host, card) for card in uplinks}
    ports = {bridge.port: bridge.name for bridge in host.bridges if bridge.port is not None}
    networks |= {_file(vlan.name): _vlan_network(vlan, ports.get(vlan.name)) for vlan in host.vlans}
    networks |= {_file(bridge.name): _bridge_network(bridge) for bridge in host.bridges}
    return {"enable": True, "netdevs": netdevs, "networks": networks}


def _file(name: str) -> str:
    return _FILE.format(name=name)


def _vlan_device(vlan: HostVlan) -> dict[str, Value]:
    return {"netdevConfig": {"Name": vlan.name, "Kind": "vlan"}, "vlanConfig": {"Id": vlan.vlan}}


def _bridge_device(bridge: HostBridge) -> dict[str, Value]:
    mtu: dict[str, Value] = {} if bridge.mtu is None else {"MTUBytes": str(bridge.mtu)}
    return {"netdevConfig": {"Name": bridge.name, "Kind": "bridge", **mtu}}


def _card(host: HostSide, card: str) -> dict[str, Value]:
    vlans = tuple(vlan.name for vlan in host.vlans if vlan.uplink == card)
    return {"matchConfig": {"Name": card}, "vlan": vlans}


def _vlan_network(vlan: HostVlan, bridge: str | None) -> dict[str, Value]:
    """A VLAN interface has no address of its own: the bridge's users have, or those of a macvlan."""
    settings: dict[str, Value] = {} if bridge is None else {"Bridge": bridge}
    return {"matchConfig": {"Name": vlan.name}, "networkConfig": {**settings, **_NO_ADDRESS}}


def _bridge_network(bridge: HostBridge) -> dict[str, Value]:
    addresses: dict[str, Value] = {}
    if bridge.addresses:
        addresses["addresses"] = tuple({"Address": str(address)} for address in bridge.addresses)
    if bridge.gateway is not None:
        # A route without a destination is the default one.
        addresses["routes"] = ({"Gateway": str(bridge.gateway)},)
    # Without a container it has no carrier, and nobody is to wait for one when the server starts.
    settings = {"ConfigureWithoutCarrier": True, **_NO_ADDRESS}
    return {
        "matchConfig": {"Name": bridge.name},
        "linkConfig": {"RequiredForOnline": "no"},
        "networkConfig": settings,
        **addresses,
    }


_NO_ADDRESS: dict[str, Value] = {"LinkLocalAddressing": "no", "DHCP": "no", "IPv6AcceptRA": False}
"""Nothing by itself: no link-local address, no DHCP, no router advertisements."""
