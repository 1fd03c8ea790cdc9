"""The golden remediations, typed on a simulated device: it refuses no line, and then runs what is intended."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import pytest

from cimnet_nornir.ios.answers import judge, reply_to
from cimnet_nornir.ios.normalise import normalise
from cimnet_nornir.ios.profiles import Profile, profile_for
from cimnet_nornir.ios.remediation import Remediation, remediate
from cimnet_nornir.ios.tree import Config, parse_config, sections, walk
from cimnet_nornir.lab.configure import Configuration
from cimnet_nornir.lab.device import Device
from cimnet_nornir.lab.spec import LabCredentials, LabDevice
from cimnet_nornir.lab.storage import MemoryStorage

GOLDEN = Path(__file__).parents[1] / "golden" / "remediation"
# What the simulated device does not know, so that it cannot prove these.
BEYOND_THE_LAB: Mapping[str, str] = {}
CASES = sorted(path.name for path in GOLDEN.iterdir() if path.name not in BEYOND_THE_LAB)
Kind = Literal["switch", "l3switch", "router"]


def _kind(profile: Profile) -> Kind:
    if profile.switches:
        return "l3switch" if profile.routes else "switch"
    return "router"


def _device(profile: Profile, running: str, ports: frozenset[str]) -> Device:
    declared = LabDevice(
        name="r1",
        platform="iosxe" if profile.platform == "iosxe" else "ios",
        kind=_kind(profile),
        interfaces=tuple(sorted(ports)) or ("GigabitEthernet0/0",),
        startup=running,
    )
    return Device(declared, LabCredentials("admin", "admin"), MemoryStorage())


def _ports(*configs: Config) -> frozenset[str]:
    headers = (node.text for config in configs for node in sections(config, "interface GigabitEthernet"))
    return frozenset(header.removeprefix("interface ") for header in headers if "." not in header)


def _type(device: Device, remediation: Remediation) -> list[str]:
    """Type the lines, confirm what is asked, and return what the device refused."""
    configuration = Configuration(device)
    refused: list[str] = []
    asked = None
    for line in remediation.text().splitlines():
        answer = asked.then(line) if asked else configuration.feed(line)
        while answer.ask is not None and (reply := reply_to(answer.ask.prompt)) is not None:
            answer = answer.ask.then(reply)
        asked = answer.ask
        refused += [f"{line}: {answer.text}"] if judge(answer.text, command=line).is_error else []
    return refused


@pytest.mark.parametrize("name", CASES)
def test_a_device_takes_every_line_and_then_runs_what_is_intended(name: str) -> None:
    text = (GOLDEN / name / "running.cfg").read_text()
    platform, *features = re.sub(r"^! profile: ", "", text.split("\n", 1)[0]).split(" ")
    profile = profile_for(platform, routes="routes" in features, switches="switches" in features)
    intended = normalise(parse_config((GOLDEN / name / "intended.cfg").read_text()), profile)
    path = GOLDEN / name / "formerly.cfg"
    formerly = normalise(parse_config(path.read_text()), profile) if path.exists() else None
    device = _device(profile, text, _ports(intended, normalise(parse_config(text), profile)))

    running = normalise(parse_config(device.running_config()), profile)
    remediation = remediate(running, intended, profile, formerly=formerly)
    assert _type(device, remediation) == []

    after = normalise(parse_config(device.running_config()), profile)
    assert remediate(after, intended, profile, formerly=formerly).lines() == ()
    assert set(remediation.unmodelled) <= set(walk(after))
