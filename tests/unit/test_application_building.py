"""A network set up by the facade: the network and its pool, devices, cables, ports and interfaces."""

from collections.abc import Callable
from ipaddress import IPv4Address

import pytest

from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.hosting.values import Internal
from cimnet_nornir.domain.network import Link
from cimnet_nornir.domain.values import (
    DeviceKind,
    HostInterfaceConfiguration,
    OspfInterface,
    PortConfiguration,
    TrunkMode,
)
from cimnet_nornir.errors import (
    AlreadyExists,
    DeviceNotFound,
    DuplicateIpAddress,
    InvalidValue,
    NotFound,
    PortNotFound,
    RuleViolated,
    VlanNotFound,
)
from cimnet_nornir.store import EventStore

ServiceMaker = Callable[..., NetworkService]


@pytest.fixture
def datacenter(store: EventStore) -> NetworkService:
    """A network with a router and a switch, as a program makes it from nothing."""
    service = NetworkService(store)
    service.create_network("datacenter", "10.0.0.0/16")
    service.add_router("r1", ports=3, model="ISR4331", role="core", site="hq", management="192.0.2.1")
    service.add_switch("sw1", ports=48)
    return service


def test_a_network_comes_with_a_pool_of_its_name(datacenter: NetworkService) -> None:
    assert datacenter.network_name == "datacenter"
    assert datacenter.network().created
    assert [(pool.name, str(pool.prefix)) for pool in datacenter.pools()] == [("datacenter", "10.0.0.0/16")]
    assert str(datacenter.allocate_subnet("datacenter", 24, name="lab", vlan=100)) == "10.0.0.0/24"


def test_a_network_without_a_prefix_has_no_pool(store: EventStore) -> None:
    service = NetworkService(store)
    service.create_network("bare")
    assert service.pools() == ()
    with pytest.raises(AlreadyExists, match="network 'bare' already"):
        service.create_network("bare")
    with pytest.raises(RuleViolated, match="this is the network 'bare', not 'other'"):
        service.create_network("other")


def test_what_is_no_prefix_or_name_leaves_nothing_behind(store: EventStore) -> None:
    service = NetworkService(store)
    with pytest.raises(InvalidValue, match=r"^prefix: "):
        service.create_network("datacenter", "10.0.0.1/16")
    with pytest.raises(InvalidValue, match=r"^name: 'data center' is no name"):
        service.create_network("data center")
    assert (store.head(), service.network_name) == (0, "")
    with pytest.raises(NotFound, match="there is no network"):
        service.network()


def test_a_number_of_ports_makes_them_by_the_usual_names(datacenter: NetworkService) -> None:
    devices = datacenter.network().devices
    assert devices["sw1"].ports == tuple(f"GigabitEthernet1/0/{number}" for number in range(1, 49))
    assert devices["r1"].ports == tuple(f"GigabitEthernet0/0/{number}" for number in range(3))
    details = devices["r1"].details
    assert (details.vendor, details.platform, details.model, details.role, details.site, str(details.management)) == (
        "cisco",
        "iosxe",
        "ISR4331",
        "core",
        "hq",
        "192.0.2.1",
    )


def test_ports_may_be_named(datacenter: NetworkService) -> None:
    datacenter.add_switch("sw2", ports="fa0/1-2,Gi0/1", routing=True, platform="ios")
    datacenter.add_switch("sw3", ports=("Te1/1/1", "gi1/0/1-2"))
    datacenter.add_host("h1", ports=["eno1", "eno2"])
    devices = datacenter.network().devices
    assert devices["sw2"].ports == ("FastEthernet0/1", "FastEthernet0/2", "GigabitEthernet0/1")
    assert (devices["sw2"].routing, devices["sw2"].details.platform) == (True, "ios")
    assert devices["sw3"].ports == ("TenGigabitEthernet1/1/1", "GigabitEthernet1/0/1", "GigabitEthernet1/0/2")
    assert (devices["h1"].kind, devices["h1"].ports) == (DeviceKind.HOST, ("eno1", "eno2"))
    assert devices["sw1"].ports[0] == "GigabitEthernet1/0/1"


@pytest.mark.parametrize("number", [-1, 1025, 10**9])
def test_a_number_of_ports_that_no_device_has_is_refused(datacenter: NetworkService, number: int) -> None:
    head = datacenter.store.head()
    with pytest.raises(InvalidValue, match=f"a device has 0 to 1024 ports, not {number}"):
        datacenter.add_switch("sw9", ports=number)
    assert datacenter.store.head() == head


def test_a_single_name_is_not_taken_for_its_letters(datacenter: NetworkService) -> None:
    datacenter.add_host("h1", ports="eno1")
    assert datacenter.network().devices["h1"].ports == ("eno1",)
    datacenter.create_vlan(100, on="sw1")
    datacenter.create_container_network("web", hosts="h1", subnet="172.16.0.0/24")
    datacenter.create_vm_network("vms", hosts="h1", kind=Internal())
    datacenter.create_container_network("db", hosts=(host for host in ("h1",)), subnet="172.17.0.0/24")
    assert {tuple(each.settings.hosts) for each in datacenter.network().container_networks.values()} == {("h1",)}
    assert tuple(datacenter.network().vm_networks["vms"].settings.hosts) == ("h1",)


def test_each_step_is_a_request_that_says_what_was_asked(datacenter: NetworkService) -> None:
    result = datacenter.add_switch("sw2", ports=2)
    request = result.events[0].event.model_dump()
    assert request == {"command": "add switch", "arguments": {"name": "sw2"}}
    assert [event.type for event in result.events] == ["ChangeRequested", "SwitchAdded"]


def test_cables_are_plugged_in_and_out(datacenter: NetworkService) -> None:
    datacenter.add_host("h1", ports=["eno1"])
    datacenter.connect("R1 gi0/0/1", "sw1 Gi1/0/48")
    datacenter.connect("h1 eno1", "sw1  GigabitEthernet1/0/1")
    uplink = Link(("r1", "GigabitEthernet0/0/1"), ("sw1", "GigabitEthernet1/0/48"))
    server = Link(("h1", "eno1"), ("sw1", "GigabitEthernet1/0/1"))
    assert datacenter.network().links == {uplink, server}
    datacenter.disconnect("sw1 gi1/0/48", "r1 gi0/0/1")
    assert datacenter.network().links == {server}
    with pytest.raises(PortNotFound, match="sw1 has no port GigabitEthernet9/9"):
        datacenter.connect("r1 Gi0/0/1", "sw1 Gi9/9")
    with pytest.raises(DeviceNotFound, match="no device 'sw9'"):
        datacenter.connect("r1 Gi0/0/1", "sw9 Gi1/0/1")
    with pytest.raises(InvalidValue, match="port"):
        datacenter.connect("r1", "sw1 Gi1/0/2")


def test_a_device_goes_with_its_cables(datacenter: NetworkService) -> None:
    datacenter.connect("r1 Gi0/0/1", "sw1 Gi1/0/48")
    datacenter.remove_device("R1")
    network = datacenter.network()
    assert (list(network.devices), network.links) == (["sw1"], set())


def test_ports_and_interfaces_are_configured(datacenter: NetworkService) -> None:
    datacenter.create_vlan(100, "lab", on=["sw1"])
    datacenter.configure_port("sw1", "gi1/0/1", vlan=100, description="desk", portfast=True)
    datacenter.configure_trunk("sw1", "gi1/0/48", allowed="100")
    datacenter.configure_trunk("sw1", "gi1/0/47", allowed=[1, 100], native_vlan=100)
    datacenter.configure_trunk("sw1", "gi1/0/46")
    datacenter.add_interface("sw1", "Vlan100", "10.0.0.1/24", description="lab")
    datacenter.add_interface("r1", "gi0/0/1", "192.0.2.1/31", "198.51.100.1/24")
    datacenter.add_route("r1", "0.0.0.0/0", "192.0.2.0", name="internet")
    devices = datacenter.network().devices
    ports = devices["sw1"].switch_ports
    assert ports["GigabitEthernet1/0/1"].model_dump(exclude_defaults=True) == {
        "description": "desk",
        "switching": {"vlan": 100},
        "portfast": True,
    }
    modes = [ports[f"GigabitEthernet1/0/{number}"].switching for number in (48, 47, 46)]
    assert modes == [
        TrunkMode(allowed=frozenset({100})),
        TrunkMode(native_vlan=100, allowed=frozenset({1, 100})),
        TrunkMode(),
    ]
    assert [str(each) for each in devices["r1"].interfaces["GigabitEthernet0/0/1"].addresses] == [
        "192.0.2.1/31",
        "198.51.100.1/24",
    ]
    assert devices["sw1"].interfaces["Vlan100"].description == "lab"
    assert str(devices["r1"].routes[0].next_hop) == "192.0.2.0"
    datacenter.reset_port("sw1", "gi1/0/46")
    assert "GigabitEthernet1/0/46" not in datacenter.network().devices["sw1"].switch_ports


def test_an_interface_takes_part_in_ospf(datacenter: NetworkService) -> None:
    from cimnet_nornir.domain import commands as c
    from cimnet_nornir.domain.values import OspfProcess

    process = OspfProcess.model_validate({"router_id": "192.0.2.1"})
    datacenter.execute(c.ConfigureOspf(device="r1", process=process))
    datacenter.add_interface("r1", "gi0/0/1", "192.0.2.1/31", ospf=OspfInterface(area=0))
    configured = datacenter.network().devices["r1"].interfaces["GigabitEthernet0/0/1"]
    assert configured.ospf == OspfInterface(area=0)


def test_refusals_are_typed_and_record_nothing(datacenter: NetworkService) -> None:
    datacenter.add_interface("r1", "gi0/0/1", "192.0.2.1/31")
    head = datacenter.store.head()
    with pytest.raises(VlanNotFound, match="needs VLAN 7"):
        datacenter.configure_port("sw1", "gi1/0/1", vlan=7)
    with pytest.raises(InvalidValue, match=r"^vlan: VLAN ids are"):
        datacenter.configure_port("sw1", "gi1/0/1", vlan=0)
    with pytest.raises(InvalidValue, match=r"^colour: "):
        datacenter.configure_port("sw1", "gi1/0/1", vlan=1, colour="red")
    with pytest.raises(DuplicateIpAddress):
        datacenter.add_interface("r1", "gi0/0/2", "192.0.2.1/31")
    with pytest.raises(InvalidValue, match="lacks its prefix length"):
        datacenter.add_interface("r1", "gi0/0/2", "192.0.2.9")
    with pytest.raises(AlreadyExists):
        datacenter.add_router("sw1")
    with pytest.raises(InvalidValue, match="platform 'nxos' of cisco is not known"):
        datacenter.add_switch("sw2", platform="nxos")
    assert datacenter.store.head() == head
    assert PortConfiguration() not in datacenter.network().devices["sw1"].switch_ports.values()


def test_ports_become_one_and_ports_by_themselves_again(datacenter: NetworkService) -> None:
    datacenter.configure_port_channel("sw1", 1, "GigabitEthernet1/0/1-2", mode="passive")
    datacenter.configure_trunk("sw1", "Po1", allowed="1")
    switch = datacenter.network().devices["sw1"]
    assert switch.port_channels[1].members == ("GigabitEthernet1/0/1", "GigabitEthernet1/0/2")
    assert switch.port_channels[1].mode == "passive"
    assert switch.switch_ports["Port-channel1"].switching == TrunkMode(allowed=frozenset({1}))
    with pytest.raises(RuleViolated, match="has a mode of its own"):
        datacenter.configure_trunk("sw1", "Gi1/0/1")
    with pytest.raises(RuleViolated, match="sw1 Port-channel1 is configured; reset it first"):
        datacenter.remove_port_channel("sw1", 1)
    datacenter.reset_port("sw1", "Po1")
    datacenter.remove_port_channel("sw1", 1)
    assert not datacenter.network().devices["sw1"].port_channels


def test_what_is_no_port_channel_or_bond_is_refused_in_a_line(datacenter: NetworkService) -> None:
    with pytest.raises(InvalidValue, match="number: "):
        datacenter.configure_port_channel("sw1", 129, "Gi1/0/1")
    with pytest.raises(InvalidValue, match="members: GigabitEthernet1/0/1 is named twice"):
        datacenter.configure_port_channel("sw1", 1, ["Gi1/0/1", "gi1/0/1"])
    with pytest.raises(InvalidValue, match="mode: "):
        datacenter.configure_port_channel("sw1", 1, "Gi1/0/1", mode="lacp")  # type: ignore[arg-type]  # what is tried
    with pytest.raises(RuleViolated, match="r1 is a router"):
        datacenter.configure_bond("r1", "bond0", ["Gi0"])


def test_cards_become_one_and_cards_by_themselves_again(datacenter: NetworkService) -> None:
    datacenter.add_host("h1", ports=["eno1", "eno2"])
    datacenter.configure_bond("h1", "bond0", ["eno1", "eno2"], mode="active-backup")
    assert datacenter.network().devices["h1"].bonds["bond0"].mode == "active-backup"
    datacenter.remove_bond("h1", "bond0")
    datacenter.remove_bond("h1", "bond0")
    assert not datacenter.network().devices["h1"].bonds


def test_a_host_gets_addresses_of_its_own_and_they_are_taken_back(datacenter: NetworkService) -> None:
    datacenter.add_host("h1", ports=["eno1", "eno2"])
    before = datacenter.store.head()
    datacenter.add_host_interface("h1", "eno2", "192.0.2.10/24", gateway="192.0.2.7", mtu=9000, description="to sw1")
    datacenter.add_host_interface("h1", "lo", "10.255.0.9/32")
    datacenter.add_route("h1", "198.51.100.0/24", "192.0.2.8")
    host = datacenter.network().devices["h1"]
    assert host.interfaces["eno2"] == HostInterfaceConfiguration.model_validate(
        {"addresses": ["192.0.2.10/24"], "gateway": "192.0.2.7", "mtu": 9000, "description": "to sw1"}
    )
    assert host.default_gateways == {"eno2": IPv4Address("192.0.2.7")}
    with pytest.raises(DuplicateIpAddress, match=r"192\.0\.2\.10 is on h1 eno2 and on sw1 Vlan1"):
        datacenter.add_interface("sw1", "Vlan1", "192.0.2.10/24")
    datacenter.rollback(before)
    host = datacenter.network().devices["h1"]
    assert (host.interfaces, host.routes) == ({}, ())
