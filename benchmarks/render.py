"""Times the rendering of one 48-port switch, beside one flat Jinja2 template that makes the same text unsandboxed.

Run: python benchmarks/render.py [RUNS]
"""

import sys
from collections.abc import Callable
from ipaddress import IPv4Interface
from statistics import median
from time import perf_counter

from jinja2 import Environment

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.values import (
    AccessMode,
    DeviceKind,
    PortConfiguration,
    RoutedInterface,
    SpanningTree,
    TrunkMode,
)
from cimnet_nornir.ios.bundle import TemplateBundle
from cimnet_nornir.ios.generator import IosGenerator

ACCESS_PORTS = range(1, 49)
UPLINKS = range(1, 3)
VLANS = {10: "users", 20: "voice", 30: "printers", 40: "guests"}

# What an engineer writes by hand for one kind of switch: no features, no checks, ready-made values.
FLAT = """\
hostname {{ name }}
!
spanning-tree mode {{ mode }}
!
{% for id, label in vlans %}
vlan {{ id }}
 name {{ label }}
!
{% endfor %}
{% for port in ports %}
interface {{ port.name }}
 description {{ port.description }}
{% if port.vlan %}
 switchport access vlan {{ port.vlan }}
 switchport mode access
 spanning-tree portfast
 spanning-tree bpduguard enable
{% else %}
 switchport trunk allowed vlan {{ port.allowed }}
 switchport mode trunk
{% endif %}
!
{% endfor %}
interface Vlan10
 ip address {{ address }} {{ mask }}
 no shutdown
!
"""


def access_switch() -> Device:
    """A switch with 48 access ports and two uplinks, as there are many of."""
    device = Device(
        network="campus",
        id="access1",
        name="access1",
        kind=DeviceKind.SWITCH,
        details=DeviceDetails(vendor="cisco", platform="ios", model="WS-C2960X-48TS-L"),
        vlans=dict(VLANS),
        spanning_tree=SpanningTree(mode="rapid-pvst"),
    )
    for number in ACCESS_PORTS:
        device.switch_ports[f"GigabitEthernet1/0/{number}"] = PortConfiguration(
            description=f"desk {number}", switching=AccessMode(vlan=10), portfast=True, bpduguard=True
        )
    for number in UPLINKS:
        device.switch_ports[f"TenGigabitEthernet1/0/{number}"] = PortConfiguration(
            description=f"uplink {number}", switching=TrunkMode(allowed=frozenset(VLANS))
        )
    device.interfaces["Vlan10"] = RoutedInterface(addresses=(IPv4Interface("192.0.2.11/24"),))
    return device


def flat_renderer() -> Callable[[], str]:
    template = Environment(trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True).from_string(FLAT)
    access = [
        {"name": f"GigabitEthernet1/0/{number}", "description": f"desk {number}", "vlan": 10} for number in ACCESS_PORTS
    ]
    trunks = [
        {"name": f"TenGigabitEthernet1/0/{number}", "description": f"uplink {number}", "allowed": "10,20,30,40"}
        for number in UPLINKS
    ]
    values = {"name": "access1", "mode": "rapid-pvst", "vlans": sorted(VLANS.items()), "ports": access + trunks}
    return lambda: template.render(**values, address="192.0.2.11", mask="255.255.255.0")


def milliseconds(work: Callable[[], object], runs: int) -> float:
    """The median over the runs, after one that does not count."""
    work()
    times = []
    for _ in range(runs):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return median(times) * 1000


def main() -> int:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    start = perf_counter()
    generator = IosGenerator(TemplateBundle.load())
    device, network = access_switch(), Network("campus")
    text = generator.generate(device, network)
    first = (perf_counter() - start) * 1000
    flat = flat_renderer()
    if flat() != text:
        print("the flat template does not make the same text; the comparison would mean nothing", file=sys.stderr)
        return 1
    ours = milliseconds(lambda: generator.generate(device, network), runs)
    plain = milliseconds(flat, runs)
    print(
        f"one switch, {len(ACCESS_PORTS) + len(UPLINKS)} ports, {len(text.splitlines())} lines; median of {runs} runs"
    )
    print(f"first rendering (templates loaded and compiled)  {first:8.2f} ms")
    print(f"from intent, sandboxed, a file a feature         {ours:8.2f} ms")
    print(f"flat Jinja2 template over ready-made values      {plain:8.2f} ms")
    print(f"ratio                                            {ours / plain:8.1f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
