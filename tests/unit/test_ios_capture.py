"""Configurations as terminals recorded them, and those of other systems."""

import pytest

from cimnet_nornir.ios.audit.view import audited
from cimnet_nornir.ios.capture import configuration_in
from cimnet_nornir.ios.reading.systems import system_of

ALONE = """\
version 15.2
hostname edge-r1
!
interface GigabitEthernet0/0
 description to the other
 shutdown
!
end
"""
BACK = "\b" * 9


def said(text: str) -> list[str]:
    """The lines of a text that say anything."""
    return [line for line in text.split("\n") if line.strip() and line != "!"]


@pytest.mark.parametrize(
    "recorded",
    [
        ALONE.replace("\n", "\r\n"),
        ALONE.replace("\n", "\r\r\n"),
        ALONE.replace("\n", "\r"),
        ALONE.replace("!\n", "!\n\x0c"),
        ALONE.replace("version", "\ufeffversion"),
        f"edge-r1#terminal length 0\nedge-r1#sh run\n\n{ALONE}\nedge-r1#exit\nConnection to edge-r1 closed.\n",
        f"Username: bob\nPassword: \nwho are you?\n\nedge-r1>en\nedge-r1#wr t\n{ALONE}edge-r1#\n",
        f"{ALONE}edge-r1#show version\nCisco IOS Software, Version 15.2\nedge-r1#",
        ALONE.replace(" shutdown", f" --More-- {BACK}        {BACK} shutdown"),
        ALONE.replace(" shutdown", "\x1b[7m --More-- \x1b[m\r          \r shutdown"),
        ALONE.replace(" shutdown", " --More--          shutdown"),
        ALONE.replace(" description", f" --More--{' ' * 10}description"),
        ALONE.replace(" shutdown", " --More-- \n shutdown"),
    ],
)
def test_what_a_session_shows_around_a_configuration_is_left_out(recorded: str) -> None:
    assert said(configuration_in(recorded)) == said(ALONE)


def test_an_audit_looks_at_the_configuration_alone() -> None:
    pages = ALONE.replace(" shutdown", f" --More-- {BACK}        {BACK} shutdown")
    recorded = audited(f"edge-r1#sh run\n{pages}edge-r1#\n", "edge-r1")
    assert recorded.nodes == audited(ALONE, "edge-r1").nodes


def test_lines_keep_their_numbers() -> None:
    text = configuration_in(f"edge-r1#show running-config\nBuilding configuration...\n\n{ALONE}edge-r1#\n")
    assert text.split("\n").index("hostname edge-r1") == 4
    assert configuration_in(ALONE) == ALONE


def test_a_prompt_after_a_configuration_that_was_cut_short_goes_too() -> None:
    short = ALONE.replace("end\n", "")
    assert said(configuration_in(f"{short}edge-r1#\nedge-r1#exit\n")) == said(short)


def test_other_hosts_prompts_and_texts_of_banners_stay() -> None:
    text = ALONE.replace("version", "banner motd ^C\nedge-r1#sh run is what you may type\n^C\nversion", 1)
    assert "^C" in configuration_in(text)
    assert "core1#exit" in configuration_in(f"{ALONE}core1#exit\n")


@pytest.mark.parametrize(
    ("text", "system"),
    [
        (ALONE, ""),
        (ALONE.replace("version 15.2", "version 17.9"), ""),
        ("hostname sw1\n", ""),
        ("!Command: show running-config\n!Time: Mon\n\nversion 9.3(5) Bios:version\nhostname n1\n", "NX-OS"),
        ("hostname n1\nfeature interface-vlan\n", "NX-OS"),
        ("!! IOS XR Configuration 7.3.2\nhostname x1\n", "IOS XR"),
        ("! Command: show running-config\n! device: leaf1 (DCS-7050TX-64, EOS-4.20.1F)\n", "Arista EOS"),
        (": Saved\n:\nASA Version 9.8(2)\n!\nhostname fw1\n", "Cisco ASA"),
        ("## Last commit: 2026-01-01\nversion 18.2R1.9;\nsystem {\n    host-name j1;\n", "Junos"),
        ("set version 18.2R1.9\nset system host-name j1\n", "Junos"),
        ("#\nsysname h1\n#\n", "Huawei VRP"),
    ],
)
def test_another_system_is_told_by_its_own_lines(text: str, system: str) -> None:
    assert system_of(text) == system
