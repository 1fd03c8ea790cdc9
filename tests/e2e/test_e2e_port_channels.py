"""A port-channel between two switches: applied, changed, taken away again, and blamed on who asked for it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from cimnet_nornir.lab.thread import RunningLab
from tests.e2e.conftest import started_lab

if TYPE_CHECKING:
    from tests.e2e.conftest import Project

ONE = '      GigabitEthernet1/0/4: {mode: trunk, native: 99, allowed: "10,99", description: to '
CHANNEL = "    port_channels: {{1: {{members: GigabitEthernet1/0/3-4, mode: {mode}}}}}\n    interfaces:\n"
BUNDLE = '      Port-channel1: {mode: trunk, native: 99, allowed: "10,99", description: to '


@pytest.fixture
def cabled(empty: "Project") -> Iterator[RunningLab]:
    """The small project with a second cable between its switches, everything applied."""
    empty.edit("links:\n", "links:\n  - [sw1 GigabitEthernet1/0/3, sw2 GigabitEthernet1/0/3]\n")
    empty.declare()
    with started_lab(empty, archive=True) as lab:
        empty.ok("apply", "--yes")
        yield lab


def declared_with_channels(project: "Project", mode: str = "active") -> None:
    text = project.network.read_text(encoding="utf-8").replace(ONE, BUNDLE)
    head, _, switches = text.partition("  sw1:")
    switches = switches.replace("    interfaces:\n", CHANNEL.format(mode=mode))
    project.network.write_text(f"{head}  sw1:{switches}", encoding="utf-8")
    project.ok("declare", str(project.network), "--prune", "--yes", "--reason", "CHG-7")


def block(lab: RunningLab, device: str, interface: str) -> list[str]:
    lines = lab.running_config(device).split("\n")
    start = lines.index(f"interface {interface}")
    return lines[start + 1 : lines.index("!", start)]


def is_as_intended(project: "Project") -> bool:
    return bool(project.ok("verify", "--json").json["in_sync"])


def test_a_port_channel_is_applied_changed_and_taken_away_again(empty: "Project", cabled: RunningLab) -> None:
    before = empty.network.read_text(encoding="utf-8")
    declared_with_channels(empty)
    planned = empty.ok("plan", "sw1", "--json").json["devices"][0]["commands"]
    assert planned.index("interface Port-channel1") < planned.index("channel-group 1 mode active")
    empty.ok("apply", "--yes", "--reason", "CHG-7")
    assert is_as_intended(empty)
    for port in ("GigabitEthernet1/0/3", "GigabitEthernet1/0/4"):
        assert block(cabled, "sw1", port)[-1] == " channel-group 1 mode active"
        assert " switchport trunk allowed vlan 10,99" in block(cabled, "sw2", port)
    summary = empty.show("sw1", "show etherchannel summary")
    assert "1      Po1(SU)         LACP      Gi1/0/3(P)  Gi1/0/4(P)" in summary
    blamed = empty.ok("blame", "sw1", "channel-group", "--json").json["lines"]
    assert {(line["type"], line["reason"]) for line in blamed} == {("PortChannelConfigured", "CHG-7")}

    empty.edit('Port-channel1: {mode: trunk, native: 99, allowed: "10,99"', "Port-channel1: {mode: trunk, allowed: 10")
    empty.edit("mode: active}", "mode: 'on'}")
    empty.declare()
    empty.ok("apply", "--yes")
    assert is_as_intended(empty)
    assert block(cabled, "sw2", "GigabitEthernet1/0/4") == [
        " switchport trunk allowed vlan 10",
        " switchport mode trunk",
        " channel-group 1 mode on",
    ]
    assert "Po1(SU)          -        Gi1/0/3(P)" in empty.show("sw1", "show etherchannel summary")

    empty.network.write_text(before, encoding="utf-8")
    empty.ok("declare", str(empty.network), "--prune", "--yes", "--reason", "CHG-8")
    empty.ok("apply", "--yes")
    assert is_as_intended(empty)
    assert "Port-channel" not in cabled.running_config("sw1")
    assert "channel-group" not in cabled.running_config("sw2")
    assert block(cabled, "sw1", "GigabitEthernet1/0/3") == [" shutdown"]
    assert " switchport mode trunk" in block(cabled, "sw1", "GigabitEthernet1/0/4")


def test_a_port_channel_is_undone_and_its_ports_are_as_before(empty: "Project", cabled: RunningLab) -> None:
    empty.ok("apply", "--yes")
    was = block(cabled, "sw1", "GigabitEthernet1/0/4")
    moment = empty.events()[-1]["position"]
    declared_with_channels(empty)
    empty.ok("apply", "--yes")
    empty.ok("rollback", "--to", str(moment), "--apply", "--yes", "--reason", "CHG-9")
    assert is_as_intended(empty)
    assert "Port-channel" not in cabled.running_config("sw1")
    assert block(cabled, "sw1", "GigabitEthernet1/0/4") == was


def test_a_member_that_somebody_took_out_is_drift(empty: "Project", cabled: RunningLab) -> None:
    declared_with_channels(empty)
    empty.ok("apply", "--yes")
    empty.type("sw1", ["interface GigabitEthernet1/0/4", "no channel-group"])
    assert "+  channel-group 1 mode active" in empty.ok("drift", status=2).out
    empty.ok("apply", "--yes", "--limit", "sw1")
    assert is_as_intended(empty)
