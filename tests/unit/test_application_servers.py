"""Hosts that carry containers: in the inventory, and left alone by all that has to do with IOS."""

from collections.abc import Callable
from pathlib import Path

import pytest
from nornir.core import Nornir
from nornir.core.task import Result, Task
from nornir.plugins.runners import SerialRunner

from cimnet_nornir.application.selection import choose, without_servers
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.bootstrap.lab import lab_spec
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.values import Endpoint
from cimnet_nornir.errors import DeviceUnreachable, InvalidInput, RenderError
from cimnet_nornir.inventory.builder import build_inventory
from cimnet_nornir.tasks import cimnet_plan, cimnet_push, cimnet_render, cimnet_verify
from cimnet_nornir.tasks.login import require_address


@pytest.fixture
def served(small: NetworkService) -> NetworkService:
    """The small network with a server on sw1."""
    details = DeviceDetails(vendor="nixos", platform="nixos", role="server")
    end = Endpoint(device="srv1", port="eno1")
    small.execute(
        c.AddHost(device="srv1", name="srv1", details=details, ports=("eno1", "eno2")),
        c.ConnectLink(a=end, b=Endpoint(device="sw1", port="GigabitEthernet0/2")),
    )
    return small


def test_a_server_is_in_the_inventory_with_its_kind_and_platform(served: NetworkService, tmp_path: Path) -> None:
    inventory = build_inventory(served, at=None, endpoints=None, known_hosts=tmp_path / "known_hosts")
    host = inventory.hosts["srv1"]
    assert host.platform == "nixos"
    assert {"kind__host", "platform__nixos", "role__server"} <= {group.name for group in host.groups}
    assert host["neighbours"] == {"eno1": "sw1 GigabitEthernet0/2"}


def test_nothing_is_rendered_for_a_server(served: NetworkService) -> None:
    assert sorted(served.render()) == ["r1", "sw1", "sw2"]
    assert [device.name for device in served.devices()] == ["r1", "sw1", "sw2"]
    with pytest.raises(RenderError, match="srv1 is a host: there is no IOS configuration for it"):
        served.render(["srv1"])
    assert "srv1" not in served.blame()


def test_commands_about_ios_leave_servers_out_and_refuse_one_that_is_named(served: NetworkService) -> None:
    hosts = served.hosts()
    assert choose(without_servers(hosts, ()), (), ()) == ("r1", "sw1", "sw2")
    with pytest.raises(InvalidInput, match="srv1 is a host: there is no IOS configuration for it") as refused:
        without_servers(hosts, ("sw1", "srv1"))
    assert refused.value.subject == "srv1"


def test_a_server_that_is_deployed_to_is_among_the_devices(served: NetworkService) -> None:
    hosts = served.hosts()
    assert choose(without_servers(hosts, ("srv1",), {"srv1"}.__contains__), (), ()) == ("r1", "srv1", "sw1", "sw2")


def test_the_lab_simulates_no_server_and_no_cable_to_one(served: NetworkService) -> None:
    spec = lab_spec(served)
    assert [device.name for device in spec.devices] == ["r1", "sw1", "sw2"]
    assert all("srv1" not in (link.a[0], link.b[0]) for link in spec.links)


def test_a_session_to_a_server_says_that_a_lab_has_none(served: NetworkService, tmp_path: Path) -> None:
    inventory = build_inventory(served, at=None, endpoints={}, known_hosts=tmp_path / "known_hosts")

    def connect(task: Task) -> Result:
        with pytest.raises(DeviceUnreachable, match="srv1 is a server, and a lab has none"):
            require_address(task)
        return Result(host=task.host)

    results = Nornir(inventory=inventory, runner=SerialRunner()).filter(name="srv1").run(task=connect)
    assert not results.failed


@pytest.mark.parametrize(
    "task", [cimnet_render, cimnet_plan, cimnet_verify, cimnet_push], ids=lambda task: task.__name__
)
def test_a_task_leaves_a_server_alone(served: NetworkService, tmp_path: Path, task: Callable[..., Result]) -> None:
    inventory = build_inventory(served, at=None, endpoints=None, known_hosts=tmp_path / "known_hosts")
    nornir = Nornir(inventory=inventory, runner=SerialRunner()).filter(name="srv1")
    result = nornir.run(task=task)["srv1"][0]
    assert (result.failed, result.changed) == (False, False)
    assert result.result == "left alone: a host has no IOS configuration"
