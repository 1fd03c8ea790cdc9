"""Recorded sessions are read again by everything of ours that reads devices, and give what they gave before.

A recording NAME.json has its results beside it, in NAME.expected.json. `python tests/unit/test_golden_recordings.py`
writes those that are missing; read them before you commit them.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from cimnet_nornir.ios import show_output
from cimnet_nornir.ios.answers import judge
from cimnet_nornir.ios.bundle import TemplateBundle
from cimnet_nornir.ios.capabilities import STARTUP, capabilities_of, startup_differs
from cimnet_nornir.ios.engine import IosEngine
from cimnet_nornir.ios.normalise import normalise
from cimnet_nornir.ios.profiles import profile_for
from cimnet_nornir.ios.protection import protection_of
from cimnet_nornir.ios.recording import RUNNING, Recording
from cimnet_nornir.ios.tree import parse_config
from cimnet_nornir.ios.vlan_database import VLAN_COMMAND, needs_vlan_database, with_vlan_database
from cimnet_nornir.tasks.terminal import CONFIGURING, PRIVILEGED, asks

FOLDER = Path(__file__).parents[1] / "golden" / "recordings"
RECORDINGS = tuple(sorted(path for path in FOLDER.glob("*.json") if not path.name.endswith(".expected.json")))


def read(path: Path) -> Recording:
    return Recording.from_json(path.read_text(encoding="utf-8"))


def expected(path: Path) -> Path:
    return path.with_name(f"{path.stem}.expected.json")


def results(recording: Recording) -> dict[str, Any]:
    """All that our readers make of a recording, as JSON has it."""
    answers = recording.answers()
    running = f"{answers[RUNNING]}\n"
    engine = IosEngine(TemplateBundle.load())
    found = {
        "protection": asdict(protection_of(running, switches=recording.switches)),
        "capabilities": asdict(capabilities_of(running, answers, switches=recording.switches)),
        "configuration": _configuration(recording, running),
        "saved": not startup_differs(engine.stable(answers[STARTUP]), engine.stable(running)),
        "stable": engine.stable(running).splitlines()[0],
        "shown": _shown(answers),
        "judged": {command: str(judge(answer, command=command).kind) for command, answer in answers.items()},
    }
    return json.loads(json.dumps(found, default=sorted))  # type: ignore[no-any-return] # of the form that was dumped


def _configuration(recording: Recording, running: str) -> list[str]:
    """The sections as they are compared, each with the number of its lines."""
    if needs_vlan_database(running, switches=recording.switches):
        running = with_vlan_database(running, recording.answers()[VLAN_COMMAND])
    profile = profile_for(recording.platform, routes=recording.kind != "switch", switches=recording.switches)
    return [f"{node.text}: {len(node.children)}" for node in normalise(parse_config(running), profile).nodes]


def _shown(answers: Mapping[str, str]) -> dict[str, Any]:
    """What checks find in the answers, of those that are no refusal."""
    told = {command: "" if judge(answer).is_error else answer for command, answer in answers.items()}
    interfaces = show_output.interfaces(told["show interfaces"]).values()
    return {
        "interfaces": {one.name: "up" if one.up else f"{one.state}, {one.protocol}" for one in interfaces},
        "cdp": [neighbor.name for neighbor in show_output.cdp(told["show cdp neighbors detail"])],
        "lldp": [neighbor.name for neighbor in show_output.lldp(told["show lldp neighbors detail"])],
        "ospf": [f"{one.name} {one.state}" for one in show_output.ospf(told["show ip ospf neighbor"])],
        "bgp": [f"{one.name} {one.state}" for one in show_output.bgp(told["show ip bgp summary"])],
        "eigrp": [one.name for one in show_output.eigrp(told["show ip eigrp neighbors"])],
        "routes": sorted(str(network) for network in show_output.routes(told["show ip route"])),
        "vlans": show_output.vlans(told["show vlan brief"]),
    }


def test_there_are_recordings() -> None:
    assert RECORDINGS


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_our_readers_make_of_a_recording_what_they_made_before(path: Path) -> None:
    assert results(read(path)) == json.loads(expected(path).read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_every_answer_of_a_recording_ends_in_a_prompt_that_we_wait_for(path: Path) -> None:
    for exchange in read(path).exchanges:
        assert PRIVILEGED.search(exchange.wire), exchange.command
        assert not CONFIGURING.search(exchange.wire)
        assert not asks(exchange.wire)
        # The echo, and no other line before it: answers are told by it.
        assert exchange.wire.startswith(exchange.command)


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_refusals_of_a_recording_are_taken_for_errors(path: Path) -> None:
    answers = read(path).answers()
    refused = {command: judge(answers[command]).text for command in ("show cimnet-nonsense", "show ip", "show i")}
    assert all(text.startswith("% ") for text in refused.values()), refused
    assert not judge(answers[RUNNING]).is_error


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_a_recording_is_written_as_it_was_read(path: Path) -> None:
    assert read(path).to_json() == path.read_text(encoding="utf-8")


if __name__ == "__main__":
    for each in RECORDINGS:
        if not expected(each).exists():
            text = json.dumps(results(read(each)), indent=1) + "\n"
            expected(each).write_text(text, encoding="utf-8")
