"""`cimnet watch` at a real terminal and in a pipe, while somebody else deploys to simulated devices."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pytest
from rich.cells import cell_len

from cimnet_nornir.lab.thread import RunningLab
from tests.e2e.screen import PATIENCE, screen

if TYPE_CHECKING:
    from tests.e2e.conftest import Project

pytestmark = pytest.mark.slow


# --- at a terminal ----------------------------------------------------------------------------------------------------


def test_a_deployment_is_watched_while_it_runs(small: "Project", lab: RunningLab) -> None:
    lab.fault("sw2", "hang", lines=3)
    with screen(small.folder, "watch") as terminal:
        terminal.shows("small · lab", "● live", "3 devices", "q ends it", "LAST EVENTS")
        small.ok("apply", "--yes", "--reason", "CHG-7 desks", status=5)
        # It hung for some seconds, which is several frames.
        running = terminal.shows("running for", "▶ sw2  pushing")
        assert "by ann, CHG-7 desks" in running
        terminal.shows("▶ deploying", "push started in lab")
        ended = terminal.shows("ended in", "3/3", "✕ sw2  in doubt")
        assert "? in doubt" in terminal.shows("3/3", "? in doubt", "deployment finished")
        assert ended
        terminal.press("q")
        assert terminal.ended() == 0
        assert terminal.said.endswith("\x1b[?1049l")
        assert terminal.left == terminal.settings


def test_an_event_is_seen_as_it_comes_and_the_worst_goes_on_top(small: "Project") -> None:
    with screen(small.folder, "watch", "--first", "3") as terminal:
        terminal.shows("● live", "LAST EVENTS")
        small.edit("vlans: {10: users, 99: management}", "vlans: {10: users, 20: guests, 99: management}")
        small.declare(reason="CHG-2 guests")
        assert "CHG-2 guests" in terminal.shows("VLAN 20 (guests) created")
        terminal.press("q")
        assert terminal.ended() == 0


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_well(small: "Project", ending: signal.Signals) -> None:
    with screen(small.folder, "watch") as terminal:
        terminal.shows("● live")
        terminal.process.send_signal(ending)
        assert terminal.ended() == 0
        assert terminal.left == terminal.settings
        assert "Traceback" not in terminal.said


def test_control_c_is_a_key_like_any_other(small: "Project") -> None:
    with screen(small.folder, "watch") as terminal:
        terminal.shows("● live")
        terminal.press("x")
        terminal.press("\x03")
        assert terminal.ended() == 0


@pytest.mark.parametrize(("rows", "columns"), [(24, 80), (15, 40), (8, 24)])
def test_no_line_is_wider_and_no_frame_higher_than_the_terminal(small: "Project", rows: int, columns: int) -> None:
    with screen(small.folder, "watch", rows=rows, columns=columns) as terminal:
        frame = terminal.shows("small · lab", "unknown")
        assert len(frame.splitlines()) <= rows
        assert max(map(cell_len, frame.splitlines())) <= columns
        terminal.press("q")
        assert terminal.ended() == 0


def test_it_follows_the_size_of_the_terminal(small: "Project") -> None:
    with screen(small.folder, "watch", columns=132) as terminal:
        wide = terminal.shows("LIFE", "UPTIME")
        assert max(map(cell_len, wide.splitlines())) == 132
        terminal.resize(20, 40)
        narrow = terminal.wait_for(
            lambda frame: "small · lab" in frame and max(map(cell_len, frame.splitlines())) <= 40, "40 columns"
        )
        assert "UPTIME" not in narrow
        terminal.press("q")
        assert terminal.ended() == 0


def test_without_colours_there_are_none(small: "Project") -> None:
    with screen(small.folder, "watch", NO_COLOR="1") as terminal:
        terminal.shows("● live")
        terminal.press("q")
        assert terminal.ended() == 0
        assert "\x1b[32m" not in terminal.said
    with screen(small.folder, "watch") as terminal:
        terminal.shows("● live")
        assert "\x1b[32m● live" in terminal.said
        terminal.press("q")
        assert terminal.ended() == 0


def test_a_terminal_that_can_do_nothing_is_a_pipe(small: "Project") -> None:
    with screen(small.folder, "watch", "--first", "1", TERM="dumb") as terminal:
        (last,) = small.events()[-1:]
        terminal.hears(f"{last['position']}  ")
        terminal.process.send_signal(signal.SIGINT)
        assert terminal.ended() == 0
        assert "\x1b" not in terminal.said


# --- in a pipe --------------------------------------------------------------------------------------------------------


@contextmanager
def piped(small: "Project", *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """`cimnet watch` in a pipe; killed where it has not ended by itself."""
    process = small.start("watch", *arguments)
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=PATIENCE)


def line_of(process: "subprocess.Popen[str]") -> str:
    stream: IO[str] | None = process.stdout
    assert stream is not None
    return stream.readline()


def test_a_pipe_has_the_last_events_and_then_those_that_come(small: "Project", lab: RunningLab) -> None:
    with piped(small, "--first", "2") as process:
        first = [line_of(process), line_of(process)]
        assert [line.split()[0] for line in first] == [str(event["position"]) for event in small.events()[-2:]]
        small.ok("apply", "--yes", "--limit", "sw1", "--reason", "CHG-7 desks")
        lines: list[str] = []
        while not lines or "deployment finished" not in lines[-1]:
            lines.append(line_of(process))
        assert [line.split("  ")[3] for line in lines[-3:-1]] == ["sw1", "sw1"]
        assert "push started in lab" in lines[-3]
        assert "[CHG-7 desks]" in lines[-1]
        assert "\x1b" not in "".join(first + lines)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
        assert (process.returncode, out, err) == (0, "", "")


def test_with_json_each_event_is_an_object_in_a_line(small: "Project") -> None:
    with piped(small, "--json", "--first", "1", "--limit", "sw1") as process:
        told = [json.loads(line_of(process))]
        small.edit("vlans: {10: users, 99: management}", "vlans: {10: users, 20: guests, 99: management}")
        small.declare()
        told.append(json.loads(line_of(process)))
        assert {item["format"] for item in told} == {"cimnet.watch-event/1"}
        assert told[1]["words"] == "VLAN 20 (guests) created"
        assert (told[1]["subject"], told[1]["type"], told[1]["data"]["vlan"]) == ("sw1", "VlanCreated", 20)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0


def test_a_reader_that_goes_away_is_no_error(small: "Project") -> None:
    program = Path(sys.executable).with_name("cimnet")
    command = f"{program} watch --first 50 | head -1; echo ${{PIPESTATUS[0]}}"
    process = subprocess.Popen(
        ["bash", "-c", command],
        cwd=small.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "CIMNET_ACTOR": "ann"},
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline().split()[0] == "1"
        # It notices with the next line that it writes.
        small.edit("vlans: {10: users, 99: management}", "vlans: {10: users, 20: guests, 99: management}")
        small.declare()
        out, err = process.communicate(timeout=PATIENCE)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    assert "Traceback" not in err
    assert out.strip() in ("0", "1")


def test_once_while_a_deployment_runs_shows_it(small: "Project", lab: RunningLab) -> None:
    lab.fault("sw2", "hang", lines=3)
    applying = small.start("apply", "--yes", "--reason", "CHG-7 desks")
    try:
        with piped(small, "--first", "1") as process:
            while "push started" not in (line := line_of(process)):
                assert line
        frames = []
        while applying.poll() is None:
            frames.append(small.ok("watch", "--once").out)
        assert any("running for" in frame and "▶ sw2  pushing" in frame for frame in frames)
    finally:
        applying.communicate(timeout=PATIENCE)
    assert applying.returncode == 5
    document = small.ok("watch", "--once", "--json").json
    (deployment,) = document["deployments"]
    assert {device["device"]: device["stage"] for device in deployment["devices"]}["sw2"] == "in doubt"
    assert document["devices"][0]["health"] == "in doubt"
