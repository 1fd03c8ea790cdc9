"""How devices of a lab are, asked by show commands and by NAPALM's getters, and what becomes of those that fail."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from nornir.core import Nornir

from cimnet_nornir.application.host_keys import pin_host_keys
from cimnet_nornir.application.observations import Observed, PortState
from cimnet_nornir.bootstrap import lab_hosts, load_settings, open_nornir, open_service
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.errors import AuthenticationRefused, CimnetError, DeviceError, DeviceUnreachable, HostKeyRefused
from cimnet_nornir.lab.spec import LabCredentials, LabDevice, LabHost, LabLink, LabSpec
from cimnet_nornir.lab.thread import RunningLab, running_lab
from cimnet_nornir.tasks import cimnet_collect
from cimnet_nornir.tasks.port import NornirDevices

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("surroundings")]

CONFIG = """\
inventory:
  plugin: CimnetInventory
  options:
    network: net
    environment: lab
    timeouts: {connect: 4, read: 2, line: 2, save: 5}
    hosts: {srv1: {}}
"""
SWITCH, ROUTER = ("GigabitEthernet1/0/1", "GigabitEthernet1/0/2"), ("GigabitEthernet0/0/0", "GigabitEthernet0/0/1")
_STARTUP = "hostname {}\nlldp run\n"
SPEC = LabSpec(
    (
        LabDevice("sw1", "ios", "switch", SWITCH, startup=_STARTUP.format("sw1")),
        LabDevice("sw2", "iosxe", "l3switch", SWITCH, startup=_STARTUP.format("sw2")),
        LabDevice(
            "r1",
            "iosxe",
            "router",
            ROUTER,
            startup=_STARTUP.format("r1")
            + "interface GigabitEthernet0/0/0\n description up to sw1\n ip address 10.0.0.1 255.255.255.0\n",
        ),
    ),
    (LabLink(("sw1", SWITCH[0]), ("r1", ROUTER[0])), LabLink(("sw1", SWITCH[1]), ("sw2", SWITCH[1]))),
    LabCredentials("admin", "lab-word", "lab-word"),
)
DEVICES = ("sw1", "sw2", "r1")
DAY = 90_000
METHODS = pytest.mark.parametrize("method", ["netmiko", "napalm"])


@pytest.fixture(scope="module")
def surroundings() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CIMNET_USERNAME", "CIMNET_PASSWORD", "CIMNET_STORE", "CIMNET_ENV", "CIMNET_LAB_PASSWORD"):
            patch.delenv(name, raising=False)
        patch.setenv("CIMNET_ACTOR", "ann")
        yield


def declared() -> Iterator[c.Command]:
    details = DeviceDetails(vendor="cisco", platform="ios", site="hq")
    yield c.CreateNetwork(name="net")
    for device in SPEC.devices:
        make = c.AddRouter if device.kind == "router" else c.AddSwitch
        yield make(device=device.name, name=device.name, details=details, ports=device.interfaces)
    for name in ("srv1", "srv2"):
        yield c.AddHost(device=name, name=name, details=DeviceDetails(vendor="nixos", platform="nixos"), ports=())


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, surroundings: None) -> Iterator[tuple[Path, RunningLab]]:
    """Two switches, a router, a server that is deployed to and one that is not, up for a day and an hour."""
    folder = tmp_path_factory.mktemp("collect") / "project"
    (folder / "inventory").mkdir(parents=True)
    (folder / "inventory" / "config.yaml").write_text(CONFIG, encoding="utf-8")
    with opened(folder) as (service, _):
        service.execute(*declared(), command="declare")
        hosts = lab_hosts(load_settings(folder), service)
    spec = LabSpec(SPEC.devices, SPEC.links, SPEC.credentials, tuple(LabHost(name) for name in hosts))
    with running_lab(spec, folder / ".cimnet" / "lab") as lab:
        with opened(folder) as (service, _):
            pin_host_keys(service, dict(lab.host_keys), command="lab up")
        lab.advance(None, DAY)
        yield folder, lab


@contextmanager
def opened(folder: Path) -> Iterator[tuple[Any, Nornir]]:
    settings = load_settings(folder)
    service = open_service(settings)
    nornir = open_nornir(settings, service)
    try:
        yield service, nornir
    finally:
        nornir.close_connections(on_good=True, on_failed=True)
        service.store.close()


@pytest.fixture
def lab(project: tuple[Path, RunningLab]) -> Iterator[RunningLab]:
    """The lab, whose devices are well again at the end."""
    yield project[1]
    for name in (*DEVICES, "srv1"):
        project[1].fault(name, "clear")
        project[1].fault(name, "up")


@pytest.fixture
def devices(project: tuple[Path, RunningLab]) -> Iterator[NornirDevices]:
    with opened(project[0]) as (_, nornir):
        yield NornirDevices(nornir)


Collect = Callable[..., Mapping[str, Observed | DeviceError]]


def observed(found: Mapping[str, Observed | DeviceError], device: str) -> Observed:
    item = found[device]
    assert isinstance(item, Observed), item
    return item


def ports(item: Observed) -> dict[str, PortState]:
    return {port.name: port for port in item.ports}


def test_every_device_says_how_it_is(devices: NornirDevices, lab: RunningLab) -> None:
    lab.fault("sw1", "load", percent=93)
    found = devices.collect(DEVICES)
    assert found.keys() == set(DEVICES)
    facts = {name: observed(found, name).facts for name in DEVICES}
    assert {name: (item.hostname, item.model, item.version) for name, item in facts.items()} == {
        "sw1": ("sw1", "WS-C2960X-24TS-L", "15.2(7)E3"),
        "sw2": ("sw2", "C9300-24T", "17.9.4a"),
        "r1": ("r1", "C8300-1N1S-4T2X", "17.9.4a"),
    }
    assert all(item.uptime is not None and DAY <= item.uptime < DAY + 3600 for item in facts.values())
    assert (facts["sw1"].cpu, facts["sw1"].cpu_minute) == (93, 93)
    assert all(item.memory is not None and 0 < item.memory < 100 for item in facts.values())
    assert all(observed(found, name).device == name for name in DEVICES)


def test_ports_are_told_with_what_they_have_counted(devices: NornirDevices) -> None:
    found = devices.collect(["sw1", "sw2", "r1"])
    near, far = ports(observed(found, "sw1"))[SWITCH[0]], ports(observed(found, "r1"))[ROUTER[0]]
    assert (near.enabled, near.up, near.speed, near.mtu) == (True, True, 1000, 1500)
    assert near.in_octets > near.in_packets > DAY
    assert far.description == "up to sw1"
    # One end receives what the other sends, and they are asked a moment after one another.
    assert far.out_packets == pytest.approx(near.in_packets, rel=0.05)
    unused = ports(observed(found, "r1"))[ROUTER[1]]
    assert (unused.enabled, unused.up, unused.in_octets) == (False, False, 0)
    loose = ports(observed(found, "sw2"))[SWITCH[0]]
    assert (loose.enabled, loose.up) == (True, False)


def test_neighbours_are_told_as_they_named_themselves(devices: NornirDevices) -> None:
    heard = observed(devices.collect(["sw1"]), "sw1").neighbors
    assert {(each.port, each.name, each.remote_port) for each in heard} == {
        (SWITCH[0], "r1", ROUTER[0]),
        (SWITCH[1], "sw2", SWITCH[1]),
    }
    assert {each.protocol for each in heard} == {"cdp", "lldp"}
    assert all(each.address == "10.0.0.1" for each in heard if each.name == "r1")


def without_what_moves(item: Observed) -> Mapping[str, Any]:
    """What two looks a moment apart have in common; no getter tells the address of a neighbour by LLDP."""
    moving = {name for name in PortState.model_fields if name.startswith(("in_", "out_"))}
    return {
        "facts": item.facts.model_dump(exclude={"uptime", "memory_used"}),
        "ports": [port.model_dump(exclude=moving) for port in item.ports],
        "neighbors": {
            (
                each.protocol,
                each.port,
                each.name,
                each.remote_port,
                each.platform,
                each.address * (each.protocol == "cdp"),
            )
            for each in item.neighbors
        },
    }


@pytest.mark.parametrize("device", DEVICES)
def test_show_commands_and_getters_agree(devices: NornirDevices, lab: RunningLab, device: str) -> None:
    lab.fault(device, "load", percent=40)
    lab.fault("sw1", "errors", interface=SWITCH[0])
    ours, getters = (observed(devices.collect([device], method=method), device) for method in ("netmiko", "napalm"))
    assert without_what_moves(ours) == without_what_moves(getters)
    assert getters.facts.memory == pytest.approx(ours.facts.memory, abs=1)
    assert ours.facts.uptime is not None
    assert getters.facts.uptime is not None
    assert 0 <= getters.facts.uptime - ours.facts.uptime <= 120
    for before, after in zip(ours.ports, getters.ports, strict=True):
        assert after.in_octets >= before.in_octets
        assert after.out_packets >= before.out_packets
        assert (after.in_errors, after.out_errors) == (before.in_errors, before.out_errors)
        assert (after.in_discards, after.out_discards) == (before.in_discards, before.out_discards)
    moved = [port.name for port in getters.ports if port.in_octets]
    assert moved == [port.name for port in ours.ports if port.in_octets] != []


@METHODS
def test_what_a_device_refuses_to_tell_is_not_known_and_fails_nothing(
    devices: NornirDevices, lab: RunningLab, method: str
) -> None:
    lab.fault("sw1", "reject", pattern="^show (memory|cdp|processes|proc)")
    item = observed(devices.collect(["sw1"], method=method), "sw1")
    assert (item.facts.memory_used, item.facts.memory, item.facts.cpu, item.facts.cpu_minute) == (None,) * 4
    assert item.facts.hostname == "sw1"
    assert {each.protocol for each in item.neighbors} == {"lldp"}
    assert item.ports


@METHODS
@pytest.mark.parametrize(
    ("fault", "pattern", "error"),
    [
        ("down", "", DeviceUnreachable),
        ("drop-on", "^show mem", DeviceUnreachable),
        ("hang-on", "^show mem", DeviceUnreachable),
        ("host-key", "", HostKeyRefused),
    ],
)
def test_a_device_that_fails_is_told_of_and_the_others_are_asked(
    devices: NornirDevices, lab: RunningLab, method: str, fault: str, pattern: str, error: type[DeviceError]
) -> None:
    lab.fault("sw2", fault, **({"pattern": pattern} if pattern else {}))
    told: list[tuple[str, str]] = []
    found = devices.collect(["sw1", "sw2"], method=method, progress=lambda name, outcome: told.append((name, outcome)))
    assert isinstance(found["sw2"], error), found["sw2"]
    assert "sw2" in found["sw2"].message
    assert "\n" not in found["sw2"].message
    assert observed(found, "sw1").facts.hostname == "sw1"
    assert {("sw1", "started"), ("sw1", "done"), ("sw2", "started"), ("sw2", "failed")} == set(told)


@METHODS
def test_a_device_that_hung_is_asked_anew_once_it_is_well(devices: NornirDevices, lab: RunningLab, method: str) -> None:
    lab.fault("sw1", "hang-on", pattern="^show mem")
    assert isinstance(devices.collect(["sw1"], method=method)["sw1"], DeviceUnreachable)
    lab.fault("sw1", "clear")
    assert isinstance(devices.collect(["sw1"], method=method)["sw1"], Observed)


def test_a_session_that_the_device_ended_is_opened_again(devices: NornirDevices, lab: RunningLab) -> None:
    assert isinstance(devices.collect(["sw1"])["sw1"], Observed)
    lab.fault("sw1", "down")
    lab.fault("sw1", "up")
    assert isinstance(devices.collect(["sw1"])["sw1"], Observed)


@METHODS
def test_wrong_credentials_are_told(devices: NornirDevices, method: str) -> None:
    devices.nornir.inventory.hosts["sw1"].password = "no-such-word"
    found = devices.collect(["sw1"], method=method)
    assert isinstance(found["sw1"], AuthenticationRefused)
    assert "no-such-word" not in found["sw1"].message


def test_a_server_that_is_deployed_to_is_looked_at_and_others_are_left_out(
    devices: NornirDevices, lab: RunningLab
) -> None:
    found = devices.collect(["srv1", "srv2", "sw1"])
    assert found.keys() == {"srv1", "sw1"}
    facts = observed(found, "srv1").facts
    assert facts.vendor == "NixOS"
    assert facts.uptime is not None
    assert facts.uptime > 0
    lab.fault("srv1", "down")
    assert isinstance(devices.collect(["srv1"])["srv1"], DeviceUnreachable)


def test_the_task_is_usable_in_anybodys_runbook(project: tuple[Path, RunningLab]) -> None:
    with opened(project[0]) as (_, nornir):
        results: dict[str, Any] = {name: item[0] for name, item in nornir.run(task=cimnet_collect).items()}
    assert not any(item.failed or item.changed for item in results.values())
    assert results["sw1"].observed.facts.hostname == "sw1"
    assert "2 of 3 interfaces up" in results["sw1"].result
    assert results["sw1"].result.startswith("up for 1 d 1 h, CPU ")
    assert results["srv2"].observed is None
    assert "left alone" in results["srv2"].result
    assert results["srv1"].result.startswith("up for ")


def test_a_method_that_is_none_is_refused(devices: NornirDevices) -> None:
    found = devices.collect(["sw1"], method="telnet")["sw1"]
    assert isinstance(found, CimnetError)
    assert "no method 'telnet' to collect by: netmiko or napalm" in found.message
