"""Devices taken over into a network that has others: what differs becomes commands, the rest stays."""

from ipaddress import IPv4Address, IPv4Interface

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.features.blocks import ConfigurationBlock
from cimnet_nornir.domain.features.sharing import SharedAddresses
from cimnet_nornir.domain.network import Link, Network
from cimnet_nornir.domain.taking_over import commands_taking_over, share_addresses
from cimnet_nornir.domain.values import DeviceKind, RoutedInterface
from cimnet_nornir.domain.working import Working

PORTS = ("GigabitEthernet0/0", "GigabitEthernet0/1")
PORT, OTHER = PORTS
BLOCK = ConfigurationBlock(name="snmp", lines=("snmp-server location here",))


def router(name: str, address: str | None = None, *, ports: tuple[str, ...] = PORTS) -> Device:
    made = Device(
        "lan", name, name, DeviceKind.ROUTER, DeviceDetails(vendor="cisco", platform="ios"), ports, routing=True
    )
    if address:
        made.interfaces[PORT] = RoutedInterface(addresses=(IPv4Interface(address),))
    return made


def after(network: Network, *commands: c.Command) -> Network:
    working = Working(network)
    for command in commands:
        working.execute(command)
    working.finish()
    return working.network


def lan(*devices: Device, links: set[Link] | None = None) -> Network:
    return Network("lan", created=True, links=links or set(), devices={device.id: device for device in devices})


def test_devices_become_what_they_are_and_the_network_is_created_first() -> None:
    commands = commands_taking_over(Network("lan"), [router("a", "10.0.0.1/24")], [])
    assert isinstance(commands[0], c.CreateNetwork)
    made = after(Network("lan"), *commands)
    assert made.devices["a"] == router("a", "10.0.0.1/24")


def test_taking_the_same_over_again_needs_nothing() -> None:
    assert commands_taking_over(lan(router("a", "10.0.0.1/24")), [router("a", "10.0.0.1/24")]) == ()


def test_what_a_device_has_no_more_goes_and_others_stay() -> None:
    before = router("a", "10.0.0.1/24")
    before.features[BLOCK.identity] = BLOCK
    network = lan(before, router("b", "10.0.1.1/24"))
    made = after(network, *commands_taking_over(network, [router("a", "10.0.0.9/24")]))
    assert made.devices["a"].features == {}
    assert made.devices["a"].interfaces[PORT].addresses == (IPv4Interface("10.0.0.9/24"),)
    assert made.devices["b"] == router("b", "10.0.1.1/24")


def test_ports_and_cables_stay_and_new_cables_come() -> None:
    cable = Link(("a", PORT), ("b", PORT))
    network = lan(router("a"), router("b"), router("c"), links={cable})
    fewer = router("a", ports=(OTHER,))
    new = Link(("a", OTHER), ("c", PORT))
    made = after(network, *commands_taking_over(network, [fewer], [new]))
    assert made.devices["a"].ports == PORTS
    assert made.links == {cable, new}


def test_addresses_on_two_devices_are_shared_and_said() -> None:
    one, other, third = router("a", "10.0.0.1/32"), router("b", "10.0.0.1/32"), router("c", "10.0.0.3/32")
    whole = lan(one, other, third)
    assert share_addresses([one, other, third], whole) == (f"10.0.0.1 is on a {PORT} and on b {PORT}",)
    shared = SharedAddresses(interface=PORT)
    assert one.features == other.features == {shared.identity: shared}
    assert third.features == {}
    made = after(Network("lan"), *commands_taking_over(Network("lan"), [one, other, third]))
    assert made.devices.keys() == {"a", "b", "c"}


def test_the_management_address_of_another_is_shared_too() -> None:
    managed = router("b")
    managed.details = managed.details.model_copy(update={"management": IPv4Address("10.0.0.1")})
    one = router("a", "10.0.0.1/24")
    assert share_addresses([one], lan(one, managed)) == (f"10.0.0.1 is on a {PORT} and on b management",)
    assert one.features
