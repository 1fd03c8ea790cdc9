"""A simulated device to type remediations on, without a connection."""

from collections.abc import Iterable
from typing import Literal

from cimnet_nornir.ios.answers import judge, reply_to
from cimnet_nornir.ios.profiles import Profile
from cimnet_nornir.ios.tree import Config, sections
from cimnet_nornir.lab.configure import Configuration
from cimnet_nornir.lab.device import Device
from cimnet_nornir.lab.spec import LabCredentials, LabDevice
from cimnet_nornir.lab.storage import MemoryStorage

Kind = Literal["switch", "l3switch", "router"]
_PORTS = ("Ethernet", "FastEthernet", "GigabitEthernet", "TenGigabitEthernet")


def kind_of(profile: Profile) -> Kind:
    if profile.switches:
        return "l3switch" if profile.routes else "switch"
    return "router"


def ports_of(*configs: Config) -> frozenset[str]:
    """The physical ports that configurations name."""
    headers = (node.text for config in configs for kind in _PORTS for node in sections(config, f"interface {kind}"))
    return frozenset(header.removeprefix("interface ") for header in headers if "." not in header)


def lab_device(profile: Profile, running: str, ports: Iterable[str], *, model: str = "") -> Device:
    """A device that boots with a configuration and has these ports."""
    declared = LabDevice(
        name="r1",
        platform="iosxe" if profile.platform == "iosxe" else "ios",
        kind=kind_of(profile),
        model=model,
        interfaces=tuple(sorted(ports)) or ("GigabitEthernet0/0",),
        startup=running,
    )
    return Device(declared, LabCredentials("admin", "admin"), MemoryStorage())


def type_lines(device: Device, text: str) -> list[str]:
    """Type the lines in configuration mode, confirm what is asked, and return what the device refused."""
    configuration = Configuration(device)
    refused: list[str] = []
    asked = None
    for line in text.splitlines():
        answer = asked.then(line) if asked else configuration.feed(line)
        while answer.ask is not None and (reply := reply_to(answer.ask.prompt)) is not None:
            answer = answer.ask.then(reply)
        asked = answer.ask
        refused += [f"{line}: {answer.text}"] if judge(answer.text, command=line).is_error else []
    return refused
