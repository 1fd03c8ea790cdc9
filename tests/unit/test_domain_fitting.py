"""Devices as they were read, cut down to what intent can have."""

from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from cimnet_nornir.domain.access_lists import AccessList, AclRule
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.features.blocks import ConfigurationBlock
from cimnet_nornir.domain.features.sharing import SharedAddresses
from cimnet_nornir.domain.fitting import fitting
from cimnet_nornir.domain.routing_values import BgpNeighbor, BgpRouter, EigrpProcess
from cimnet_nornir.domain.values import (
    AccessMode,
    DeviceKind,
    OspfInterface,
    OspfProcess,
    PortChannel,
    PortConfiguration,
    RoutedInterface,
    StaticRoute,
)

PORTS = ("GigabitEthernet0/0", "GigabitEthernet0/1")
PORT, OTHER = PORTS
ADDRESS = IPv4Interface("192.0.2.1/24")


def router(**fields: object) -> Device:
    return device(DeviceKind.ROUTER, routing=True, **fields)


def switch(**fields: object) -> Device:
    return device(DeviceKind.SWITCH, **fields)


def device(kind: DeviceKind, **fields: object) -> Device:
    made = Device("", "r1", "r1", kind, DeviceDetails(vendor="cisco", platform="ios"), PORTS)
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def test_what_fits_stays_as_it_is() -> None:
    acl = AccessList(name="EDGE", kind="extended", entries=(AclRule(sequence=10, action="permit"),))
    whole = router(
        access_lists={"EDGE": acl},
        ospf={1: OspfProcess(router_id=IPv4Address("192.0.2.1"))},
        interfaces={PORT: RoutedInterface(addresses=(ADDRESS,), access_group_in="EDGE", ospf=OspfInterface(area=0))},
        routes=(StaticRoute(prefix=IPv4Network("10.0.0.0/8"), next_hop=IPv4Address("192.0.2.9")),),
    )
    assert fitting(whole) == whole


def test_of_an_interface_only_the_part_that_is_refused_is_left_out() -> None:
    found = fitting(
        router(
            interfaces={PORT: RoutedInterface(addresses=(ADDRESS,), access_group_in="NONE", ospf=OspfInterface(area=0))}
        )
    )
    assert found.interfaces == {PORT: RoutedInterface(addresses=(ADDRESS,))}
    unusable = RoutedInterface(description="odd", addresses=(IPv4Interface("192.0.2.0/24"),))
    assert fitting(router(interfaces={PORT: unusable})).interfaces == {PORT: RoutedInterface(description="odd")}


def test_an_interface_that_no_device_of_the_kind_has_is_left_out() -> None:
    vlan = RoutedInterface(addresses=(ADDRESS,))
    assert fitting(router(interfaces={"Vlan10": vlan})).interfaces == {}
    assert fitting(switch(interfaces={"Loopback0": vlan})).interfaces == {}
    assert fitting(switch(interfaces={"Vlan10": vlan}, vlans={10: None})).interfaces == {"Vlan10": vlan}


def test_vlans_that_cannot_be_created_and_what_needs_them_are_left_out() -> None:
    port = PortConfiguration(description="desk", switching=AccessMode(vlan=1002))
    found = fitting(switch(vlans={1: "default", 10: "users", 20: "two words", 1002: None}, switch_ports={PORT: port}))
    assert found.vlans == {10: "users"}
    assert found.switch_ports == {PORT: PortConfiguration(description="desk")}


def test_interfaces_whose_subnets_overlap_share_them() -> None:
    other = RoutedInterface(addresses=(IPv4Interface("192.0.2.200/25"),))
    found = fitting(router(interfaces={PORT: RoutedInterface(addresses=(ADDRESS,)), OTHER: other}))
    assert set(found.interfaces) == set(PORTS)
    assert found.settings_of("shared-addresses") == (SharedAddresses(interface=OTHER), SharedAddresses(interface=PORT))


def test_routes_and_neighbours_that_are_the_device_itself_are_left_out() -> None:
    own = StaticRoute(prefix=IPv4Network("10.0.0.0/8"), next_hop=ADDRESS.ip)
    bgp = BgpRouter(as_number=65001, neighbors=(BgpNeighbor(address=ADDRESS.ip, remote_as=65002),))
    found = fitting(router(interfaces={PORT: RoutedInterface(addresses=(ADDRESS,))}, routes=(own,), bgp=bgp))
    assert found.routes == ()
    assert found.bgp is None


def test_one_wrong_process_takes_no_other_with_it() -> None:
    wrong = EigrpProcess(as_number=2, passive_interfaces=("Loopback9",))
    right = EigrpProcess(as_number=1)
    bgp = BgpRouter(as_number=65001)
    found = fitting(router(eigrp={1: right, 2: wrong}, bgp=bgp))
    assert found.eigrp == {1: right}
    assert found.bgp == bgp


def test_settings_of_what_is_not_there_are_left_out_and_blocks_stay() -> None:
    block = ConfigurationBlock(name="snmp", lines=("snmp-server location here",))
    stray = SharedAddresses(interface="Loopback9")
    found = fitting(router(features={each.identity: each for each in (block, stray)}))
    assert found.features == {block.identity: block}


def test_members_of_a_port_channel_that_is_no_bundle_are_left_out() -> None:
    channel = PortChannel(members=(PORT,))
    assert fitting(switch(port_channels={1: channel})).port_channels == {1: channel}
    strange = PortChannel(members=("GigabitEthernet0/9",))
    assert fitting(switch(port_channels={1: strange})).port_channels == {}
