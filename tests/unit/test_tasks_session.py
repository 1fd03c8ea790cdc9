"""A session of a push, with a simulated device behind it in the same process: what is asked, and what is answered."""

import re
from types import SimpleNamespace
from typing import cast

import pytest

from cimnet_nornir.errors import CommandRejected
from cimnet_nornir.inventory.timeouts import Timeouts
from cimnet_nornir.ios import answers
from cimnet_nornir.ios.normalise import normalise
from cimnet_nornir.ios.profiles import ROUTER_IOS, SWITCH_IOS
from cimnet_nornir.ios.remediation import remediate
from cimnet_nornir.ios.tree import parse_config
from cimnet_nornir.lab.device import Device
from cimnet_nornir.lab.session import Session as User
from cimnet_nornir.lab.spec import LabCredentials, LabDevice, VtpMode
from cimnet_nornir.lab.storage import MemoryStorage
from cimnet_nornir.tasks.session import Session
from cimnet_nornir.tasks.terminal import Terminal
from tests.lab_typing import lab_device

PORTS = ("GigabitEthernet0/0", "GigabitEthernet0/1")
MAPPING = "ip nat inside source list 1 interface GigabitEthernet0/1 overload"
RUNNING = f"""
interface GigabitEthernet0/0
 ip nat inside
interface GigabitEthernet0/1
 ip nat outside
{MAPPING}
"""


class Wire(Terminal):
    """A terminal whose lines go to a device without SSH in between."""

    def __init__(self, user: User) -> None:
        super().__init__(cast("object", SimpleNamespace(base_prompt=user.device.hostname)))  # type: ignore[arg-type]  # its name is all that is needed
        self.user = user

    def ask(self, line: str, *, until: re.Pattern[str], seconds: float) -> str:
        reply = self.user.feed(line)
        answer = f"\n{reply.text}{reply.prompt}"
        assert until.search(answer) or self.user.asking
        return answer


@pytest.fixture
def session() -> Session:
    return Session(Wire(User(lab_device(ROUTER_IOS, RUNNING, PORTS), "admin")), "r1", Timeouts())


def test_translations_that_are_in_use_go_with_their_mapping(session: Session) -> None:
    session.configure([f"no {MAPPING}", "hostname r2"])
    assert session.sent == [f"no {MAPPING}", "hostname r2"]
    assert MAPPING not in session.running()


def test_a_question_that_nobody_foresaw_is_told_no(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "REPLIES", ())
    with pytest.raises(CommandRejected, match=r"asks 'Dynamic mapping in use.*was told no") as refused:
        session.configure([f"no {MAPPING}", "hostname r2"])
    assert refused.value.line == f"no {MAPPING}"
    assert MAPPING in session.running()
    assert "hostname r2" not in session.running()


def switch(mode: VtpMode) -> Session:
    declared = LabDevice("sw1", "ios", "switch", PORTS, vtp_mode=mode)
    device = Device(declared, LabCredentials("admin", "word"), MemoryStorage())
    return Session(Wire(User(device, "admin")), "sw1", Timeouts(), switches=True)


def left(session: Session, intended: str) -> tuple[str, ...]:
    """What takes a switch to what is intended."""
    running, wanted = (normalise(parse_config(text), SWITCH_IOS) for text in (session.running(), intended))
    return remediate(running, wanted, SWITCH_IOS).lines()


@pytest.mark.parametrize(
    ("mode", "wanted"),
    [
        ("server", "vtp domain EAST\nvtp version 2\nvlan 10\n name users\n"),
        ("server", "vtp domain EAST\nvtp mode server\nvtp version 2\n"),
        ("server", "vtp domain EAST\nvtp mode client\nvtp version 2\n"),
        ("client", "vtp domain EAST\nvtp mode client\n"),
        ("client", "vtp domain EAST\nvtp mode transparent\nvlan 10\n"),
        ("transparent", "vtp domain EAST\nvtp mode server\nvlan 10\n"),
    ],
)
def test_what_takes_part_in_vtp_is_told_of_it_once(mode: VtpMode, wanted: str) -> None:
    session, intended = switch(mode), f"hostname sw1\n{wanted}"
    lines = left(session, intended)
    assert "vtp domain EAST" in lines
    session.configure(lines)
    assert left(session, intended) == ()


def test_a_server_shows_nothing_of_vtp_among_its_lines_and_a_reload_keeps_it() -> None:
    session = switch("transparent")
    session.configure(["vtp domain EAST", "vtp mode server", "vlan 10"])
    device = cast("Wire", session.terminal).user.device
    assert "vtp" not in device.running_config()
    device.save()
    device.boot()
    running = session.running()
    assert "vtp domain EAST\nvlan 10\n" in running
