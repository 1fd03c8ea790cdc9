"""The log of a simulated device: who configured it, with the stamps that it is told to write."""

import re
from datetime import timedelta

import pytest

from cimnet_nornir.lab.device import Device
from cimnet_nornir.lab.session import Session
from cimnet_nornir.lab.spec import LabCredentials, LabDevice
from cimnet_nornir.lab.storage import MemoryStorage

ENTRY = "%SYS-5-CONFIG_I: Configured from console by bob on vty0 (127.0.0.1)"


@pytest.fixture
def session() -> Session:
    declared = LabDevice("r1", "ios", "router", ("GigabitEthernet0/0",))
    found = Session(Device(declared, LabCredentials("admin", "pw"), MemoryStorage()), "bob")
    found.level = 15
    return found


def typed(session: Session, *lines: str) -> str:
    for line in lines:
        session.feed(line)
    return session.feed("show logging").text


def test_whoever_leaves_configuration_mode_is_in_the_log(session: Session) -> None:
    assert "CONFIG_I" not in typed(session, "configure terminal", "hostname r2")
    session.feed("end")
    log = typed(session)
    assert re.search(rf"^\*[A-Z][a-z]{{2}} [ \d]\d \d\d:\d\d:\d\d\.\d{{3}}: {re.escape(ENTRY)}$", log, re.MULTILINE)
    assert "1 messages logged" in log
    session.feed("configure terminal")
    session.close()
    assert session.device.log.count == 2


@pytest.mark.parametrize(
    ("line", "stamp"),
    [
        ("service timestamps log uptime", r"00:00:0\d: "),
        ("no service timestamps log", ""),
        ("service timestamps log datetime show-timezone year", r"\*\w{3} [ \d]\d \d{4} \d\d:\d\d:\d\d UTC: "),
    ],
)
def test_stamps_are_as_they_are_configured(session: Session, line: str, stamp: str) -> None:
    log = typed(session, "configure terminal", line, "end")
    assert re.search(rf"^{stamp}{re.escape(ENTRY)}$", log, re.MULTILINE)


def test_commands_are_logged_where_the_archive_says_so(session: Session) -> None:
    session.device.load("archive\n log config\n  logging enable\n  notify syslog contenttype plaintext\n")
    log = typed(session, "configure terminal", "interface GigabitEthernet0/0", " description x", "nonsense", "end")
    said = re.findall(r"LOGGEDCMD: User:(\S+)  logged command:(.+)", log)
    assert said == [("bob", "interface GigabitEthernet0/0"), ("bob", "description x")]


def test_nothing_is_kept_without_a_buffer_and_after_a_reload(session: Session) -> None:
    typed(session, "configure terminal", "end")
    session.device.clock.set_forward(timedelta(seconds=1))
    session.device.boot()
    assert session.device.log.text == ""
    typed(session, "configure terminal", "no logging buffered", "end")
    assert session.device.log.text == ""
