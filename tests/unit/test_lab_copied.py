"""Simulated devices that are copies of real ones: what the grammar lacks is known by the letter."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cimnet_nornir.lab.device import Device
from cimnet_nornir.lab.session import Session
from cimnet_nornir.lab.spec import LabCredentials, LabDevice
from cimnet_nornir.lab.storage import FolderStorage, MemoryStorage, Storage

CREDENTIALS = LabCredentials("admin", "secret-login")
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
COPIED = """\
version 15.2
!
hostname EDGE
!
mystery feature on
 with lines below
  and lower still
 shutdown
!
interface GigabitEthernet0/0
 ip address 10.0.0.1 255.255.255.0
 mystery on a port
!
interface GigabitEthernet0/1
 ip address 10.0.0.2 255.255.255.0
!
router bgp 65000
 bgp log-neighbor-changes
 neighbor 10.0.0.9 remote-as 65001
 !
 address-family ipv4
  neighbor inner peer-group
  neighbor 10.0.0.9 activate
 exit-address-family
!
banner motd ^C
mystery is not a command here
^C
line vty 0 4
 login
 mystery of lines
end
not read any more
"""
ODD = ("mystery feature on", " with lines below", "  and lower still", " mystery on a port", " mystery of lines")


def device(storage: Storage | None = None) -> Device:
    """A router that is a copy, and saved nothing since."""
    declared = LabDevice("edge", "ios", "router", ("Gi0/0", "Gi0/1"), archive=True)
    return Device(declared, CREDENTIALS, storage or MemoryStorage(copied=COPIED), lambda: NOON)


def typed(on: Device, *lines: str) -> str:
    """The output of the last line."""
    user = Session(on, "admin")
    user.level = 15
    return [user.feed(line).text for line in ("configure terminal", *lines)][-1]


def test_a_copy_runs_every_line_of_the_configuration_where_it_stood() -> None:
    running = device().running_config()
    assert "mystery feature on\n with lines below\n  and lower still\n shutdown\n!" in running
    assert "interface GigabitEthernet0/0\n ip address 10.0.0.1 255.255.255.0\n mystery on a port\n!" in running
    assert " address-family ipv4\n  neighbor inner peer-group\n  neighbor 10.0.0.9 activate\n" in running
    assert "\nmystery is not a command here\n" in running
    assert "not read" not in running


def test_a_line_that_the_device_refuses_for_its_meaning_is_kept_as_well() -> None:
    running = device().running_config()
    assert "interface GigabitEthernet0/1\n ip address 10.0.0.2 255.255.255.0\n" in running


def test_lines_of_a_family_that_stand_no_further_in_than_its_header_are_of_the_family() -> None:
    old = COPIED.replace("  neighbor", " neighbor").replace(" neighbor 10.0.0.9 activate", " neighbor 10.0.0.9 odd")
    running = device(MemoryStorage(copied=old)).running_config()
    assert "  neighbor inner peer-group\n  neighbor 10.0.0.9 activate\n  neighbor 10.0.0.9 odd\n" in running


def test_it_has_saved_what_it_runs_and_an_archive_to_go_back_to() -> None:
    copy = device()
    assert not copy.unsaved
    assert "archive\n path flash:archive\n" in copy.running_config()


def test_what_it_runs_loads_into_a_device_like_it() -> None:
    copy = device()
    again = copy.with_configuration(copy.running_config())
    assert again.rejected == ()
    assert again.running_config() == copy.running_config()


@pytest.mark.parametrize("line", ["another mystery", "no another mystery", "interface Gi0/0\nmystery on no port"])
def test_what_neither_the_grammar_nor_the_letter_has_is_refused(line: str) -> None:
    assert "% Invalid input detected" in typed(device(), *line.split("\n"))


def test_known_lines_are_taken_back_and_typed_again() -> None:
    copy = device()
    before = copy.running_config()
    assert typed(copy, "no mystery feature on", "interface Gi0/0", "no mystery") == ""
    gone = copy.running_config()
    assert [line for line in ODD if line in gone] == [" mystery of lines"]
    assert typed(copy, "mystery feature on", "with lines below", "and lower still", "shutdown") == ""
    assert typed(copy, "interface Gi0/0", "mystery on a port", "description below it") == ""
    assert copy.running_config() == before.replace("0/0\n ip address", "0/0\n description below it\n ip address")


def test_the_grammar_takes_back_what_it_refused_to_take_in() -> None:
    copy = device()
    assert typed(copy, "interface Gi0/1", "no ip address") == ""
    assert "interface GigabitEthernet0/1\n no ip address\n!" in copy.running_config()


def test_a_timed_revert_brings_known_lines_back() -> None:
    copy = device()
    before = copy.running_config()
    user = Session(copy, "admin")
    user.level = 15
    for line in ("configure terminal revert timer 2", "no mystery feature on", "hostname OTHER", "end"):
        user.feed(line)
    assert copy.running_config() != before
    copy.timers.advance(timedelta(minutes=3))
    assert copy.running_config() == before


def test_a_copy_stays_one_over_a_restart_of_the_lab(tmp_path: Path) -> None:
    folder = FolderStorage(tmp_path)
    folder.write_startup("hostname OLD\n")
    folder.copy(COPIED)
    first = device(folder)
    assert first.hostname == "EDGE"
    typed(first, "no mystery feature on", "hostname CHANGED")
    first.save()
    again = device(FolderStorage(tmp_path))
    assert again.rejected == ()
    assert again.running_config() == first.running_config()
    assert " mystery on a port" in again.running_config()
    assert typed(again, "mystery feature on") == ""


def test_a_switch_has_the_trunks_that_its_configuration_tells_of() -> None:
    text = "hostname S\ninterface Gi0/1\n switchport trunk encapsulation dot1q\n switchport mode trunk\nend\n"
    declared = LabDevice("s", "ios", "switch", ("Gi0/1", "Gi0/2"))
    copy = Device(declared, CREDENTIALS, MemoryStorage(copied=text))
    assert copy.known == {}
    assert typed(copy, "interface Gi0/2", "switchport trunk encapsulation dot1q") == ""
