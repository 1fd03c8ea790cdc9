"""A network under change: what holds over the whole, which keys it takes, what it read."""

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

import pytest

from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.keys import unique_keys
from cimnet_nornir.domain.network import Link, Network
from cimnet_nornir.domain.values import Endpoint, RoutedInterface, StaticRoute
from cimnet_nornir.domain.working import Working
from cimnet_nornir.errors import AlreadyExists, DeviceNotFound, DuplicateIpAddress, NotFound, PortNotFound, RuleViolated

DETAILS = e.DeviceDetails(vendor="cisco", platform="ios")
GI0, GI1 = "GigabitEthernet0/0", "GigabitEthernet0/1"


def router(device: str, name: str = "", management: str | None = None) -> c.AddRouter:
    details = {"vendor": "cisco", "platform": "ios", "management": management}
    fields = {"device": device, "name": name or device, "details": details, "ports": ("Gi0/0", "Gi0/1")}
    return c.AddRouter.model_validate(fields)


def address(device: str, interface: str, *addresses: str) -> c.ConfigureRouterInterface:
    configuration = RoutedInterface.model_validate({"addresses": addresses})
    return c.ConfigureRouterInterface(device=device, interface=interface, configuration=configuration)


def link(one: str, other: str) -> c.ConnectLink:
    return c.ConnectLink(a=end(one), b=end(other))


def end(text: str) -> Endpoint:
    device, port = text.split()
    return Endpoint(device=device, port=port)


def given(*commands: c.Command) -> Network:
    working = when(Network("net"), c.CreateNetwork(name="net"), *commands)
    working.finish()
    return working.network


def when(network: Network, *commands: c.Command) -> Working:
    working = Working(network)
    for command in commands:
        working.execute(command)
    return working


def test_events_are_collected_in_order_with_their_streams() -> None:
    working = when(Network("net"), c.CreateNetwork(name="net"), router("a"), router("b"), link("b gi0/0", "a gi0/0"))
    working.finish()
    assert [(stream, type(event).__name__) for stream, event in working.events] == [
        ("network:net", "NetworkCreated"),
        ("device:net/a", "RouterAdded"),
        ("device:net/b", "RouterAdded"),
        ("network:net", "LinkConnected"),
    ]
    assert working.touched == {"network:net", "device:net/a", "device:net/b"}


def test_a_command_that_changes_nothing_still_names_what_it_read() -> None:
    working = when(given(router("a")), c.RenameDevice(device="a", name="a"))
    assert working.events == []
    assert working.touched == {"network:net", "device:net/a"}


def test_linking_reads_both_devices() -> None:
    assert when(given(router("a"), router("b")), link("a gi0/0", "b gi0/0")).touched == {
        "network:net",
        "device:net/a",
        "device:net/b",
    }


def test_a_link_there_already_is_nothing_to_do_in_either_direction() -> None:
    network = given(router("a"), router("b"), link("a gi0/0", "b gi0/0"))
    assert when(network, link("b gi0/0", "a gi0/0")).events == []


def test_a_link_is_disconnected_from_either_end_once() -> None:
    network = given(router("a"), router("b"), link("a gi0/0", "b gi0/0"))
    unplug = c.DisconnectLink(a=end("b gi0/0"), b=end("a gi0/0"))
    working = when(network, unplug, unplug)
    assert working.events == [("network:net", e.LinkDisconnected(a=end(f"b {GI0}"), b=end(f"a {GI0}")))]
    assert network.links == set()


REFUSED: list[tuple[c.Command, type[Exception], str, str]] = [
    (c.CreateNetwork(name="net"), AlreadyExists, "net", "there is a network 'net' already"),
    (c.CreateNetwork(name="other"), RuleViolated, "other", "this is the network 'net'"),
    (link("a gi0/0", "a gi0/1"), RuleViolated, f"a {GI0}", "not a with itself"),
    (link("a gi0/1", "x gi0/0"), DeviceNotFound, "x", "there is no device 'x' to link"),
    (link("a gi0/9", "b gi0/1"), PortNotFound, "a GigabitEthernet0/9", "a has no port"),
    (link("a gi0/0", "b gi0/1"), AlreadyExists, f"a {GI0}", "is linked to b GigabitEthernet0/0 already"),
    (link("b gi0/1", "a gi0/0"), AlreadyExists, f"a {GI0}", "is linked to b GigabitEthernet0/0 already"),
    (c.RemoveDevice(device="x"), DeviceNotFound, "x", "there is no device 'x'"),
]


@pytest.mark.parametrize(("command", "error", "subject", "words"), REFUSED)
def test_a_command_against_the_network_is_refused(
    command: c.Command, error: type[Any], subject: str, words: str
) -> None:
    network = given(router("a"), router("b"), link("a gi0/0", "b gi0/0"))
    with pytest.raises(error) as refused:
        when(network, command)
    assert type(refused.value) is error
    assert refused.value.subject == subject
    assert words in refused.value.message


def test_a_device_of_a_network_that_is_not_there_is_refused() -> None:
    with pytest.raises(NotFound, match="there is no network 'net'") as refused:
        when(Network("net"), router("a"))
    assert refused.value.subject == "net"


def test_the_port_of_a_link_is_read_as_the_kind_of_its_device_names_ports() -> None:
    details = e.DeviceDetails(vendor="nixos", platform="nixos")
    network = given(router("a"), c.AddHost(device="h", name="h", details=details, ports=("eth0",)))
    working = when(network, link("h eth0", "a gi0/0"))
    assert [event for _, event in working.events] == [e.LinkConnected(a=end("h eth0"), b=end(f"a {GI0}"))]
    assert when(network, link("a gig0/0", "h eth0")).events == []
    with pytest.raises(PortNotFound, match="h has no port eth1"):
        when(network, link("h eth1", "a gi0/1"))


def test_a_removed_device_takes_its_links_along() -> None:
    network = given(router("a"), router("b"), router("x"), link("a gi0/0", "b gi0/0"), link("b gi0/1", "x gi0/0"))
    working = when(network, c.RemoveDevice(device="a"))
    working.finish()
    assert [event for _, event in working.events] == [
        e.DeviceRemoved(),
        e.LinkDisconnected(a=end(f"a {GI0}"), b=end(f"b {GI0}")),
    ]
    assert set(network.devices) == {"b", "x"}
    assert network.links == {Link(("b", GI1), ("x", GI0))}


def test_a_removed_port_takes_its_link_along_and_no_other() -> None:
    network = given(router("a"), router("b"), router("x"), link("a gi0/0", "b gi0/0"), link("b gi0/1", "x gi0/0"))
    when(network, c.RemovePorts(device="b", ports=("gi0/0",)))
    assert network.links == {Link(("b", GI1), ("x", GI0))}


def test_a_removed_device_can_be_added_again() -> None:
    working = when(given(router("a")), c.RemoveDevice(device="a"), router("a"))
    working.finish()
    assert [type(event) for _, event in working.events] == [e.DeviceRemoved, e.RouterAdded]
    assert (working.claims(), working.releases()) == ({}, {})


def refusal(error: type[Any], *commands: c.Command) -> tuple[str, str]:
    working = when(Network("net"), c.CreateNetwork(name="net"), *commands)
    with pytest.raises(error) as refused:
        working.finish()
    assert type(refused.value) is error
    return refused.value.subject, refused.value.message


@pytest.mark.parametrize(
    "second", [[router("b", "CORE")], [router("b"), c.RenameDevice(device="b", name="CORE")]], ids=["added", "renamed"]
)
def test_a_host_name_is_taken_in_upper_and_lower_case(second: list[c.Command]) -> None:
    subject, message = refusal(AlreadyExists, router("a", "core"), *second)
    assert subject == "CORE"
    assert message == "the name 'CORE' of the device 'b' is taken by the device 'a'"


def test_names_can_be_exchanged() -> None:
    network = given(router("a", "one"), router("b", "two"))
    working = when(network, c.RenameDevice(device="a", name="two"), c.RenameDevice(device="b", name="one"))
    working.finish()
    assert working.claims() == {"name:net/two": "device:net/a", "name:net/one": "device:net/b"}
    assert working.releases() == {"name:net/one": "device:net/a", "name:net/two": "device:net/b"}


def test_a_renamed_device_keeps_its_id_and_its_stream() -> None:
    network = given(router("a", "one"))
    working = when(network, c.RenameDevice(device="a", name="uno"))
    assert working.events == [("device:net/a", e.DeviceRenamed(name="uno"))]
    assert network.devices["a"].name == "uno"


DUPLICATES: list[tuple[list[c.Command], str]] = [
    ([address("a", GI0, "192.0.2.1/24"), address("b", GI1, "192.0.2.1/30")], f"b {GI1}"),
    ([address("a", GI0, "192.0.2.1/24"), address("b", "Lo0", "192.0.2.99/32", "192.0.2.1/32")], "b Loopback0"),
    ([address("a", GI0, "192.0.2.1/24"), address("a", GI1, "192.0.2.1/24")], f"a {GI1}"),
]


@pytest.mark.parametrize(("commands", "subject"), DUPLICATES)
def test_an_address_is_on_one_interface_only(commands: list[c.Command], subject: str) -> None:
    where, message = refusal(DuplicateIpAddress, router("a"), router("b"), *commands)
    assert where == subject
    assert message == f"192.0.2.1 is on a {GI0} and on {subject}"


def test_two_devices_are_not_managed_at_one_address() -> None:
    subject, _ = refusal(DuplicateIpAddress, router("a", management="192.0.2.1"), router("b", management="192.0.2.1"))
    assert subject == "b management"


def test_a_device_is_not_managed_at_an_address_of_another() -> None:
    commands = (router("a", management="192.0.2.1"), router("b"), address("b", GI0, "192.0.2.1/24"))
    subject, message = refusal(DuplicateIpAddress, *commands)
    assert (subject, message) == (f"b {GI0}", f"192.0.2.1 is on a management and on b {GI0}")


def test_a_device_is_managed_at_an_address_of_its_own() -> None:
    network = given(router("a", management="192.0.2.1"), address("a", GI0, "192.0.2.1/24"))
    assert unique_keys(network.devices["a"]) == {"name:net/a": "a", "address:net/192.0.2.1": f"a {GI0}"}


def test_tunnels_on_this_machine_may_share_its_address() -> None:
    network = given(router("a", management="127.0.0.1"), router("b", management="127.0.0.1"))
    assert unique_keys(network.devices["b"]) == {"name:net/b": "b"}


def test_an_address_moves_between_devices_in_any_order() -> None:
    network = given(router("a"), router("b"), address("a", GI0, "192.0.2.1/24"))
    working = when(network, address("b", GI0, "192.0.2.1/24"), address("a", GI0, "192.0.2.2/24"))
    working.finish()
    assert working.claims() == {"address:net/192.0.2.1": "device:net/b", "address:net/192.0.2.2": "device:net/a"}
    assert working.releases() == {"address:net/192.0.2.1": "device:net/a"}


def test_an_address_that_moves_within_a_device_is_neither_claimed_nor_released() -> None:
    network = given(router("a"), address("a", GI0, "192.0.2.1/24"))
    working = when(network, address("a", GI1, "192.0.2.1/24"), c.RemoveRouterInterface(device="a", interface=GI0))
    working.finish()
    assert (working.claims(), working.releases()) == ({}, {})


def test_a_removed_device_gives_all_its_keys_back() -> None:
    network = given(router("a", management="192.0.2.9"), address("a", GI0, "192.0.2.1/24"))
    device = network.devices["a"]
    working = when(network, c.RemoveDevice(device="a"))
    assert set(working.releases()) == {"name:net/a", "address:net/192.0.2.1", "address:net/192.0.2.9"}
    assert working.claims() == {}
    assert unique_keys(device) == {}


@pytest.mark.parametrize("other", ["192.0.2.129/25", "192.0.2.2/24", "192.0.3.1/23"])
def test_subnets_of_two_interfaces_of_a_device_do_not_overlap(other: str) -> None:
    subject, message = refusal(RuleViolated, router("a"), address("a", GI0, "192.0.2.1/24"), address("a", GI1, other))
    assert subject == f"a {GI1}"
    assert f"overlaps 192.0.2.0/24 on {GI0}" in message


def test_secondary_addresses_may_share_the_subnet_of_the_primary() -> None:
    network = given(router("a"), address("a", GI0, "192.0.2.1/24", "192.0.2.2/24"))
    assert len(network.devices["a"].interfaces[GI0].addresses) == 2


def test_two_devices_share_a_subnet() -> None:
    network = given(router("a"), router("b"), address("a", GI0, "192.0.2.1/24"), address("b", GI0, "192.0.2.2/24"))
    assert set(network.devices) == {"a", "b"}


def test_a_route_does_not_point_at_its_own_device() -> None:
    route = StaticRoute.model_validate({"prefix": "0.0.0.0/0", "next_hop": "192.0.2.1"})
    commands = (router("a"), address("a", GI0, "192.0.2.1/24"), c.AddStaticRoute(device="a", route=route))
    subject, message = refusal(RuleViolated, *commands)
    assert subject == f"a {GI0}"
    assert message == f"the next hop 192.0.2.1 of 0.0.0.0/0 is a {GI0} itself"


def test_collected_events_are_not_changed_by_later_commands() -> None:
    switch = c.AddSwitch(device="s", name="s", details=DETAILS, ports=("gi0/0",))
    tree: dict[int, int] = {10: 4096}
    first: Iterable[c.Command] = (
        c.CreateNetwork(name="net"),
        switch,
        c.CreateVlan(device="s", vlan=10, name="users"),
        c.ConfigureSpanningTree(device="s", mode="mst", priorities=tree),
    )
    working = when(Network("net"), *first)
    kept = deepcopy(working.events)
    tree.clear()
    for command in (
        c.RenameVlan(device="s", vlan=10, name="staff"),
        c.ConfigureSpanningTree(device="s", mode="mst", priorities={10: 8192}),
        c.RemoveVlan(device="s", vlan=10),
        c.RemovePorts(device="s", ports=("gi0/0",)),
    ):
        working.execute(command)
    assert working.events[: len(kept)] == kept
