"""What many devices have in common is shown once: plans, what they take away, and what could not be read."""

from datetime import UTC, datetime
from uuid import uuid4

import click
import pytest

from cimnet_nornir.application.plan import DevicePlan, Plan, Unread
from cimnet_nornir.application.plan_words import destructive_words
from cimnet_nornir.cli.plans import show_plan
from cimnet_nornir.domain.events import Carried

AT = datetime(2026, 11, 29, 10, tzinfo=UTC)


def device(name: str, *, port: str = "GigabitEthernet0/5", warnings: tuple[str, ...] = ()) -> DevicePlan:
    """A device that gets an address, and loses VLAN 30 and the description of a port."""
    number = int(name.removeprefix("sw"))
    address = f"ip address 10.0.0.{number} 255.255.255.0"
    return DevicePlan(
        device=name,
        name=name,
        kind="switch",
        commands=("interface Vlan99", address, f"interface {port}", "no description", "shutdown", "no vlan 30"),
        carries=(
            Carried(line=address, path=("interface Vlan99", address), events=(uuid4(),)),
            Carried(line="no description", path=(f"interface {port}", "description old"), adds=False),
            Carried(line="shutdown", path=(f"interface {port}",), adds=False),
            Carried(line="no vlan 30", path=("vlan 30",), adds=False),
        ),
        diff=f"  interface Vlan99\n+  {address}\n  interface {port}\n-  description old\n+  shutdown\n- vlan 30\n",
        running="",
        rendered="",
        inverse=("vlan 30", f"no {address}"),
        warnings=warnings,
        checks=(f"{name} reaches 10.0.0.{number}",),
        timer=True,
    )


def plan_of(*devices: DevicePlan, unread: tuple[Unread, ...] = ()) -> Plan:
    return Plan(
        network="net",
        environment="lab",
        position=1,
        created=AT,
        author="ann",
        templates="",
        devices=devices,
        unread=unread,
    )


def shown(capsys: pytest.CaptureFixture[str], plan: Plan, *, full: bool = False, commands: bool = False) -> list[str]:
    show_plan(plan, full=full, commands=commands)
    return click.unstyle(capsys.readouterr().out).splitlines()


MANY = tuple(f"sw{number}" for number in range(1, 8))


def test_the_same_change_on_many_devices_is_shown_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(capsys, plan_of(*map(device, MANY))) == [
        "sw1-sw7 (7 devices alike): 6 commands each, +2 -2 lines",
        "  sw1 is shown; 10.0.0.1 is 10.0.0.1-10.0.0.7",
        "    interface Vlan99",
        "  +  ip address 10.0.0.1 255.255.255.0",
        "    interface GigabitEthernet0/5",
        "  -  description old",
        "  +  shutdown",
        "  - vlan 30",
        "  destructive: interface GigabitEthernet0/5: no description; shutdown",
        "  destructive: no vlan 30",
        "  check: sw1 reaches 10.0.0.1",
        "on failure: taken back, by the device itself where nobody confirms within 5 min",
        "lab: 7 devices to change by 42 commands",
    ]


def test_a_device_that_differs_is_shown_apart(capsys: pytest.CaptureFixture[str]) -> None:
    plan = plan_of(*map(device, MANY[:-1]), device("sw7", port="GigabitEthernet0/6"))
    heads = [line for line in shown(capsys, plan) if "commands" in line and not line.startswith(("lab", " "))]
    assert heads == [
        "sw1-sw6 (6 devices alike): 6 commands each, +2 -2 lines",
        "sw7: 6 commands, +2 -2 lines",
    ]


@pytest.mark.parametrize(("names", "full"), [(MANY, True), (MANY[:5], False)])
def test_each_is_shown_where_they_are_few_or_asked_for(
    capsys: pytest.CaptureFixture[str], names: tuple[str, ...], full: bool
) -> None:
    lines = shown(capsys, plan_of(*map(device, names)), full=full)
    assert [line for line in lines if line.startswith("sw")] == [f"{name}: 6 commands, +2 -2 lines" for name in names]


def test_a_warning_of_some_of_them_says_of_which(capsys: pytest.CaptureFixture[str]) -> None:
    odd = {"sw2", "sw3", "sw4"}
    devices = [device(name, warnings=(f"{name} runs what was not saved",) if name in odd else ()) for name in MANY]
    lines = shown(capsys, plan_of(*devices))
    assert "  warning: sw2-sw4: runs what was not saved" in lines
    assert sum("alike" in line for line in lines) == 1


def test_what_a_command_takes_away_is_marked_without_colour(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, plan_of(device("sw1")), commands=True)
    assert "  destructive: no vlan 30" in lines
    assert "  no vlan 30" in lines


def test_a_port_that_is_not_shut_any_more_loses_nothing() -> None:
    port = "interface GigabitEthernet0/5"
    opened = (
        Carried(line="no shutdown", path=(port, "shutdown"), adds=False),
        Carried(line="ip redirects", path=(port, "no ip redirects"), adds=False),
    )
    plan = device("sw1").model_copy(update={"carries": opened})
    assert (plan.destructive, list(destructive_words(plan))) == ((), [])


def test_devices_that_were_not_read_for_one_reason_are_told_together(capsys: pytest.CaptureFixture[str]) -> None:
    def unread(name: str, reason: str) -> Unread:
        return Unread(device=name, name=name, kind="switch", outcome="unreachable", reason=f"{name}: {reason}")

    same = [unread(f"sw{n}", f"no answer from 10.0.0.{n}:22") for n in range(1, 7)]
    lines = shown(capsys, plan_of(unread=(*same, unread("sw9", "no route to 10.0.0.9"))))
    assert lines[:2] == ["sw1-sw6: no answer from 10.0.0.1:22 (that is sw1)", "sw9: no route to 10.0.0.9"]
