"""A host side that cannot be is found where the network is checked, and not only when somebody deploys it."""

from typing import Literal

from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.bootstrap import network_service

Runtime = Literal["docker", "podman"]


def served(runtime: Runtime) -> NetworkService:
    """A host with two container networks, one of Docker and one of another runtime, each with a container."""
    service = network_service()
    service.create_network("net", "10.0.0.0/16")
    service.add_host("srv1", ports=["eno1"])
    networks: dict[str, tuple[str, Runtime]] = {"a": ("10.1.0.0/24", "docker"), "b": ("10.2.0.0/24", runtime)}
    for name, (subnet, chosen) in networks.items():
        service.create_container_network(name, subnet=subnet, hosts=["srv1"], runtime=chosen)
        service.attach_container(name, f"on-{name}", host="srv1", image="nginx:1")
    return service


def test_images_under_two_runtimes_on_one_host_are_found() -> None:
    service = served("podman")
    (finding,) = [each.finding for each in service.check().findings if each.finding.rule == "host-side"]
    assert (finding.severity, finding.device) == ("error", "srv1")
    assert "starts containers by one of them only" in finding.message


def test_a_host_side_that_can_be_is_no_finding() -> None:
    assert not [each for each in served("docker").check().findings if each.finding.rule == "host-side"]
