"""What `cimnet watch` shows: at every size, without colours, and whatever is in a name."""

import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest
from rich.cells import cell_len
from rich.console import Console

import cimnet_nornir
from cimnet_nornir.application.observations import HEALTH, DeviceFacts, DeviceStatus
from cimnet_nornir.application.progress_view import DeploymentProgress, DeviceProgress
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.application.watching import WORST_FIRST, Running, View, Watching
from cimnet_nornir.cli.output import one_line
from cimnet_nornir.cli.watch_devices import HEALTH_LOOKS
from cimnet_nornir.cli.watch_screen import screen
from cimnet_nornir.cli.watch_words import ago, span
from cimnet_nornir.domain import commands as c

if TYPE_CHECKING:
    from tests.unit.conftest import Cimnet

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FACTS = DeviceFacts(uptime=40 * 86_400, cpu=5, cpu_minute=97, memory_used=3, memory_total=10)
CHANGING: dict[str, Any] = {"lifecycle": "maintenance", "pending": True}
HOSTILE = "\x1b]0;owned\x07\x1b[2Jsw1\nsw9 ok\u202e\x9b1A\ud800"


def status(name: str, health: str = "ok", **more: Any) -> DeviceStatus:
    seen = {"reachability": "up", "seen": NOW - timedelta(seconds=12), "lifecycle": "active"}
    return DeviceStatus(device=name, name=name, kind="switch", **{"health": health, **seen, **more})


def running_for(seconds: int) -> DeviceFacts:
    return FACTS.model_copy(update={"uptime": seconds})


def deployment(stages: dict[str, str], **more: Any) -> DeploymentProgress:
    known = {"waiting": False, "pushing": False, "built": False}
    devices = {
        name: DeviceProgress(name, stage, known.get(stage, True), None if stage == "waiting" else NOW, 1.5)
        for name, stage in stages.items()
    }
    return DeploymentProgress("0f6c2b1e-1", "ana", "CHG-7", "netmiko", NOW - timedelta(seconds=9), NOW, devices, **more)


@pytest.fixture
def view(small: NetworkService) -> View:
    """Five devices, one deployment that runs, and events of a real store."""
    devices = (
        status("acc1", "unreachable", seen=NOW - timedelta(hours=3), reachability="unreachable"),
        status("acc2", "drift", drift=3, facts=FACTS, ports_up=20, ports_down=2, port_errors=4),
        status("acc3", "deploying"),
        status("acc4", pending=True),
        status("r1", "unknown", seen=None, reachability=None, lifecycle="planned"),
    )
    stages = {"acc1": "unreachable", "acc2": "applied", "acc3": "pushing", "acc4": "waiting"}
    names = {item.device: item.name for item in devices}
    seen = replace(Watching(small).look(), at=NOW, devices=devices, names=names)
    return replace(seen, deployments=(Running(deployment(stages), broken=False),))


def shown(view: View, width: int, height: int | None = None, *, state: str = "", color: bool = False) -> list[str]:
    """The lines of a frame, without the blanks at their ends."""
    out = io.StringIO()
    system: Literal["standard"] | None = "standard" if color else None
    console = Console(
        file=out, width=width, color_system=system, force_terminal=color, no_color=not color, markup=False
    )
    console.print(screen(view, width, height, state=state))
    return [line.rstrip() for line in out.getvalue().splitlines()]


# --- a frame ----------------------------------------------------------------------------------------------------------


def test_a_frame_tells_what_is_wrong_first(view: View) -> None:
    lines = shown(view, 80)
    assert lines[0].startswith("net · lab")
    assert f"event {view.position}" in lines[0]
    assert lines[1] == "5 devices: 1 unreachable, 1 drift, 1 deploying, 1 unknown, 1 ok; change pending…"
    table = lines[3:9]
    assert table[0].split() == ["HEALTH", "DEVICE", "SEEN", "UPTIME", "CPU", "MEM", "PORTS", "DRIFT", "LIFE"]
    assert table[1].split() == ["!", "unreachable", "acc1", "3h", "-", "-", "-", "-", "-", "active"]
    assert table[2].split() == ["≠", "drift", "acc2", "12s", "40d", "97%", "30%", "20/22!", "3", "active"]
    assert table[4].split()[-3:] == ["-", "change", "pending"]
    assert table[5].split() == ["\N{EN DASH}", "unknown", "r1", *"------", "planned"]


def test_a_deployment_shows_each_device_and_how_far_it_is(view: View) -> None:
    lines = shown(view, 80)
    start = next(place for place, line in enumerate(lines) if line.startswith("deployment"))
    assert lines[start] == "deployment 0f6c2b1e  running for 9 s  by ana, CHG-7"
    assert lines[start + 1].split()[1] == "2/4"
    told = " ".join(lines[start + 2 : start + 4])
    for words in (
        "▶ acc3  pushing for 0 s",
        "✕ acc1  unreachable in 1.5 s",
        "\N{EN DASH} acc4  waiting",
        "✓ acc2  applied in 1.5 s",
    ):
        assert words in told
    assert told.index("acc3") < told.index("acc1") < told.index("acc4") < told.index("acc2")


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (Running(deployment({"a": "applied"}, finished=NOW, seconds=2.0), broken=False), "done in 2.0 s"),
        (Running(deployment({"a": "rejected"}, finished=NOW, seconds=2.0), broken=False), "ended in 2.0 s"),
        (Running(deployment({"a": "pushing"}), broken=True), "broken off: cimnet recover"),
        (Running(deployment({"a": "built"}), broken=False), "a  built (1 of 5 steps) for 0 s"),
        (Running(deployment({"a": "waiting"}, wave=2, waves=3), broken=False), "wave 2 of 3"),
        (Running(deployment({"a": "applied"}, decision="keep"), broken=False), "transaction: keep"),
    ],
)
def test_each_state_of_a_deployment_is_told(view: View, item: Running, said: str) -> None:
    assert said in "\n".join(shown(replace(view, deployments=(item,)), 80))


def test_a_reason_has_a_line_of_its_own(view: View) -> None:
    progress = deployment({"acc1": "rejected", "acc2": "waiting"})
    progress.devices["acc1"].reason = "Invalid input detected at '^' marker"
    lines = shown(replace(view, deployments=(Running(progress, broken=False),)), 80)
    assert "  ✕ acc1  rejected in 1.5 s: Invalid input detected at '^' marker" in lines


@pytest.mark.parametrize("width", [20, 40, 60, 80, 132, 200])
@pytest.mark.parametrize("height", [10, 24, 50])
def test_a_frame_fits_into_any_terminal(view: View, width: int, height: int) -> None:
    many = tuple(status(f"access-switch-{number:04}-Büro-日本", HEALTH[number % 7]) for number in range(1000))
    for each in (view, replace(view, devices=many), replace(view, devices=(), deployments=())):
        lines = shown(each, width, height, state="live")
        assert len(lines) <= height
        assert max(map(cell_len, lines)) <= width
        assert lines[0].startswith("net · lab")


def test_what_is_left_out_is_told(view: View) -> None:
    many = tuple(status(f"sw{number:04}") for number in range(1000))
    lines = shown(replace(view, devices=many, deployments=()), 80, 24)
    (rest,) = [line for line in lines if line.startswith("…")]
    listed = [line for line in lines if line.startswith("✓ ok")]
    assert rest == f"… and {1000 - len(listed)} more devices"
    assert len(listed) >= 5
    assert len(shown(replace(view, devices=many, deployments=()), 80)) > 1000


def test_many_devices_of_a_deployment_leave_room_for_the_others(view: View) -> None:
    stages = {f"sw{number:04}": "pushing" if number < 20 else "waiting" for number in range(1000)}
    lines = shown(replace(view, deployments=(Running(deployment(stages), broken=False),)), 80, 24)
    assert any("0/1000" in line for line in lines)
    assert any("more lines" in line for line in lines)
    assert any("unreachable  acc1" in line for line in lines)
    assert "LAST EVENTS" in lines


def test_a_narrow_terminal_leaves_out_what_can_be_missed(view: View) -> None:
    heading = next(line for line in shown(view, 40) if "HEALTH" in line)
    assert heading.split()[:2] == ["HEALTH", "DEVICE"]
    assert "UPTIME" not in heading
    assert "unreachable  acc1" in "\n".join(shown(view, 40))


def test_every_health_has_its_place_and_its_look() -> None:
    assert set(WORST_FIRST) == set(HEALTH) == set(HEALTH_LOOKS)


def test_the_signs_are_those_of_the_dashboard() -> None:
    page = Path(cimnet_nornir.__file__).parent / "web" / "static" / "js" / "health.js"
    signs = re.findall(r'health: "([a-z ]+)", .*sign: "(.)"', page.read_text(encoding="utf-8"))
    assert dict(signs) == {health: look.sign for health, look in HEALTH_LOOKS.items()}


def test_a_device_in_its_first_minute_and_one_in_maintenance_are_told(view: View) -> None:
    devices = (status("acc1", facts=running_for(0)), status("acc2", facts=running_for(60), **CHANGING))
    lines = shown(replace(view, devices=devices), 100)
    assert lines[4].split()[4] == "<1m"
    assert lines[5].split()[4] == "1m"
    assert lines[5].endswith("maintenance, change pending")


def test_health_is_told_without_colours_too(view: View) -> None:
    plain = shown(view, 80)
    assert "\x1b" not in "".join(plain)
    colored = shown(view, 80, color=True)
    assert "\x1b[1;31m! unreachable" in "".join(colored)


def test_whether_it_is_live_is_said(view: View) -> None:
    assert "● live" in shown(view, 80, state="live")[0]
    assert "○ store not reached" in shown(view, 80, state="store not reached")[0]
    assert "q ends it" in shown(view, 100, state="live")[1]
    assert "live" not in shown(view, 80)[0]


def test_an_empty_network_says_what_to_do(view: View) -> None:
    lines = shown(replace(view, devices=(), deployments=(), events=()), 80)
    assert lines == [lines[0], "0 devices", "", "nothing is declared yet: cimnet declare inventory/network.yaml"]


def test_nothing_that_others_named_is_obeyed(view: View, small: NetworkService) -> None:
    hostile = small.acting(reason=HOSTILE.replace("\ud800", ""))
    hostile.execute(c.CreateVlan(device="sw1", vlan=66, name="guests"))
    progress = deployment({"x": "rejected"})
    progress.devices["x"].reason = HOSTILE
    progress.reason = HOSTILE
    bad = status("x", "drift").model_copy(update={"name": HOSTILE})
    seen = replace(
        view,
        devices=(bad,),
        deployments=(Running(progress, broken=False),),
        events=Watching(small).events,
        names={"x": HOSTILE, "sw1": HOSTILE},
    )
    for text in ("\n".join(shown(seen, width)) for width in (40, 80, 200)):
        assert not any(character < " " for character in text.replace("\n", ""))
        assert not any("\x7f" <= character <= "\x9f" or character in "\u202e\ud800" for character in text)
    wide = "\n".join(shown(seen, 200))
    assert wide.count("\\x1b]0;owned\\x07\\x1b[2Jsw1\\x0asw9 ok\\u202e\\x9b1A") == 6


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(None, "-"), (-3, "0s"), (0.4, "0s"), (59, "59s"), (60, "1m"), (7_199, "1h"), (86_400, "1d"), (4e7, "462d")],
)
def test_a_time_is_told_in_its_largest_unit(seconds: float | None, said: str) -> None:
    assert span(seconds) == said
    assert ago(None, NOW) == "-"


def test_one_line_stays_one_line() -> None:
    assert one_line("Büro\t日本\n\x1b[31mred\x1b[0m\u2028") == "Büro\\x09日本\\x0a\\x1b[31mred\\x1b[0m\\u2028"


# --- the command ------------------------------------------------------------------------------------------------------


def test_once_prints_a_frame_and_ends(cimnet: "Cimnet", campus: Path) -> None:
    said = cimnet("watch", "--once")
    assert said.status == 0
    assert said.out.startswith("campus · lab")
    assert "9 devices: 9 unknown" in said.out
    assert max(map(cell_len, said.out.splitlines())) <= 80
    assert "\x1b" not in said.out


def test_once_is_as_wide_as_the_surroundings_say(
    cimnet: "Cimnet", campus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    assert max(map(cell_len, cimnet("watch", "--once").out.splitlines())) <= 40


def test_once_is_one_document_with_json(cimnet: "Cimnet", campus: Path) -> None:
    document = cimnet("watch", "--once", "--first", "2", "--limit", "acc1", "--json").json("watch")
    assert set(document) == {"format", "network", "environment", "position", "at", "devices", "deployments", "events"}
    assert [device["name"] for device in document["devices"]] == ["acc1"]
    assert [event["subject"] for event in document["events"]] == ["acc1", "acc1"]
    assert document["events"][-1]["words"]


def test_a_moment_in_the_past_cannot_be_watched(cimnet: "Cimnet", campus: Path) -> None:
    cimnet("watch", "--at", "5").refuses("--at is for commands that only read the event log")


def test_a_limit_that_fits_nobody_is_refused(cimnet: "Cimnet", campus: Path) -> None:
    cimnet("watch", "--once", "--limit", "nobody").refuses("--limit nobody: no host or group fits")


def test_the_frame_in_json_can_be_read_back(view: View) -> None:
    from cimnet_nornir.cli.watch_command import _view_json

    document = json.loads(json.dumps(_view_json(view), default=str))
    (found,) = document["deployments"]
    assert [device["stage"] for device in found["devices"]] == ["unreachable", "applied", "pushing", "waiting"]
    assert found["running"] is True
