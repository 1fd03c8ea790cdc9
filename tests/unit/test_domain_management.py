"""Which interface of a device clearly is the one for management."""

import pytest

from cimnet_nornir.application.importing import Source, read_in
from cimnet_nornir.bootstrap import network_service
from cimnet_nornir.domain.management import management_interface

ROUTER = """\
hostname r1
vrf definition Mgmt-intf
 address-family ipv4
 exit-address-family
interface GigabitEthernet0
 vrf forwarding {vrf}
 ip address 192.0.2.9 255.255.255.0
interface Loopback{loopback}
 ip address 192.0.2.129 255.255.255.255
interface Loopback7
 ip address 192.0.2.130 255.255.255.255
"""
SWITCH = """\
hostname s1
vlan 10,20
interface GigabitEthernet1/0/1
 switchport mode access
interface Vlan10
 ip address 192.0.2.2 255.255.255.0
"""
TWO = SWITCH + "interface Vlan20\n ip address 198.51.100.2 255.255.255.0\n"


@pytest.mark.parametrize(
    ("text", "interface"),
    [
        (ROUTER.format(vrf="OTHER", loopback=0), "Loopback0"),
        (ROUTER.format(vrf="OTHER", loopback=1), None),
        (ROUTER.format(vrf="Mgmt-intf", loopback=0), "GigabitEthernet0"),
        (ROUTER.format(vrf="OTHER", loopback=0) + "logging source-interface Loopback7\n", "Loopback7"),
        (ROUTER.format(vrf="OTHER", loopback=0) + "ip ssh source-interface Loopback7\n", "Loopback7"),
        (
            ROUTER.format(vrf="OTHER", loopback=0)
            + "ip ssh source-interface Loopback7\nsnmp-server trap-source Loopback0\n",
            None,
        ),
        (ROUTER.format(vrf="OTHER", loopback=0) + "logging source-interface Loopback9\n", "Loopback0"),
        (SWITCH, "Vlan10"),
        (TWO, None),
        (TWO + "ip default-gateway 198.51.100.1\n", "Vlan20"),
        ("hostname r1\n", None),
    ],
)
def test_it_is_told_by_what_the_device_sends_and_where_it_is_reached(text: str, interface: str | None) -> None:
    service = network_service(network="n")
    (device,) = read_in(service, [Source("x.cfg", text)]).devices
    assert management_interface(device) == interface
