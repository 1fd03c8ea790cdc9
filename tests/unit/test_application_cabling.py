"""Cabling: what is heard, laid over what is declared; each verdict, and names as devices say them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cimnet_nornir.application.cabling import Cable, Listening, cables
from cimnet_nornir.application.cabling_of import cabling_by_link, network_cabling, of_devices
from cimnet_nornir.application.collecting import collect
from cimnet_nornir.application.observations import SeenNeighbor
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.network import Link, Network
from cimnet_nornir.errors import DeviceUnreachable
from tests.unit.memory_devices import MemoryDevice, MemoryDevices

NetworkMaker = Callable[[str], Network]
DEFINITION = """\
devices:
  dist1: {ports: [GigabitEthernet1/0/1-4]}
  acc1: {ports: [GigabitEthernet1/0/1-4]}
  acc2: {ports: [GigabitEthernet1/0/1-4]}
  srv1: {kind: host, platform: nixos, ports: [eno1]}
links:
  - [dist1 Gi1/0/1, acc1 Gi1/0/1]
  - [dist1 Gi1/0/2, acc2 Gi1/0/1]
  - [acc1 Gi1/0/2, srv1 eno1]
"""


def gi(number: int) -> str:
    return f"GigabitEthernet1/0/{number}"


def hears(port: int, name: str, remote: int | str, protocol: str = "cdp") -> SeenNeighbor:
    return SeenNeighbor(
        port=gi(port), name=name, remote_port=gi(remote) if isinstance(remote, int) else remote, protocol=protocol
    )


ALL_UP = {device: [gi(number) for number in range(1, 5)] for device in ("dist1", "acc1", "acc2")}
NAMES = {name: name for name in ("dist1", "acc1", "acc2", "srv1")}
AS_DECLARED = {
    "dist1": [hears(1, "acc1", 1), hears(2, "acc2", 1)],
    "acc1": [hears(1, "dist1", 1)],
    "acc2": [hears(1, "dist1", 2)],
}


@pytest.fixture(scope="module")
def network(network_of: NetworkMaker) -> Network:
    return network_of(DEFINITION)


def listening(**heard: list[SeenNeighbor] | None) -> Listening:
    """All is as declared but for what these devices hear; None for one that was not asked."""
    everything = {**AS_DECLARED, **heard}
    return Listening({device: said for device, said in everything.items() if said is not None}, ALL_UP, NAMES)


def told(network: Network, what: Listening) -> dict[str, str]:
    """Verdicts by the ends of each cable."""
    return {_words(cable): cable.verdict for cable in cables(network, what)}


def _words(cable: Cable) -> str:
    return " ".join(f"{device}:{port.removeprefix('GigabitEthernet1/0/')}" for device, port in (cable.a, cable.b))


def reasons(network: Network, what: Listening) -> Mapping[str, str]:
    return {_words(cable): cable.reason for cable in cables(network, what)}


LINKS = {"acc1:1 dist1:1": "ok", "acc2:1 dist1:2": "ok", "acc1:2 srv1:eno1": "unknown"}


def test_what_is_cabled_as_declared_is_ok_and_a_server_is_unknown(network: Network) -> None:
    assert told(network, listening()) == LINKS
    assert reasons(network, listening())["acc1:2 srv1:eno1"] == "srv1 was not asked, or does not answer"


def test_where_nobody_was_asked_it_is_said_once(network: Network) -> None:
    what = listening(acc1=None, dist1=None)
    nobody = replace(what, up={})
    assert reasons(network, nobody)["acc1:1 dist1:1"] == "neither end was asked, or answers"


@pytest.mark.parametrize("name", ["ACC1", "acc1.example.net", "Acc1.lab", "acc1(FDO1234X0AB)", "acc1.a.b(FDO1)"])
def test_names_are_compared_in_either_case_with_and_without_domain(network: Network, name: str) -> None:
    assert told(network, listening(acc1=[], dist1=[hears(1, name, 1), hears(2, "acc2", 1)])) == LINKS


def test_a_device_that_still_has_another_name_is_known_by_the_one_it_says(network: Network) -> None:
    what = listening(acc1=[], dist1=[hears(1, "old-acc1.net", 1), hears(2, "acc2", 1)])
    assert told(network, what)["acc1:1 dist1:1"] == "wrong"
    assert told(network, replace(what, hostnames={"acc1": "OLD-acc1", "gone": "x"})) == LINKS


def test_one_end_that_hears_the_other_is_enough(network: Network) -> None:
    assert told(network, listening(acc1=[])) == LINKS
    assert told(network, listening(acc1=None)) == LINKS


def test_it_is_missing_where_neither_hears_the_other_though_both_ends_are_up(network: Network) -> None:
    what = listening(acc1=[], dist1=[hears(2, "acc2", 1)])
    assert told(network, what) == LINKS | {"acc1:1 dist1:1": "missing"}


def test_nothing_is_known_where_an_end_was_not_asked_or_is_down(network: Network) -> None:
    dist1 = [hears(2, "acc2", 1)]
    unasked = listening(acc1=None, dist1=dist1)
    assert told(network, unasked)["acc1:1 dist1:1"] == "unknown"
    down = replace(listening(acc1=[], dist1=dist1), up=ALL_UP | {"acc1": [gi(2)]})
    assert told(network, down)["acc1:1 dist1:1"] == "unknown"
    assert reasons(network, down)["acc1:1 dist1:1"] == "acc1 Gi1/0/1 is not up"


def test_another_port_or_another_device_is_wrong_and_told_once(network: Network) -> None:
    port = listening(acc1=[hears(4, "dist1", 1)], dist1=[hears(1, "acc1", 4), hears(2, "acc2", 1)])
    assert told(network, port) == LINKS | {"acc1:1 dist1:1": "wrong"}
    assert reasons(network, port)["acc1:1 dist1:1"] == "dist1 Gi1/0/1 hears acc1 Gi1/0/4"
    stranger = listening(acc1=[hears(1, "printer", "eth0")], dist1=[hears(2, "acc2", 1)])
    assert told(network, stranger)["acc1:1 dist1:1"] == "wrong"


def test_two_cables_that_were_swapped_are_both_wrong(network: Network) -> None:
    swapped = listening(
        dist1=[hears(1, "acc2", 1), hears(2, "acc1", 1)], acc1=[hears(1, "dist1", 2)], acc2=[hears(1, "dist1", 1)]
    )
    assert told(network, swapped) == LINKS | {"acc1:1 dist1:1": "wrong", "acc2:1 dist1:2": "wrong"}


def test_what_is_heard_where_nothing_is_declared_is_unexpected_and_told_once(network: Network) -> None:
    what = listening(
        acc1=[*AS_DECLARED["acc1"], hears(3, "acc2", 3), hears(3, "acc2.example.net", 3, "lldp")],
        acc2=[*AS_DECLARED["acc2"], hears(3, "acc1", 3), hears(4, "SEP001122334455", "Port 1")],
    )
    assert told(network, what) == LINKS | {"acc1:3 acc2:3": "unexpected", "acc2:4 SEP001122334455:Port 1": "unexpected"}


def test_what_a_server_says_of_itself_counts_where_it_names_a_port_that_is_declared(network: Network) -> None:
    heard = {"eno1": "ok", "52:54:00:12:34:56": "ok"}
    for port, verdict in heard.items():
        what = listening(acc1=[*AS_DECLARED["acc1"], hears(2, "srv1.example.net", port, "lldp")])
        assert told(network, what)["acc1:2 srv1:eno1"] == verdict
    other = listening(acc1=[*AS_DECLARED["acc1"], hears(2, "srv9", "eno1", "lldp")])
    assert told(network, other)["acc1:2 srv1:eno1"] == "wrong"


def test_others_behind_the_same_port_are_told_beside_the_right_one_only_where_it_is_not_heard(network: Network) -> None:
    what = listening(dist1=[*AS_DECLARED["dist1"], hears(1, "hub-guest", "eth0")])
    assert told(network, what) == LINKS


# --- of a network's observations --------------------------------------------------------------------------------------

PORT = "GigabitEthernet0/{}".format


def seen(number: int, name: str, remote: int) -> tuple[SeenNeighbor, ...]:
    return (SeenNeighbor(port=PORT(number), name=name, remote_port=PORT(remote), protocol="lldp"),)


def test_the_cabling_of_a_moment_is_what_was_heard_until_then(small: NetworkService) -> None:
    port = MemoryDevices({name: MemoryDevice() for name in ("sw1", "sw2", "r1")}, datetime.now(UTC))
    for device, number in (("sw1", 4), ("r1", 1), ("sw2", 2)):
        port.devices[device].set(PORT(number))
    link = Link(("r1", PORT(1)), ("sw1", PORT(4)))
    assert cabling_by_link(small) == {link: "unknown"}
    before = small.store.head()
    port.devices["sw1"].neighbors, port.devices["r1"].neighbors = seen(4, "r1", 1), seen(1, "sw1", 4)
    collect(small, port)
    first = small.store.head()
    assert cabling_by_link(small) == {link: "ok"}

    port.now = datetime.now(UTC)
    port.devices["sw1"].neighbors, port.devices["r1"].neighbors = seen(4, "sw2", 2), ()
    port.devices["sw2"].set(PORT(3))
    collect(small, port)
    assert cabling_by_link(small) == {link: "wrong"}
    assert cabling_by_link(small, first) == {link: "ok"}
    assert cabling_by_link(small, before) == {link: "unknown"}

    port.devices["sw1"].silent = DeviceUnreachable("sw1: gone", subject="sw1")
    collect(small, port)
    assert cabling_by_link(small) == {link: "unknown"}


def test_cables_are_chosen_by_the_devices_at_their_ends(network: Network) -> None:
    found = cables(network, listening())
    assert [_words(cable) for cable in of_devices(found, frozenset({"acc2"}))] == ["acc2:1 dist1:2"]


def test_before_anything_was_collected_every_link_is_unknown(small: NetworkService) -> None:
    (cable,) = network_cabling(small)
    assert (cable.verdict, cable.declared) == ("unknown", True)
