"""Times Mermaid text of large networks, beside JSON of the same graph by networkx.

    python -m benchmarks.mermaid [--devices 1000 10000]

A tree of switches, 25 at a site; the text is folded so that Mermaid takes it.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator, Mapping
from ipaddress import IPv4Address
from typing import TYPE_CHECKING

import networkx as nx

from cimnet_nornir.application.observations import HEALTH
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.network import Link, Network
from cimnet_nornir.domain.values import AccessMode, DeviceKind, PortConfiguration, TrunkMode
from cimnet_nornir.projections.graph import context_graph
from cimnet_nornir.projections.mermaid import hosting_view, topology, vlan_view

if TYPE_CHECKING:
    from networkx import MultiGraph

PORTS = tuple(f"GigabitEthernet1/0/{number}" for number in range(1, 25))
VLANS = (10, 20, 30)
TRUNK = PortConfiguration(switching=TrunkMode(allowed=frozenset(VLANS)))
DESK = PortConfiguration(switching=AccessMode(vlan=10))
BELOW = len(PORTS) - 2
ROUNDS = 3


def network(devices: int) -> Network:
    """A tree of switches, each with desks and with trunks to those above and below."""
    made = Network("bench", created=True)
    for number in range(devices):
        name = f"sw{number:05}"
        details = DeviceDetails(
            vendor="cisco",
            platform="ios",
            role="access" if number > BELOW else "core",
            site=f"site-{number // 25:03}",
            management=IPv4Address(int(IPv4Address("10.0.0.1")) + number),
        )
        device = Device("bench", name, name, DeviceKind.SWITCH, details, PORTS)
        device.vlans = {vlan: f"v{vlan}" for vlan in VLANS}
        device.switch_ports = {PORTS[-1]: TRUNK, PORTS[0]: DESK}
        made.devices[name] = device
        if number:
            above, port = divmod(number - 1, BELOW)
            made.devices[f"sw{above:05}"].switch_ports[PORTS[port + 1]] = TRUNK
            made.links.add(Link((f"sw{above:05}", PORTS[port + 1]), (name, PORTS[-1])))
    return made


def best(work: Callable[[], object]) -> float:
    """The least of some times that work takes, in seconds."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def told(graph: "MultiGraph[str]", statuses: Mapping[str, str]) -> Iterator[str]:
    """The figures of one graph, a line each."""
    reference = best(lambda: json.dumps(nx.node_link_data(graph, edges="edges")))
    yield f"{len(statuses)} devices: JSON by networkx {reference:.2f} s"
    views: dict[str, Callable[[], str]] = {
        "topology": lambda: topology(graph, statuses=statuses),
        "all VLANs": lambda: vlan_view(graph),
        "one VLAN": lambda: vlan_view(graph, vlan=10),
        "hosts": lambda: hosting_view(graph),
    }
    for name, view in views.items():
        seconds = best(view)
        yield f"  {name}: {seconds:.2f} s, {seconds / reference:.1f} times that, {len(view())} characters"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--devices", type=int, nargs="+", default=[1000, 10_000])
    for devices in parser.parse_args().devices:
        made = network(devices)
        statuses = {name: HEALTH[number % len(HEALTH)] for number, name in enumerate(made.devices)}
        for line in told(context_graph(made), statuses):
            print(line)


if __name__ == "__main__":
    main()
