"""Addresses that an address pool has given out: a definition that wants them is refused before and when declared."""

from collections.abc import Callable
from ipaddress import IPv4Interface
from pathlib import Path

import pytest

from cimnet_nornir.application.changes import open_request
from cimnet_nornir.application.checking import check_file
from cimnet_nornir.application.declaring import DefinitionFile, read_file
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.envelope import Append
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.values import RoutedInterface
from cimnet_nornir.errors import DefinitionError, DuplicateIpAddress
from cimnet_nornir.store import EventStore

FILE = """\
network: net
defaults: {vendor: cisco, platform: ios}
vlans: {10: users}
devices:
  sw1:
    kind: switch
    routing: true
    ports: Gi0/1-4
    interfaces:
      Vlan10: {address: 10.0.1.1/24}
  r1:
    kind: router
    ports: Gi0/1-4
  h1: {kind: host, ports: [eno1]}
links:
  - [h1 eno1, sw1 Gi0/1]
container_networks:
  web:
    vlan: 10
    hosts: [h1]
    containers:
      one: {address: 10.0.1.40}
"""
WANTED = """\
    ports: Gi0/1-4
    interfaces:
      GigabitEthernet0/2:
        description: printers
        address: 10.0.2.20/24
  h1:"""

Declared = Callable[[str], DefinitionFile]


@pytest.fixture
def declared(service: NetworkService, tmp_path: Path) -> Declared:
    """Declares the network, of which a pool hands out addresses; then gives the file with another text."""
    path = tmp_path / "t.yaml"

    def read(text: str) -> DefinitionFile:
        path.write_text(text)
        found, problems = read_file(service, path)
        assert problems == ()
        assert found is not None
        return found

    read(FILE).declare(service)
    service.create_pool("campus", "10.0.0.0/16")
    for subnet in ("10.0.1.0/24", "10.0.2.0/24"):
        service.allocate_subnet("campus", subnet=subnet)
    return read


@pytest.mark.parametrize("owner", ["printer7", "interface sw1 Vlan20"])
def test_an_interface_cannot_have_what_a_pool_gave_out_and_its_line_is_told(
    declared: Declared, service: NetworkService, owner: str
) -> None:
    """An address for the interface of a device is held by the device, which may have it later or never."""
    service.assign_address("10.0.2.0/24", owner, address="10.0.2.20")
    file = declared(FILE.replace("    ports: Gi0/1-4\n  h1:", WANTED))
    head = service.store.head()
    asks = (lambda: file.preview(service), lambda: check_file(service, file), lambda: file.declare(service))
    for ask in asks:
        with pytest.raises(DefinitionError) as refused:
            ask()
        assert (refused.value.line, refused.value.field) == (17, "devices.r1.interfaces.GigabitEthernet0/2.address")
        assert refused.value.problem == (
            f"10.0.2.20 is given out by the address pool campus (to {owner}); r1 GigabitEthernet0/2 cannot have it"
        )
    assert service.store.head() == head


def test_what_a_pool_gave_to_the_interface_itself_is_declared(declared: Declared, service: NetworkService) -> None:
    service.assign_address("10.0.2.0/24", "interface r1 GigabitEthernet0/2", address="10.0.2.20")
    file = declared(FILE.replace("    ports: Gi0/1-4\n  h1:", WANTED))
    assert [event.type_name() for _, event in file.preview(service).events] == ["RouterInterfaceConfigured"]
    assert file.declare(service).events


@pytest.mark.parametrize(
    ("new", "line"),
    [
        ("      two: {address: 10.0.1.41}\n", 23),
        ("      two:\n        image: nginx\n        address: 10.0.1.41\n", 25),
    ],
)
def test_a_container_with_an_address_that_is_taken_is_told_with_its_line(
    declared: Declared, service: NetworkService, new: str, line: int
) -> None:
    service.assign_address("10.0.1.0/24", "vm db", address="10.0.1.41")
    file = declared(FILE + new)
    for ask in (file.preview, file.declare):
        with pytest.raises(DefinitionError, match=r"10\.0\.1\.41 in the container network web is taken") as refused:
            ask(service)
        assert (refused.value.line, refused.value.field) == (line, "container_networks.web.containers.two.address")


def test_a_container_gets_the_same_address_in_a_preview_as_when_it_is_declared(
    declared: Declared, service: NetworkService
) -> None:
    """The next address of the range is one that a pool gave out: both pass it over."""
    share = service.network().container_networks["web"].settings.hosts["h1"].range
    service.assign_address("10.0.1.0/24", "vm db", address=str(share.first))
    file = declared(FILE + "      two: {image: nginx}\n")
    (planned,) = file.preview(service).events
    recorded = next(stored.event for stored in file.declare(service).events if stored.type == "ContainerAttached")
    assert planned[1] == recorded


def test_an_address_that_a_pool_gives_out_meanwhile_is_refused_as_if_it_had_been_so_before(
    declared: Declared, service: NetworkService, store: EventStore
) -> None:
    del declared

    def decide(network: Network) -> tuple[c.Command, ...]:
        if not any(stored for stored in store.read_all(types=("AddressAssigned",))):
            service.assign_address("10.0.2.0/24", "vm db", address="10.0.2.20")
        wanted = RoutedInterface(addresses=(IPv4Interface("10.0.2.20/24"),))
        return (c.ConfigureRouterInterface(device="r1", interface="GigabitEthernet0/2", configuration=wanted),)

    with pytest.raises(DuplicateIpAddress, match=r"by the address pool campus \(to vm db\)") as refused:
        service.change(decide, command="try", arguments={})
    assert refused.value.subject == "r1 GigabitEthernet0/2"


@pytest.mark.parametrize(
    ("owner", "words"),
    [("container-network:net/db", "the container network db"), ("vm-network:net/vms", "the VM network vms")],
)
def test_an_address_that_another_network_holds_is_told_in_words(
    declared: Declared, service: NetworkService, owner: str, words: str
) -> None:
    """A key that no event of intent shows: what a writer in between leaves to the one that comes too late."""
    _, request = open_request(service.actor, "hold", {})
    service.store.append(Append((request,), claim={"address:net/10.0.2.50": owner}))
    file = declared(FILE.replace("    ports: Gi0/1-4\n  h1:", WANTED.replace("10.0.2.20", "10.0.2.50")))
    with pytest.raises(DefinitionError, match=f"10.0.2.50 is held by {words}$") as refused:
        file.declare(service)
    assert refused.value.line == 17
