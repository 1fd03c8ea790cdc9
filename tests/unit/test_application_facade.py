"""A complete network set up by a Python program: from nothing to its graph and its Nix text, in a store in memory."""

from collections.abc import Iterator
from typing import Any

import pytest

from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.bootstrap import network_service
from cimnet_nornir.domain import commands as c
from cimnet_nornir.errors import DeviceNotFound, InvalidValue, SettingsError, VlanInUse
from cimnet_nornir.store import EventStore
from tests.nix_evaluation import evaluated

UPLINK = "GigabitEthernet1/0/48"


@pytest.fixture
def datacenter() -> Iterator[NetworkService]:
    """A router with the gateway of VLAN 100, a switch, and two hosts that carry a container network on it."""
    service = network_service(reason="first rollout")
    service.create_network("datacenter", "10.0.0.0/16")
    service.add_router("r1", ports=2, management="192.0.2.1")
    service.add_switch("sw1", ports=48)
    service.add_switch("sw2", ports=48, routing=True)
    service.connect("r1 GigabitEthernet0/0/0", f"sw2 {UPLINK}")
    service.connect("sw1 GigabitEthernet1/0/47", "sw2 GigabitEthernet1/0/47")
    for number in (1, 2):
        service.add_host(f"h{number}", ports=["eno1"])
        service.connect(f"h{number} eno1", f"sw1 GigabitEthernet1/0/{number}")
    lab = service.allocate_subnet("datacenter", 24, name="lab", vlan=100)
    service.create_vlan(100, "lab")
    service.add_interface("sw2", "Vlan100", f"{lab.network_address + 1}/24")
    service.create_container_network("apps", vlan=100, hosts=["h1", "h2"])
    service.attach_container("apps", "web1", host="h1", image="nginx:1.27")
    service.create_vm_network("machines", vlan=100, hosts=["h1"])
    service.attach_vm("machines", "ci", host="h1")
    yield service
    service.store.close()


def test_its_configuration_is_rendered(datacenter: NetworkService) -> None:
    lines = datacenter.render(["sw1"])["sw1"].splitlines()
    start = lines.index("interface GigabitEthernet1/0/1")
    assert " switchport trunk allowed vlan 1,100" in lines[start : start + 8]
    assert "vlan 100" in lines
    assert datacenter.vlans()[0].continuous


def test_its_graph_has_cables_vlan_and_containers(datacenter: NetworkService) -> None:
    graph: Any = datacenter.context_graph()
    assert graph.name == "datacenter"
    assert graph.has_edge("device:h1", "device:sw1")
    assert graph.has_edge("container-network:apps", "vlan:100")
    assert graph.has_edge("container:apps/web1", "device:h1")
    assert graph.has_edge("vm:machines/ci", "vm-network:machines")
    assert graph.has_edge("vlan:100", "subnet:10.0.0.0/24")
    cable = next(iter(graph.get_edge_data("device:sw1", "device:sw2").values()))
    assert (cable["relation"], cable["vlans"]) == ("link", "1,100")


def test_its_hosts_are_told_in_nix(datacenter: NetworkService) -> None:
    modules = datacenter.nix_modules()
    assert list(modules) == ["h1", "h2"]
    assert modules["h1"] == datacenter.nix_module("h1")
    topology = evaluated(datacenter.nix_topology())
    assert topology["network"] == "datacenter"
    assert topology["containerNetworks"]["apps"]["gateway"] == "10.0.0.1"
    assert topology["hosts"]["h1"]["bridges"]["br-vlan100"]["port"] == "vlan100"
    assert topology["hosts"]["h1"]["bridges"]["br-vlan100"]["networks"] == ["apps", "machines"]
    assert topology["vmNetworks"]["machines"]["vms"]["ci"]["host"] == "h1"
    ranges = [host["range"] for host in topology["containerNetworks"]["apps"]["hosts"].values()]
    assert len({each["first"] for each in ranges}) == 2
    packages = '{ docker = "/docker"; libvirt = "/libvirt"; podman = "/podman"; }'
    units = evaluated(f"({modules['h1']}) {{ pkgs = {packages}; }}")["systemd"]["network"]
    bridge = {"Name": "br-vlan100", "Kind": "bridge", "Description": "apps, machines"}
    assert units["netdevs"]["40-br-vlan100"]["netdevConfig"] == bridge
    assert units["networks"]["40-eno1"]["vlan"] == ["vlan100"]
    assert "addresses" not in units["networks"]["40-br-vlan100"]


def test_its_past_can_be_shown_too(datacenter: NetworkService) -> None:
    head = datacenter.store.head()
    datacenter.remove_device("r1")
    before: Any = datacenter.context_graph(head)
    after: Any = datacenter.context_graph()
    assert ("device:r1" in before, "device:r1" in after) == (True, False)
    assert "r1 =" in datacenter.nix_topology(head)
    assert "r1 =" not in datacenter.nix_topology()
    assert datacenter.nix_modules(head) == datacenter.nix_modules()


def test_the_vlan_of_a_container_network_stays(datacenter: NetworkService) -> None:
    with pytest.raises(VlanInUse) as caught:
        datacenter.remove_vlan(100)
    assert caught.value.users == ("sw2 Vlan100 (SVI)", "apps (container network)", "machines (VM network)")
    with pytest.raises(VlanInUse, match=r"VLAN 100 is used: apps \(container network\), machines"):
        datacenter.remove_vlan(100, on=["sw1"])


def test_only_hosts_have_modules(datacenter: NetworkService) -> None:
    with pytest.raises(InvalidValue, match="sw1 is a switch, not a host"):
        datacenter.nix_module("sw1")
    with pytest.raises(DeviceNotFound, match="no host 'h9'"):
        datacenter.nix_module("h9")


def test_a_service_without_a_generator_says_so(store: EventStore) -> None:
    service = NetworkService(store)
    service.create_network("bare")
    assert service.context_graph().number_of_nodes() == 0
    with pytest.raises(SettingsError, match="built without a generator for hosts") as caught:
        service.nix_topology()
    assert caught.value.subject == "host_generator"


def test_another_reason_keeps_the_generator(datacenter: NetworkService) -> None:
    assert datacenter.acting(reason="CHG-7").nix_topology() == datacenter.nix_topology()


def test_a_service_is_wired_on_any_store(store: EventStore) -> None:
    service = network_service(store, "net", environment="real")
    assert service.store is store
    assert (service.network_name, service.environment, service.actor.reason) == ("net", "real", None)
    service.execute(c.CreateNetwork(name="net"))
    assert network_service(store, "net").network().created
    assert service.engine.templates == network_service(store, "net").engine.templates
