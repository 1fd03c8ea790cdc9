"""The lock-out rule where access lists filter SSH to a management address."""

from collections.abc import Callable, Sequence

import pytest

from cimnet_nornir.domain.access_lists import AccessList
from cimnet_nornir.domain.copying import copy_of
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.validation import NetworkView
from cimnet_nornir.domain.validation.lock_out import lock_out

Make = Callable[[str], Network]
Entry = dict[str, object]

# A core router that is managed by its loopback, between two routers; the switch behind one of them has an SVI.
NET = """devices:
  r0:
    kind: router
    role: core
    management: 10.255.0.1
    ports: Gi0/0-2
    interfaces:
      Loopback0: {address: 10.255.0.1/32}
      Gi0/0: {address: 10.0.0.1/30}
      Gi0/1: {address: 10.0.1.1/30}
      Gi0/2: {address: 10.0.2.1/24}
  r1:
    kind: router
    ports: Gi0/0-2
    interfaces:
      Gi0/0: {address: 10.0.0.2/30}
      Gi0/1: {address: 10.0.99.1/24}
  r2:
    kind: router
    ports: Gi0/0-2
    interfaces:
      Gi0/0: {address: 10.0.1.2/30}
  sw:
    management: 10.0.99.2
    ports: Gi0/1-2
    interfaces:
      Vlan99: {address: 10.0.99.2/24}
      Gi0/1: {mode: access, vlan: 99}
links:
  - [r0 Gi0/0, r1 Gi0/0]
  - [r0 Gi0/1, r2 Gi0/0]
  - [r1 Gi0/1, sw Gi0/1]
"""
SVI = ("sw", "Vlan99")
ANY: Entry = {"action": "permit"}
NO_SSH: Entry = {"action": "deny", "protocol": "tcp", "destination_ports": "22"}
EVERYBODY_ELSE = [NO_SSH, ANY]


@pytest.fixture
def net(network_of: Make) -> Network:
    return network_of(NET)


def entry(words: str) -> Entry:
    """`permit 10.0.0.0/8` with the ports that follow."""
    action, source, *rest = words.split(",")
    return {"action": action, "source": source, **dict(zip(rest[::2], rest[1::2], strict=True))}


def filtered(network: Network, *places: tuple[str, str], by: Sequence[Entry]) -> Network:
    """The network with a list at those interfaces, for what comes in."""
    found = copy_of(network)
    entries = [{"sequence": 10 * number, **each} for number, each in enumerate(by, 1)]
    for device, interface in places:
        acl = AccessList.model_validate({"name": "MGMT", "kind": "extended", "entries": entries})
        found.devices[device].access_lists["MGMT"] = acl
        routed = found.devices[device].interfaces[interface]
        found.devices[device].interfaces[interface] = routed.model_copy(update={"access_group_in": "MGMT"})
    return found


def told(before: Network, after: Network) -> list[tuple[str, str, str]]:
    found = lock_out.check_change(NetworkView(before), NetworkView(after))
    return [(item.severity, f"{item.device} {item.path}", item.message) for item in found]


SHUT = "access list MGMT lets no source reach SSH (tcp 22) at 10.0.99.2, by which sw is managed"
FEWER = "access list MGMT lets fewer sources reach SSH (tcp 22) at 10.0.99.2, by which sw is managed"


def test_a_list_that_lets_nobody_in_by_ssh_is_an_error(net: Network) -> None:
    after = filtered(net, SVI, by=EVERYBODY_ELSE)
    assert told(net, after) == [("error", "sw Vlan99", f"{SHUT}: entry 10 denies any")]
    # What was so before is not of the change.
    assert told(after, after) == []
    assert told(after, net) == []


@pytest.mark.parametrize(
    "entries",
    [
        [entry("permit,any,protocol,udp")],
        [entry("permit,any,protocol,tcp,destination_ports,443")],
        [entry("permit,any,destination,10.0.99.3")],
        [entry("permit,any,protocol,tcp,source_ports,22")],
        [{**ANY, "protocol": "tcp", "established": True}],
        [entry("permit,0.0.0.0/8"), entry("permit,127.0.0.0/8"), entry("permit,224.0.0.0/3")],
        [entry("deny,10.0.0.0/9"), entry("deny,10.128.0.0/9"), entry("permit,10.0.0.0/8")],
        [entry("deny,0.0.0.0/1"), entry("deny,128.0.0.0/1"), ANY],
    ],
)
def test_what_does_not_let_a_host_open_ssh_to_the_address_is_no_way_in(net: Network, entries: list[Entry]) -> None:
    ((severity, place, message),) = told(net, filtered(net, SVI, by=entries))
    assert (severity, place) == ("error", "sw Vlan99")
    assert message.startswith(SHUT)


@pytest.mark.parametrize(
    ("entries", "why"),
    [
        ([entry("deny,10.7.0.0/16"), ANY], "entry 10 denies 10.7.0.0/16"),
        ([entry("permit,10.0.99.0/24")], "no entry permits the others, and no list stood there before"),
        ([entry("permit,192.0.2.9,protocol,tcp,destination_ports,range 20 23")], "no entry permits the others"),
        ([entry("deny,10.0.0.0/9"), entry("permit,10.0.0.0/8")], "no entry permits the others"),
    ],
)
def test_a_list_that_lets_fewer_in_is_a_warning_that_names_the_entry(
    net: Network, entries: list[Entry], why: str
) -> None:
    ((severity, place, message),) = told(net, filtered(net, SVI, by=entries))
    assert (severity, place) == ("warning", "sw Vlan99")
    assert message.startswith(f"{FEWER}: {why}")


@pytest.mark.parametrize(
    "entries",
    [
        [ANY],
        [entry("permit,0.0.0.0/1"), entry("permit,128.0.0.0/1")],
        [entry("deny,any,protocol,tcp,destination_ports,23"), ANY],
        [entry("deny,224.0.0.0/4"), entry("deny,127.0.0.0/8"), ANY],
        [entry("deny,any,protocol,tcp,destination_ports,22,destination,10.0.99.77"), ANY],
    ],
)
def test_a_list_that_leaves_ssh_alone_is_none_of_its_business(net: Network, entries: list[Entry]) -> None:
    assert told(net, filtered(net, SVI, by=entries)) == []


def test_an_entry_that_goes_from_a_list_is_named(net: Network) -> None:
    before = filtered(net, SVI, by=[entry("permit,10.1.0.0/16"), entry("permit,10.2.0.0/16")])
    after = filtered(net, SVI, by=[entry("permit,10.1.0.0/16")])
    gone = "entry 20 of MGMT permitted 10.2.0.0/16 before, and none does now"
    assert told(before, after) == [("warning", "sw Vlan99", f"{FEWER}: {gone}")]


def test_a_wildcard_with_holes_leaves_a_doubt_and_a_warning(net: Network) -> None:
    doubtful = [entry("deny,10.0.0.0/24"), entry("permit,10.0.0.1 0.0.255.0")]
    ((severity, _, _),) = told(net, filtered(net, SVI, by=doubtful))
    assert severity == "warning"


def test_a_list_for_what_goes_out_does_not_filter_what_the_device_itself_sends(net: Network) -> None:
    after = filtered(net, SVI, by=EVERYBODY_ELSE)
    routed = after.devices["sw"].interfaces["Vlan99"]
    outwards = routed.model_copy(update={"access_group_in": None, "access_group_out": "MGMT"})
    after.devices["sw"].interfaces["Vlan99"] = outwards
    assert told(net, after) == []


def test_a_loopback_is_reached_by_what_faces_other_routers(net: Network) -> None:
    one, other = ("r0", "GigabitEthernet0/0"), ("r0", "GigabitEthernet0/1")
    assert [item[:2] for item in told(net, filtered(net, one, by=EVERYBODY_ELSE))] == [("warning", " ".join(one))]
    both = told(net, filtered(net, one, other, by=EVERYBODY_ELSE))
    assert [item[:2] for item in both] == [("error", " ".join(one)), ("error", " ".join(other))]
    # Hosts are there, and no router: to keep them from SSH is good practice.
    assert told(net, filtered(net, ("r0", "GigabitEthernet0/2"), by=EVERYBODY_ELSE)) == []


def test_a_loopback_that_no_router_is_near_is_reached_by_any_interface(net: Network) -> None:
    before = copy_of(net)
    before.links = set()
    places = [("r0", f"GigabitEthernet0/{number}") for number in range(3)]
    assert {item[0] for item in told(before, filtered(before, *places[:2], by=EVERYBODY_ELSE))} == {"warning"}
    assert {item[0] for item in told(before, filtered(before, *places, by=EVERYBODY_ELSE))} == {"error"}
