"""Plans: what they are made of, how they are kept, and how tampering shows."""

import json
import stat
from pathlib import Path

import pytest

from cimnet_nornir.application.plan import Plan, read_plan, text_digest, write_plan
from cimnet_nornir.application.planning import events_carried
from cimnet_nornir.application.ports import ReadResult
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.application.status import exit_status
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.values import PortConfiguration, TrunkMode
from cimnet_nornir.errors import (
    AuthenticationRefused,
    CimnetError,
    ConfigurationError,
    DeviceError,
    DeviceUnreachable,
    HostKeyRefused,
    InvalidInput,
    NotFound,
    SettingsError,
)


@pytest.fixture
def plan(small: NetworkService) -> Plan:
    return small.plan_from({"sw1": "hostname old\n", "r1": DeviceUnreachable("r1: timed out", subject="r1")})


def test_a_plan_says_from_what_it_was_made(small: NetworkService, plan: Plan) -> None:
    assert (plan.network, plan.environment, plan.author) == ("net", "lab", "ann")
    assert plan.position == small.intent().position
    assert plan.templates == small.engine.templates
    (device,) = plan.devices
    (intended,) = small.render(["sw1"]).values()
    assert (device.running, device.rendered) == (text_digest("hostname old\n"), text_digest(intended))
    assert plan.device("sw1") == device
    assert plan.device("sw2") is None


def test_a_plan_tells_the_way_back_and_what_it_touches(small: NetworkService) -> None:
    (text,) = small.render(["sw1"]).values()
    small.execute(c.CreateVlan(device="sw1", vlan=20, name="guests"))
    (device,) = small.plan_from({"sw1": text}).devices
    assert (device.commands, device.inverse) == (("vlan 20", "name guests"), ("no vlan 20",))
    elsewhere = text.replace("description desk", "description chair")
    here = f"{text}vlan 20\n name something\n"
    assert small.planner().plan(small.devices(["sw1"])[0], elsewhere).touched != device.touched
    apart = f"{text}ntp server 192.0.2.9\n"
    assert small.planner().plan(small.devices(["sw1"])[0], apart).touched == device.touched
    assert small.planner().plan(small.devices(["sw1"])[0], here).touched != device.touched


def test_the_way_back_in_a_plan_holds_no_secret(small: NetworkService) -> None:
    (text,) = small.render(["sw1"]).values()
    small.execute(c.CreateVlan(device="sw1", vlan=20))
    running = text.replace("hostname sw1", "hostname old") + "username bob secret 0 hunter22\n"
    assert "hunter22" not in small.plan_from({"sw1": running}).model_dump_json()


@pytest.mark.parametrize(
    ("archive", "timer", "why"),
    [
        ("archive\n path flash:archive\n", True, ""),
        ("archive\n log config\n  logging enable\n path bootflash:a\n", True, ""),
        (
            "archive\n path tftp://192.0.2.1/a\n",
            False,
            "the archive path tftp://192.0.2.1/a is not on the device itself",
        ),
        ("archive\n log config\n", False, "the archive has no path"),
        ("", False, "there is no archive"),
    ],
)
def test_a_plan_says_whether_the_device_takes_a_change_back_itself(
    small: NetworkService, archive: str, timer: bool, why: str
) -> None:
    (device,) = small.plan_from({"sw1": f"hostname sw1\n{archive}"}).devices
    assert device.timer is timer
    assert device.unprotected == (f"{why}; type: archive / path flash:archive" if why else "")


def test_headers_that_change_by_themselves_do_not_change_a_plan(small: NetworkService, plan: Plan) -> None:
    header = "Building configuration...\n\nCurrent configuration : 13 bytes\n! Last configuration change at 1\n"
    (device,) = small.plan_from({"sw1": f"{header}hostname old\n"}).devices
    assert device == plan.devices[0]


def test_each_line_knows_the_event_behind_it(small: NetworkService, plan: Plan) -> None:
    created = next(small.store.read_all(types=["VlanCreated"]))
    (device,) = plan.devices
    lines = {line.path: line for line in device.carries}
    assert lines[("vlan 10",)].events == (created.event_id,)
    assert all(line.events for line in device.carries if line.adds)
    assert events_carried(plan.devices) == len({event for line in device.carries for event in line.events})


def test_a_line_that_goes_belongs_to_the_event_that_took_it(small: NetworkService) -> None:
    (text,) = small.render(["sw1"]).values()
    reset, removed = small.execute(
        c.ResetPort(device="sw1", port="GigabitEthernet0/1"), c.RemoveVlan(device="sw1", vlan=10)
    ).events[1:]
    (device,) = small.plan_from({"sw1": text}).devices
    gone = {line.path: line.events for line in device.carries if not line.adds}
    assert gone[("vlan 10",)] == (removed.event_id,)
    assert (reset.event_id,) in gone.values()


def test_a_device_in_sync_is_planned_and_not_changed(small: NetworkService) -> None:
    (text,) = small.render(["sw1"]).values()
    plan = small.plan_from({"sw1": text})
    assert (plan.changes, plan.unread) == ((), ())
    assert plan.devices[0].diff == ""
    assert small.plan_of(*plan.devices).devices == plan.devices


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (DeviceUnreachable("sw1: timed out", subject="sw1"), "unreachable"),
        (HostKeyRefused("sw1: another key", subject="sw1"), "refused"),
        (AuthenticationRefused("sw1: password refused", subject="sw1"), "refused"),
        (DeviceError("sw1: said nothing", subject="sw1"), "failed"),
    ],
)
def test_a_device_that_cannot_be_read_says_why(small: NetworkService, error: ReadResult, outcome: str) -> None:
    plan = small.plan_from({"sw1": error})
    assert plan.devices == ()
    assert isinstance(error, CimnetError)
    assert [(item.device, item.outcome, item.reason) for item in plan.unread] == [("sw1", outcome, error.message)]


def test_a_configuration_that_cannot_be_read_fails_its_own_device_only(small: NetworkService) -> None:
    broken = "banner motd ^C\nno end of it\n"
    with pytest.raises(ConfigurationError):
        small.planner().plan(small.devices(["sw1"])[0], broken)
    plan = small.plan_from({"sw1": broken, "sw2": "hostname sw2\n"})
    assert [(item.device, item.outcome) for item in plan.unread] == [("sw1", "failed")]
    assert [item.device for item in plan.devices] == ["sw2"]


def test_a_device_that_went_meanwhile_is_told(small: NetworkService) -> None:
    with pytest.raises(NotFound, match="there is no device 'sw9'"):
        small.plan_from({"sw9": ""})
    with pytest.raises(NotFound, match="there is no device 'sw9'"):
        small.planner().intended("sw9")
    assert small.planner().intended("sw1") == small.render(["sw1"])["sw1"]


def test_secrets_of_a_device_are_in_no_plan(small: NetworkService) -> None:
    running = "hostname sw1\nsnmp-server community letmein RO\nusername bob password 0 hunter22\n"
    plan = small.plan_from({"sw1": running})
    assert "letmein" not in plan.model_dump_json()
    assert "hunter22" not in plan.model_dump_json()


def test_the_planner_is_kept_until_the_intent_changes(small: NetworkService) -> None:
    first = small.planner()
    assert small.planner() is first
    small.execute(c.CreateVlan(device="sw1", vlan=20))
    assert small.planner() is not first


# --- files ------------------------------------------------------------------------------------------------------------


def test_a_plan_comes_back_from_its_file_as_it_was(plan: Plan, tmp_path: Path) -> None:
    file = tmp_path / "change.plan"
    write_plan(plan, file)
    assert read_plan(file) == plan
    assert read_plan(file).digest == plan.digest
    assert json.loads(file.read_text())["plan"]["format"] == "cimnet.plan/2"


def test_a_plan_is_its_owners_alone_although_the_file_was_there(plan: Plan, tmp_path: Path) -> None:
    file = tmp_path / "change.plan"
    file.touch(mode=0o644)
    write_plan(plan, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("old", "new"),
    [('"hostname sw1"', '"hostname evil"'), ('"environment": "lab"', '"environment": "real"'), ('"ann"', '"bob"')],
)
def test_a_plan_that_was_changed_after_it_was_written_is_refused(
    plan: Plan, tmp_path: Path, old: str, new: str
) -> None:
    file = tmp_path / "change.plan"
    write_plan(plan, file)
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    with pytest.raises(InvalidInput, match="the plan was changed after it was written; plan again"):
        read_plan(file)


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (b"", "the file"),
        (b"network: net\n", "the file"),
        (b"\xff\xfe", "the file"),
        (b"[]", "the file"),
        (b'{"plan": {}, "digest": ""}', r"plan\.network"),
        (b'{"plan": {"format": "cimnet.plan/1"}, "digest": ""}', r"plan\.format"),
    ],
)
def test_what_is_no_plan_is_told_in_one_line(tmp_path: Path, content: bytes, where: str) -> None:
    file = tmp_path / "change.plan"
    file.write_bytes(content)
    with pytest.raises(InvalidInput, match=rf"this is no plan of the form cimnet\.plan/2 \({where}: ") as caught:
        read_plan(file)
    assert "\n" not in caught.value.message
    assert caught.value.subject == str(file)


def test_a_plan_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="missing: No such file or directory"):
        read_plan(tmp_path / "missing")


# --- the status of a command ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcomes", "pending", "status"),
    [
        ([], False, 0),
        (["applied", "unchanged"], False, 0),
        (["applied"], True, 2),
        (["applied", "unreachable"], True, 4),
        (["unreachable", "rejected"], False, 3),
        (["refused"], False, 3),
        (["failed"], False, 3),
        (["stale"], True, 3),
        (["in doubt", "rejected", "unreachable"], True, 5),
    ],
)
def test_the_worst_outcome_is_the_status(outcomes: list[str], pending: bool, status: int) -> None:
    assert exit_status(outcomes, pending=pending) == status


# --- what a service needs ---------------------------------------------------------------------------------------------


def test_a_service_without_an_engine_says_so(small: NetworkService) -> None:
    bare = NetworkService(small.store, "net")
    assert {host.name for host in bare.hosts()} == {"sw1", "sw2", "r1"}
    with pytest.raises(SettingsError, match="without a configuration engine"):
        bare.render()


def test_findings_are_those_of_all_devices(small: NetworkService) -> None:
    assert small.check().findings == ()
    head = small.store.head()
    for device in ("sw1", "sw2"):
        missing = PortConfiguration(switching=TrunkMode(allowed=frozenset({1, 77})))
        small.execute(c.ConfigurePort(device=device, port="GigabitEthernet0/3", configuration=missing))
    assert {(finding.device, finding.path) for finding in small.check().open} == {
        ("sw1", "GigabitEthernet0/3"),
        ("sw2", "GigabitEthernet0/3"),
    }
    assert small.check(head).findings == ()
