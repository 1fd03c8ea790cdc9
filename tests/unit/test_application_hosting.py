"""The facade's container and VM networks: set up by host names, refused with what is in the way."""

from concurrent.futures import ThreadPoolExecutor
from itertools import combinations

import pytest

from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.hosting.values import AddressRange, Bridge, HostWish, Internal
from cimnet_nornir.errors import (
    ContainerNetworkNotFound,
    DeviceNotFound,
    InvalidValue,
    NetworkInUse,
    RuleViolated,
    VmNetworkNotFound,
)


@pytest.fixture
def served(service: NetworkService) -> NetworkService:
    """A layer-3 switch with VLAN 100, and two servers on it."""
    service.create_network("net")
    service.add_switch("sw1", ports=4, routing=True)
    service.create_vlan(100, "servers", on=["sw1"])
    service.add_interface("sw1", "Vlan100", "10.0.100.1/24")
    for number in (1, 2):
        service.add_host(f"srv{number}", ports=("eno1",))
        service.connect(f"srv{number} eno1", f"sw1 Gi1/0/{number}")
    return service


def test_a_container_network_is_set_up_by_names(served: NetworkService) -> None:
    made = served.create_container_network("web", hosts=["srv1"], vlan=100, dns=["10.0.100.1"])
    kinds = [stored.type for stored in made.events]
    assert kinds == ["ChangeRequested", "ContainerNetworkCreated", "HostsAssigned", "PortConfigured"]
    assert len({stored.correlation_id for stored in made.events}) == 1
    attached = served.attach_container("web", "nginx", image="nginx:1.27")
    event = attached.events[-1].event
    assert isinstance(event, e.ContainerAttached)
    assert (event.host, str(event.address)) == ("srv1", "10.0.100.32")
    assert [network.name for network in served.container_networks()] == ["web"]
    with pytest.raises(NetworkInUse, match="nginx; detach them first") as refused:
        served.remove_container_network("web")
    assert refused.value.users == ("nginx",)
    served.detach_container("web", "nginx")
    removed = served.remove_container_network("web")
    assert [stored.type for stored in removed.events[1:]] == ["ContainerNetworkRemoved", "PortReset"]
    assert served.container_networks() == ()


def test_what_is_asked_of_each_host_is_told_by_name(served: NetworkService) -> None:
    asked = {"srv1": HostWish(range=AddressRange.parse("10.0.100.200-10.0.100.209")), "srv2": HostWish(uplink="eno1")}
    served.create_container_network("web", hosts=asked, vlan=100)
    (network,) = served.container_networks()
    assert str(network.settings.hosts["srv1"].range) == "10.0.100.200-10.0.100.209"
    with pytest.raises(RuleViolated, match="web is on several hosts; say which: srv1 or srv2"):
        served.attach_container("web", "nginx")
    served.attach_container("web", "nginx", host="srv2")


def test_a_vm_network_is_set_up_by_names(served: NetworkService) -> None:
    served.create_vm_network("vms", hosts=["srv1"], vlan=100, inbound_mbps=1000)
    served.attach_vm("vms", "vm1", address="10.0.100.9")
    (network,) = served.vm_networks()
    assert (str(network.vms["vm1"].address), network.settings.bandwidth.inbound_mbps) == ("10.0.100.9", 1000)
    with pytest.raises(NetworkInUse, match="vm1; detach them first"):
        served.remove_vm_network("vms")
    served.detach_vm("vms", "vm1")
    served.remove_vm_network("vms")
    served.create_vm_network("lab", hosts=["srv1"], kind=Internal())
    assert [network.name for network in served.vm_networks()] == ["lab"]


def test_those_who_attach_and_create_at_once_never_get_the_same(served: NetworkService) -> None:
    served.create_container_network("web", hosts=["srv1"], vlan=100)
    bridges = {name: Bridge(name=f"br-{name}") for name in ("a", "b", "c")}

    def work(name: str) -> None:
        served.create_container_network(name, hosts=["srv1", "srv2"], vlan=100, driver=bridges[name])
        for number in range(5):
            served.attach_container("web", f"{name}{number}")

    with ThreadPoolExecutor(max_workers=3) as pool:
        list(pool.map(work, bridges))
    networks = served.container_networks()
    shares = [share for network in networks for share in network.settings.hosts.values()]
    assert sorted(share.number for share in shares) == list(range(1, 8))
    assert not any(one.range.overlaps(other.range) for one, other in combinations(shares, 2))
    containers = [container for network in networks for container in network.containers.values()]
    assert len({container.address for container in containers}) == len(containers) == 15


def test_what_is_not_there_or_cannot_be_is_refused_by_name(served: NetworkService) -> None:
    with pytest.raises(DeviceNotFound, match="there is no device 'srv3'"):
        served.create_container_network("web", hosts=["srv3"], vlan=100)
    with pytest.raises(InvalidValue, match="vlan"):
        served.create_container_network("web", hosts=["srv1"], vlan=5000)
    with pytest.raises(ContainerNetworkNotFound, match="no container network 'web'"):
        served.attach_container("web", "nginx")
    with pytest.raises(ContainerNetworkNotFound, match="no container network 'web'"):
        served.remove_container_network("web")
    with pytest.raises(VmNetworkNotFound, match="no VM network 'vms'"):
        served.attach_vm("vms", "vm1")
    assert served.container_networks() == ()
