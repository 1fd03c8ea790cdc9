"""`show ip route`, `show ip ospf ...`, `show ip protocols`, `show access-lists`, `show ip arp`."""

from ipaddress import IPv4Address, IPv4Network
from typing import TYPE_CHECKING, Final

from cimnet_nornir.lab import ospf_state
from cimnet_nornir.lab.config import Line
from cimnet_nornir.lab.links import Place, is_up, mac_address, neighbours, section_of
from cimnet_nornir.lab.names import short_name
from cimnet_nornir.lab.routing import Route, own_addresses, routes_packets, routing_table

if TYPE_CHECKING:
    from cimnet_nornir.lab.command import Request

_CODES: Final = (
    "Codes: L - local, C - connected, S - static, R - RIP, M - mobile, B - BGP",
    "       D - EIGRP, EX - EIGRP external, O - OSPF, IA - OSPF inter area ",
    "       N1 - OSPF NSSA external type 1, N2 - OSPF NSSA external type 2",
    "       E1 - OSPF external type 1, E2 - OSPF external type 2",
    "       i - IS-IS, su - IS-IS summary, L1 - IS-IS level-1, L2 - IS-IS level-2",
    "       ia - IS-IS inter area, * - candidate default, U - per-user static route",
    "       o - ODR, P - periodic downloaded static route, H - NHRP, l - LISP",
    "       + - replicated route, % - next hop override",
    "",
)


def routes(request: "Request") -> str:
    device = request.device
    if not routes_packets(device):
        return _without_routing(request)
    wanted = _WANTED.get(request.values.get("kind", ""), "")
    table = [route for route in routing_table(device) if route.code.startswith(wanted or route.code[0])]
    default = next((route for route in table if route.prefix == ospf_state.DEFAULT), None)
    gateway = f"{default.hop} to network 0.0.0.0" if default and default.hop else "not set"
    return "\n".join([*_CODES, f"Gateway of last resort is {gateway}", "", *_table(table)])


_WANTED: Final = {"connected": "C", "static": "S", "ospf": "O", "local": "L"}


def _without_routing(request: "Request") -> str:
    gateway = request.device.running.value("ip default-gateway", name="address", default="not set")
    head = "Host               Gateway           Last Use    Total Uses  Interface"
    return f"Default gateway is {gateway}\n\n{head}\nICMP redirect cache is empty"


def _table(table: list[Route]) -> list[str]:
    """The routes, those of one classful network under its heading."""
    rows: list[str] = []
    by_class: dict[IPv4Network, list[Route]] = {}
    for route in table:
        by_class.setdefault(_classful(route.prefix), []).append(route)
    for network, group in by_class.items():
        subnets = {route.prefix for route in group}
        masks = {route.prefix.prefixlen for route in group}
        if subnets != {network}:
            how = (
                f"variably subnetted, {len(subnets)} subnets, {len(masks)} masks"
                if len(masks) > 1
                else (f"subnetted, {len(subnets)} subnets")
            )
            base = f"{network}" if len(masks) > 1 else f"{network.network_address}/{masks.copy().pop()}"
            rows.append(f"      {base} is {how}")
        rows += [_row(route) for route in group]
    return rows


def _classful(prefix: IPv4Network) -> IPv4Network:
    first = int(prefix.network_address) >> 24
    length = 8 if first < 128 else 16 if first < 192 else 24
    return prefix if prefix.prefixlen <= length else prefix.supernet(new_prefix=length)


def _row(route: Route) -> str:
    code = f"{route.code:<9}" if "*" not in route.code else f"{route.code:<6}   "
    if route.hop is None:
        return f"{code}{route.prefix} is directly connected, {route.interface}"
    age = ", 00:10:00" if route.code.startswith("O") else ""
    via = f", {route.interface}" if route.interface else ""
    return f"{code}{route.prefix} [{route.distance}/{route.metric}] via {route.hop}{age}{via}"


def ospf_neighbours(request: "Request") -> str:
    found = ospf_state.adjacencies(request.device)
    if not found:
        return ""
    rows = ["", "Neighbor ID     Pri   State           Dead Time   Address         Interface"]
    for neighbour in found:
        remote, local = neighbour.remote, neighbour.local
        identity = _identity(remote)
        priority, state = ("0", "FULL/  -") if _point_to_point(local) else ("1", _role(neighbour))
        rows.append(f"{identity:<16}{priority:>3}   {state:<16}00:00:35    {remote.address.ip!s:<16}{local.name}")
    return "\n".join(rows)


def _identity(interface: ospf_state.OspfInterface) -> str:
    process = interface.device.running.get("router ospf", interface.process)
    return ospf_state.router_id(interface.device, process) if process else ""


def _point_to_point(interface: ospf_state.OspfInterface) -> bool:
    return section_of(interface.device, interface.name).value("ip ospf network", name="type") == "point-to-point"


def _role(neighbour: ospf_state.OspfNeighbour) -> str:
    """On a network of two the higher router id is designated."""
    higher = IPv4Address(_identity(neighbour.remote)) > IPv4Address(_identity(neighbour.local))
    return "FULL/DR" if higher else "FULL/BDR"


def ospf_interfaces(request: "Request") -> str:
    rows = ["Interface    PID   Area            IP Address/Mask    Cost  State Nbrs F/C"]
    found = ospf_state.adjacencies(request.device)
    for interface in ospf_state.interfaces(request.device):
        count = sum(1 for neighbour in found if neighbour.local.name == interface.name)
        state = "LOOP" if interface.name.startswith("Loopback") else "P2P" if _point_to_point(interface) else "DR"
        rows.append(
            f"{short_name(interface.name):<13}{interface.process:<6}{interface.area:<16}{interface.address!s:<19}"
            f"{interface.cost:<6}{state:<6}{count}/{count}"
        )
    return "\n".join(rows)


def ospf(request: "Request") -> str:
    device = request.device
    blocks = [
        f' Routing Process "ospf {process.key[1]}" with ID {ospf_state.router_id(device, process)}\n'
        " Supports only single TOS(TOS0) routes"
        for process in ospf_state.processes(device)
    ]
    return "\n".join(blocks)


def protocols(request: "Request") -> str:
    device = request.device
    rows = ["*** IP Routing is NSF aware ***", ""]
    for process in ospf_state.processes(device):
        rows += [f'Routing Protocol is "ospf {process.key[1]}"', f"  Router ID {ospf_state.router_id(device, process)}"]
        rows += ["  Routing for Networks:"]
        rows += [
            f"    {line.values['network']} {line.values['wildcard']} area {line.values['area']}"
            for line in process.section.all("network")
        ]
    return "\n".join(rows)


def access_lists(request: "Request") -> str:
    lists = [line for line in request.device.running if line.key[0] == "access-list"]
    wanted = request.values.get("list", "")
    return "\n".join(row for line in lists if wanted in {"", line.key[1]} for row in _list(line))


def _list(line: Line) -> list[str]:
    kind = line.values["kind"].capitalize()
    entries = [entry for entry in line.section if not entry.values["body"].startswith("remark")]
    return [
        f"{kind} IP access list {line.key[1]}",
        *(f"    {entry.key[1]} {entry.values['body']}" for entry in entries),
    ]


def arp(request: "Request") -> str:
    device = request.device
    rows = ["Protocol  Address          Age (min)  Hardware Addr   Type   Interface"]
    for name, address, network in own_addresses(device):
        rows.append(f"Internet  {address!s:<17}        -   {mac_address(device, name)}  ARPA   {name}")
        for place in neighbours(Place(device, name)):
            for other, theirs, _ in own_addresses(place.device):
                if other == place.interface and theirs in network and is_up(place.device, other):
                    rows.append(
                        f"Internet  {theirs!s:<17}        1   {mac_address(place.device, other)}  ARPA   {name}"
                    )
    return "\n".join(rows)
