"""What devices of a lab tell of themselves, and VLANs that a switch keeps out of its running configuration."""

import io
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from nornir.core import Nornir
from nornir_netmiko.tasks import netmiko_save_config, netmiko_send_config

from cimnet_nornir.application.host_keys import pin_host_keys
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.bootstrap import load_settings, open_nornir, open_service
from cimnet_nornir.cli import run
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.lab.spec import LabCredentials, LabDevice, LabSpec, VtpMode
from cimnet_nornir.lab.thread import RunningLab, running_lab
from cimnet_nornir.tasks import cimnet_doctor, cimnet_plan, cimnet_push

CONFIG = """\
inventory:
  plugin: CimnetInventory
  options: {network: net, environment: lab, timeouts: {connect: 4, read: 5, line: 2, save: 5}}
"""
PORTS = ("GigabitEthernet1/0/1", "GigabitEthernet1/0/2")
ARCHIVED = "archive\n path flash:archive\nip scp server enable\nconfiguration mode exclusive auto\n"
DEVICES = ("sw1", "sw2", "r1")


def switch(name: str, vtp_mode: VtpMode, startup: str = "") -> LabDevice:
    head = f"hostname {name}\n"
    return LabDevice(name, "ios", "switch", PORTS, vtp_mode=vtp_mode, startup=head + startup if startup else "")


@contextmanager
def project(folder: Path, *devices: LabDevice) -> Iterator[tuple[Path, RunningLab]]:
    """A project whose network has these devices, each with VLAN 10 where it is a switch, and their lab."""
    (folder / "inventory").mkdir(parents=True)
    (folder / "inventory" / "config.yaml").write_text(CONFIG, encoding="utf-8")
    spec = LabSpec(devices, (), LabCredentials("admin", "lab-word", "lab-word"))
    with running_lab(spec, folder / ".cimnet" / "lab") as lab:
        with opened(folder) as (service, _):
            service.execute(c.CreateNetwork(name="net"), *declared(devices), command="declare")
            pin_host_keys(service, {name: item.host_key for name, item in lab.devices.items()}, command="lab up")
        yield folder, lab


def declared(devices: tuple[LabDevice, ...]) -> Iterator[c.Command]:
    details = DeviceDetails(vendor="cisco", platform="ios", site="hq")
    for device in devices:
        if device.kind == "router":
            yield c.AddRouter(device=device.name, name=device.name, details=details, ports=device.interfaces)
        else:
            yield c.AddSwitch(device=device.name, name=device.name, details=details, ports=device.interfaces)
            yield c.CreateVlan(device=device.name, vlan=10, name="users")


@contextmanager
def opened(folder: Path) -> Iterator[tuple[NetworkService, Nornir]]:
    settings = load_settings(folder)
    service = open_service(settings)
    nornir = open_nornir(settings, service)
    try:
        yield service, nornir
    finally:
        nornir.close_connections(on_good=True, on_failed=True)
        service.store.close()


@pytest.fixture
def surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CIMNET_USERNAME", "CIMNET_PASSWORD", "CIMNET_STORE", "CIMNET_ENV", "CIMNET_LAB_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CIMNET_ACTOR", "ann")


pytestmark = pytest.mark.usefixtures("surroundings")


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A switch with an archive, one without whose VLANs are in vlan.dat, and a router."""
    router = LabDevice("r1", "iosxe", "router", ("GigabitEthernet0/0/0",))
    with project(
        tmp_path_factory.mktemp("doctor") / "project",
        switch("sw1", "transparent", ARCHIVED),
        switch("sw2", "server"),
        router,
    ) as (folder, _):
        yield folder


def cimnet(folder: Path, *arguments: str) -> tuple[int, str]:
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(io.StringIO()):
        status = run(["--project", str(folder), *arguments])
    return status, said.getvalue()


def document(folder: Path, *arguments: str) -> Any:
    return json.loads(cimnet(folder, "doctor", "--json", *arguments)[1])


def test_a_switch_with_an_archive_takes_a_push_back_by_itself(three: Path) -> None:
    status, said = cimnet(three, "doctor", "sw1")
    assert status == 0, said
    assert "sw1: a push is protected\n" in said
    assert "a push is taken back by the device itself, archive path flash:archive\n" in said
    assert "nobody else types while a push goes on" in said
    told = document(three, "sw1")["devices"]["sw1"]
    assert told["protected"] is True
    found = told["capabilities"]
    assert (found["version"], found["model"], found["privilege"]) == ("15.2(7)E3", "WS-C2960X-24TS-L", 15)
    assert (found["vtp_mode"], found["scp_server"], found["register"]) == ("transparent", True, "0x2102")
    assert 0 < found["flash_free"] <= found["flash_total"]


def test_what_stands_in_the_way_is_told_with_its_remedy_and_its_status(three: Path) -> None:
    status, said = cimnet(three, "doctor", "sw2")
    assert status == 2
    assert "sw2: a push is not protected: revert timer\n" in said
    assert "there is no archive; type: archive / path flash:archive" in said
    assert "VLANs are in vlan.dat" in said


def test_the_end_counts_the_protected_where_several_were_asked(three: Path) -> None:
    assert cimnet(three, "doctor")[1].endswith("a push is protected on 1 of 3 devices\n")
    assert " of 1 device" not in cimnet(three, "doctor", "sw1")[1]


def test_a_router_on_ios_xe_has_no_vlans_to_speak_of(three: Path) -> None:
    found = document(three, "r1")["devices"]["r1"]["capabilities"]
    assert found["version"] == "17.09.04a"
    assert (found["vtp_mode"], found["protection"]["vlans_outside"]) == (None, False)


def test_a_command_that_a_device_refuses_is_not_known_and_fails_nothing(three: Path) -> None:
    for row in document(three)["devices"].values():
        assert "show version" not in row["capabilities"]["not_known"]
        assert set(row["capabilities"]["not_known"]) <= {
            "show boot",
            "show configuration lock",
            "show archive config rollback timer",
        }


def test_the_task_is_usable_in_anybodys_runbook(three: Path) -> None:
    with opened(three) as (_, nornir):
        results: dict[str, Any] = {name: item[0] for name, item in nornir.run(task=cimnet_doctor).items()}
    assert {name: (item.failed, item.changed) for name, item in results.items()} == dict.fromkeys(
        DEVICES, (False, False)
    )
    assert results["sw1"].protected
    assert not results["r1"].protected
    assert "image: 15.2(7)E3" in str(results["sw1"].result)


def test_asking_changes_nothing(three: Path) -> None:
    first, second = (document(three, "sw1") for _ in range(2))
    assert first == second
    assert first["devices"]["sw1"]["capabilities"]["protection"]["unsaved"] == ""


def typed(folder: Path, *lines: str) -> None:
    """Type lines on sw1 as somebody does who knows nothing of the project."""
    with opened(folder) as (_, nornir):
        results = nornir.run(task=netmiko_send_config, config_commands=list(lines), enable=True)
        assert not results.failed


def saved(folder: Path) -> None:
    with opened(folder) as (_, nornir):
        assert not nornir.run(task=netmiko_save_config).failed


def unsaved(folder: Path) -> str:
    return str(document(folder)["devices"]["sw1"]["capabilities"]["protection"]["unsaved"])


def test_what_somebody_typed_and_did_not_save_is_told(tmp_path: Path) -> None:
    with project(tmp_path / "project", switch("sw1", "transparent", ARCHIVED)) as (folder, _):
        typed(folder, "snmp-server location cellar")
        assert unsaved(folder).startswith("by admin at ")
        saved(folder)
        assert unsaved(folder) == ""
        # The head of the configuration counts whole seconds.
        time.sleep(1.1)
        typed(folder, "snmp-server location attic")
        assert unsaved(folder).startswith("by admin at ")
        # The head still says that it was changed after it was saved; the texts know better.
        typed(folder, "snmp-server location cellar")
        assert unsaved(folder) == ""


def test_a_device_that_cannot_be_asked_is_told_by_its_status(tmp_path: Path) -> None:
    with project(tmp_path / "project", switch("sw1", "transparent", ARCHIVED)) as (folder, lab):
        lab.fault("sw1", "down")
        status, said = cimnet(folder, "doctor")
    assert (status, said.count("\n")) == (4, 1)
    assert said.startswith("sw1: cannot be reached")


def plan_and_push(folder: Path) -> tuple[Any, Any, Any]:
    """A plan, its push, and the plan after it."""
    found: list[Any] = []
    for task in (cimnet_plan, cimnet_push, cimnet_plan):
        with opened(folder) as (_, nornir):
            found.append(nornir.run(task=task)["sw1"][0])
    return found[0], found[1], found[2]


def test_vlans_of_a_vtp_server_are_read_and_brought_once(tmp_path: Path) -> None:
    with project(tmp_path / "project", switch("sw1", "server")) as (folder, lab):
        planned, pushed, again = plan_and_push(folder)
        assert "vlan 10" in str(planned.result).splitlines()
        assert (pushed.failed, pushed.outcome.outcome) == (False, "applied"), pushed.result
        assert "vlan 10" not in lab.running_config("sw1")
        assert (again.pending, again.running.count("vlan 10\n name users\n")) == (False, 1)


def test_a_vlan_of_a_vtp_server_that_nobody_intends_goes(tmp_path: Path) -> None:
    with project(tmp_path / "project", switch("sw1", "server", "vlan 10\n name users\nvlan 66\n name old\n")) as (
        folder,
        _,
    ):
        planned, pushed, again = plan_and_push(folder)
    assert "no vlan 66" in str(planned.result).splitlines()
    assert (pushed.outcome.outcome, again.pending) == ("applied", False)


def test_the_plan_for_a_vtp_client_says_that_it_will_refuse(tmp_path: Path) -> None:
    with project(tmp_path / "project", switch("sw1", "client")) as (folder, _):
        planned, pushed, _again = plan_and_push(folder)
    assert any("VTP client and will refuse vlan 10" in warning for warning in planned.plan.warnings)
    assert pushed.outcome.outcome == "rejected"
