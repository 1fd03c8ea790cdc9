"""`show spanning-tree`: the root of each VLAN's tree, and the role of every port in it."""

from typing import TYPE_CHECKING, Final

from cimnet_nornir.lab.features.spanningtree import bridge_priority
from cimnet_nornir.lab.links import bridged_ports, carried, has_carrier, mac_address, peer_of, section_of
from cimnet_nornir.lab.names import short_name, type_of

if TYPE_CHECKING:
    from cimnet_nornir.lab.command import Request
    from cimnet_nornir.lab.device import Device

# Costs of IEEE 802.1D-1998 by bandwidth in kbit/s.
_COSTS: Final = {10_000: 100, 100_000: 19, 1_000_000: 4, 10_000_000: 2}
_HEAD: Final = (
    "Interface           Role Sts Cost      Prio.Nbr Type",
    "------------------- ---- --- --------- -------- ----",
)


def spanning_tree(request: "Request") -> str:
    """Each VLAN that is forwarded somewhere, or the one that is asked for."""
    device, wanted = request.device, request.values.get("vlan", "")
    numbers = sorted(int(line.key[1]) for line in device.running.all("vlan") if wanted in {"", line.key[1]})
    blocks = [_instance(device, number) for number in numbers if _ports(device, number)]
    if blocks:
        return "\n".join(blocks)
    if wanted:
        return f"\nSpanning tree instance(s) for vlan {wanted} does not exist."
    return "\nNo spanning tree instance exists."


def _ports(device: "Device", vlan: int) -> list[str]:
    return [port for port in bridged_ports(device) if has_carrier(device, port) and vlan in carried(device, port)]


def _bridge_id(device: "Device", vlan: int) -> tuple[int, str]:
    return bridge_priority(device.running.all("spanning-tree priority"), vlan) + vlan, mac_address(device)


def _bridges_behind(device: "Device", port: str, vlan: int) -> "list[Device]":
    peer = peer_of(device, port)
    return [peer[0]] if peer and peer[1] in _ports(peer[0], vlan) else []


def _distances(device: "Device", vlan: int) -> "dict[Device, int]":
    """The bridges of a VLAN and how many steps away each is."""
    found, waiting = {device: 0}, [device]
    for here in waiting:
        for port in _ports(here, vlan):
            for other in _bridges_behind(here, port, vlan):
                if other not in found:
                    found[other] = found[here] + 1
                    waiting.append(other)
    return found


def _instance(device: "Device", vlan: int) -> str:
    root = min(_distances(device, vlan), key=lambda bridge: _bridge_id(bridge, vlan))
    protocol = {"pvst": "ieee", "rapid-pvst": "rstp"}.get(
        device.running.value("spanning-tree mode", name="mode"), "mstp"
    )
    priority, address = _bridge_id(root, vlan)
    base, own = _bridge_id(device, vlan)
    rows = ["", f"VLAN{vlan:04d}", f"  Spanning tree enabled protocol {protocol}"]
    rows += [f"  Root ID    Priority    {priority}", f"             Address     {address}"]
    rows += ["             This bridge is the root"] if root is device else []
    rows += ["", f"  Bridge ID  Priority    {base}  (priority {base - vlan} sys-id-ext {vlan})"]
    rows += [f"             Address     {own}", "", *_HEAD]
    for place, (port, role) in enumerate(_roles(device, root, vlan).items(), start=1):
        rows.append(f"{short_name(port):<20}{role} {_cost(device, port):<10}128.{place:<5}P2p")
    return "\n".join(rows)


def _roles(device: "Device", root: "Device", vlan: int) -> dict[str, str]:
    """The role and state of each port: one root port towards the root, the losing ends of other links blocked."""
    distance = _distances(root, vlan)
    roles: dict[str, str] = {}
    for port in _ports(device, vlan):
        rank = (distance[device], _bridge_id(device, vlan))
        others = [(distance[other], _bridge_id(other, vlan)) for other in _bridges_behind(device, port, vlan)]
        nearer = any(other < rank for other in others)
        towards = any(other[0] < rank[0] for other in others)
        first = "Root FWD" not in roles.values()
        roles[port] = "Root FWD" if towards and first else "Altn BLK" if nearer else "Desg FWD"
    return roles


def _cost(device: "Device", port: str) -> str:
    default = _COSTS.get(type_of(port).kilobits, 4)
    return section_of(device, port).value("spanning-tree cost", name="cost", default=str(default))
