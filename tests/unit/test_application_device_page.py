"""One device's page: what is declared of each port, what was observed, and how fast it counts."""

from datetime import UTC, datetime, timedelta

import pytest

from cimnet_nornir.application.collecting import collect
from cimnet_nornir.application.device_page import DevicePage, device_page
from cimnet_nornir.application.device_ports import HeardAt, PortEnd, PortView
from cimnet_nornir.application.observations import SeenNeighbor
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.values import PortChannel, PortConfiguration, RoutedInterface, StaticRoute, TrunkMode
from cimnet_nornir.errors import DeviceNotFound
from tests.unit.memory_devices import MemoryDevice, MemoryDevices

G1, G2, G3, G4 = (f"GigabitEthernet0/{number}" for number in range(1, 5))


@pytest.fixture
def port() -> MemoryDevices:
    devices = MemoryDevices({"sw1": MemoryDevice(), "r1": MemoryDevice()}, datetime.now(UTC))
    for name in (G1, G4):
        devices.devices["sw1"].set(name, speed=1000)
    devices.devices["sw1"].set("Vlan1", enabled=False, up=False)
    devices.devices["r1"].set(G1)
    devices.devices["sw1"].neighbors = (
        SeenNeighbor(port=G4, name="r1.example.net", remote_port=G1, protocol="cdp"),
    )  # fmt: skip
    return devices


def ports(page: DevicePage) -> dict[str, PortView]:
    return {view.name: view for view in page.ports}


def test_before_anything_was_observed_the_page_tells_what_is_declared(small: NetworkService) -> None:
    page = device_page(small, "SW1")
    assert (page.status.name, page.status.health, page.observed) == ("sw1", "unknown", None)
    assert [view.name for view in page.ports] == [G1, G2, G3, G4]
    found = ports(page)
    assert (found[G1].mode, found[G1].vlans, found[G1].description) == ("access", "10", "desk")
    assert (found[G4].mode, found[G4].vlans, found[G4].native) == ("trunk", "all", 1)
    assert found[G4].peer == PortEnd(device="r1", name="r1", port=G1)
    assert (found[G2].mode, found[G2].peer, found[G2].up, found[G2].cabling) == ("", None, None, None)
    assert found[G4].cabling == "unknown"
    (vlan,) = page.vlans
    assert (vlan.vlan, vlan.name, vlan.tagged, vlan.untagged) == (10, "users", (G4,), (G1,))
    (routed,) = (view for view in device_page(small, "r1").ports if view.name == G1)
    assert (routed.mode, routed.addresses, routed.shut) == ("routed", ("192.0.2.1/24",), False)


def test_what_was_observed_stands_beside_it_with_rates_between_the_last_two_readings(
    small: NetworkService, port: MemoryDevices
) -> None:
    collect(small, port)
    once = ports(device_page(small, "sw1"))
    assert (once[G1].up, once[G1].in_bps, once[G1].speed) == (True, None, 1000)
    assert (once["Vlan1"].kind, once["Vlan1"].declared, once["Vlan1"].enabled) == ("svi", False, False)
    assert once[G4].heard == HeardAt(name="r1.example.net", port=G1, device="r1")
    assert once[G4].cabling == "ok"

    port.now += timedelta(seconds=10)
    port.devices["sw1"].set(G1, in_octets=12_500, out_octets=1_250, in_errors=3)
    collect(small, port)
    page = device_page(small, "sw1")
    assert page.observed == port.now
    g1 = ports(page)[G1]
    assert (g1.in_bps, g1.out_bps, g1.in_errors, g1.out_errors) == (10_000.0, 1_000.0, 3, 0)

    port.now += timedelta(seconds=10)
    port.devices["sw1"].set(G1, in_octets=5)
    collect(small, port)
    assert ports(device_page(small, "sw1"))[G1].in_bps is None


def test_the_page_of_a_moment_is_as_it_was(small: NetworkService, port: MemoryDevices) -> None:
    before = device_page(small, "sw1")
    collect(small, port)
    at = small.store.head()
    then = device_page(small, "sw1")
    port.now += timedelta(minutes=1)
    port.devices["sw1"].set(G1, up=False)
    collect(small, port)
    small.execute(c.RenameDevice(device="r1", name="core1"))
    assert device_page(small, "sw1", at).ports == then.ports
    assert device_page(small, "sw1", at - 5).ports == before.ports
    now = ports(device_page(small, "sw1"))
    assert now[G1].up is False
    assert now[G4].peer == PortEnd(device="r1", name="core1", port=G1)


def test_routing_and_port_channels_are_told_in_words(small: NetworkService) -> None:
    small.execute(
        c.AddStaticRoute(
            device="r1", route=StaticRoute.model_validate({"prefix": "0.0.0.0/0", "next_hop": "192.0.2.254"})
        ),
        c.ConfigureRouterInterface(
            device="r1",
            interface="Loopback0",
            configuration=RoutedInterface.model_validate({"addresses": ["198.51.100.1/32"], "enabled": False}),
        ),
        c.ConfigurePortChannel(device="sw2", number=1, channel=PortChannel(members=(G1, G2))),
        c.ConfigurePort(device="sw2", port="Port-channel1", configuration=_trunk()),
    )
    router = device_page(small, "r1")
    assert router.routing == ("route 0.0.0.0/0 via 192.0.2.254",)
    loopback = ports(router)["Loopback0"]
    assert (loopback.kind, loopback.shut) == ("loopback", True)
    switch = device_page(small, "sw2")
    assert switch.routing == ("Po1: active, Gi0/1, Gi0/2",)
    assert (ports(switch)[G1].bundle, ports(switch)["Port-channel1"].kind) == ("Port-channel1", "port-channel")


def _trunk() -> PortConfiguration:
    return PortConfiguration(switching=TrunkMode())


def test_who_is_not_there_is_told(small: NetworkService) -> None:
    with pytest.raises(DeviceNotFound, match="there is no device 'sw9'"):
        device_page(small, "sw9")
    with pytest.raises(DeviceNotFound):
        device_page(small, "sw1", 0)
