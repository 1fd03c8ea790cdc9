"""What devices tell of themselves, in the forms of IOS 12.2, 15.x and IOS-XE 16 and 17."""

from dataclasses import replace
from typing import Any

import pytest

from cimnet_nornir.application.doctor import in_the_way, remarks_of
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.capabilities import Capabilities, PendingChange
from cimnet_nornir.errors import ConfigurationError
from cimnet_nornir.ios.capabilities import capabilities_of, commands_for, startup_differs
from cimnet_nornir.ios.engine import IosEngine
from cimnet_nornir.ios.protection import protection_of
from cimnet_nornir.ios.quirks import QUIRKS, quirks_of
from cimnet_nornir.ios.vlan_database import needs_vlan_database, with_vlan_database, with_vtp_status

REFUSED = "         ^\n% Invalid input detected at '^' marker.\n"
VERSION_12 = """\
Cisco IOS Software, C2960 Software (C2960-LANBASEK9-M), Version 12.2(55)SE12, RELEASE SOFTWARE (fc2)
Technical Support: http://www.cisco.com/techsupport
Copyright (c) 1986-2017 by Cisco Systems, Inc.
Compiled Thu 28-Sep-17 02:29 by prod_rel_team

ROM: Bootstrap program is C2960 boot loader
BOOTLDR: C2960 Boot Loader (C2960-HBOOT-M) Version 12.2(53r)SEY3, RELEASE SOFTWARE (fc1)

acc9 uptime is 3 years, 12 weeks, 2 days, 21 hours, 4 minutes
System returned to ROM by power-on
System image file is "flash:/c2960-lanbasek9-mz.122-55.SE12.bin"

cisco WS-C2960-24TT-L (PowerPC405) processor (revision D0) with 65536K bytes of memory.
Processor board ID FOC1234X0AB
Last reset from power-on
64K bytes of flash-simulated non-volatile configuration memory.
Base ethernet MAC Address       : 00:1D:45:AA:BB:80
Model number                    : WS-C2960-24TT-L
System serial number            : FOC1234X0AB

Configuration register is 0xF
"""
VERSION_15 = """\
Cisco IOS Software, C2900 Software (C2900-UNIVERSALK9-M), Version 15.7(3)M8, RELEASE SOFTWARE (fc1)
Technical Support: http://www.cisco.com/techsupport
Copyright (c) 1986-2021 by Cisco Systems, Inc.

ROM: System Bootstrap, Version 15.0(1r)M16, RELEASE SOFTWARE (fc1)

edge1 uptime is 10 weeks, 1 day, 2 hours, 43 minutes
System returned to ROM by reload at 09:12:10 UTC Mon Sep 14 2026
System image file is "flash0:c2900-universalk9-mz.SPA.157-3.M8.bin"

Cisco CISCO2911/K9 (revision 1.0) with 483328K/40960K bytes of memory.
Processor board ID FTX1628A0ZZ
3 Gigabit Ethernet interfaces
DRAM configuration is 64 bits wide with parity enabled.
255K bytes of non-volatile configuration memory.
250880K bytes of ATA System CompactFlash 0 (Read/Write)

Configuration register is 0x2102 (will be 0x2142 at next reload)
"""
VERSION_16 = """\
Cisco IOS XE Software, Version 16.12.05b
Cisco IOS Software [Gibraltar], ISR Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), Version 16.12.5b, RELEASE SOFTWARE (fc3)
Technical Support: http://www.cisco.com/techsupport

ROM: IOS-XE ROMMON

wan1 uptime is 1 day, 8 minutes
System image file is "bootflash:isr4300-universalk9.16.12.05b.SPA.bin"

cisco ISR4331/K9 (1RU) processor with 1795999K/3071K bytes of memory.
Processor board ID FDO2130A1BC
3 Gigabit Ethernet interfaces
4194304K bytes of physical memory.
3223551K bytes of flash memory at bootflash:.

Configuration register is 0x2102
"""
VERSION_17 = """\
Cisco IOS XE Software, Version 17.09.04a
Cisco IOS Software [Cupertino], Catalyst L3 Switch Software (CAT9K_IOSXE), Version 17.9.4a, RELEASE SOFTWARE (fc3)
Technical Support: http://www.cisco.com/techsupport

dist1 uptime is 5 weeks, 4 days, 19 hours, 26 minutes
System image file is "flash:packages.conf"

cisco C9300-24T (X86) processor with 1338865K/6147K bytes of memory.
Processor board ID FCW2233A5ZY
8388608K bytes of physical memory.
Model Number                       : C9300-24T
System Serial Number               : FCW2233A5ZY

Configuration register is 0x102
"""
VERSION_4500 = """\
Cisco IOS Software, IOS-XE Software, Catalyst 4500 L3 Switch Software (cat4500e-UNIVERSALK9-M), Version 03.11.04.E \
RELEASE SOFTWARE (fc2)
cisco WS-C4507R+E (P5040) processor (revision 2) with 4194304K bytes of physical memory.
Configuration register is 0x2102
"""
VERSION_3550 = """\
IOS (tm) C3550 Software (C3550-IPSERVICESK9-M), Version 12.2(25)SEB4, RELEASE SOFTWARE (fc1)
cisco WS-C3550-24 (PowerPC) processor (revision H0) with 65526K/8192K bytes of memory.
"""
VTP_CLIENT = """\
VTP Version capable             : 1 to 3
VTP version running             : 2
VTP Domain Name                 : CAMPUS
VTP Pruning Mode                : Disabled
VTP Traps Generation            : Disabled
Device ID                       : 001d.45aa.bb80
Configuration last modified by 10.0.0.1 at 3-1-93 00:40:06

Feature VLAN:
--------------
VTP Operating Mode                : Client
Maximum VLANs supported locally   : 255
Number of existing VLANs          : 9
Configuration Revision            : 8
"""
VTP_3 = """\
VTP Version capable             : 1 to 3
VTP version running             : 3
VTP Domain Name                 : tp6
Device ID                       : 5000.0001.0000

Feature VLAN:
--------------
VTP Operating Mode                : Primary Server
Number of existing VLANs          : 7

Feature MST:
--------------
VTP Operating Mode                : Transparent
"""
# Of IOS 12, where the mode stands without a feature.
VTP_12 = (
    "VTP Version                     : running VTP1 (VTP2 capable)\nVTP Operating Mode              : Transparent\n"
)
DIR_12 = """\
Directory of flash:/

    2  -rwx     9771282   Mar 1 1993 00:08:36 +00:00  c2960-lanbasek9-mz.122-55.SE12.bin
    3  -rwx        1938   Mar 1 1993 00:01:12 +00:00  config.text

32514048 bytes total (508928 bytes free)
"""
DIR_XE = """\
Directory of bootflash:/

   11  drwx            16384   Feb 2 2026 10:13:06 +00:00  lost+found

3257827328 bytes total (2219630592 bytes free)
"""
LOCK = """\
Parser Configure Lock
---------------------
Owner PID         : 261
User              : bob
TTY               : 1
Type              : EXCLUSIVE
State             : LOCKED
Class             : EXPOSED
Count             : 1
Pending Requests  : 0
User debug info   : configure terminal lock
"""
FREE_LOCK = LOCK.replace(": 261", ": -1").replace(": bob", ": unknown").replace("LOCKED", "FREE")
TIMER = """\
Time configured(or reconfigured): 22:50:48 UTC Sat Feb 21 2026
Timer type: absolute timer
Timer value: 2 min
User: bob
"""
BOOT_12 = """\
BOOT path-list      : flash:/c2960-lanbasek9-mz.122-55.SE12.bin
Config file         : flash:/config.text
Enable Break        : no
Manual Boot         : no
"""
BOOT_XE = "BOOT variable = bootflash:isr4300-universalk9.16.12.05b.SPA.bin,1;\nCONFIG_FILE variable does not exist\n"
SSH_2 = "SSH Enabled - version 2.0\nAuthentication methods:publickey,keyboard-interactive,password\n"

BASE = "version 15.2\nhostname acc9\n"
SWITCH = BASE + "spanning-tree mode pvst\nspanning-tree extend system-id\ninterface Vlan1\n no ip address\nend\n"
ARCHIVED = "archive\n log config\n  logging enable\n path flash:archive\n write-memory\n"


def told(running: str = BASE, *, switches: bool = False, unsaved: str | None = None, **answers: str) -> Capabilities:
    names = {"version": "show version", "timer": "show archive config rollback timer", "flash": "dir"}
    names |= {"lock": "show configuration lock", "ssh": "show ip ssh", "boot": "show boot", "vtp": "show vtp status"}
    names |= {"privilege": "show privilege"}
    by_command = dict.fromkeys(commands_for(switches=switches), REFUSED)
    by_command |= {names[name]: text for name, text in answers.items()}
    return capabilities_of(running, by_command, switches=switches, unsaved=unsaved)


@pytest.mark.parametrize(
    ("answer", "version", "image", "model"),
    [
        (VERSION_12, "12.2(55)SE12", "C2960-LANBASEK9-M", "WS-C2960-24TT-L"),
        (VERSION_15, "15.7(3)M8", "C2900-UNIVERSALK9-M", "CISCO2911/K9"),
        (VERSION_16, "16.12.05b", "X86_64_LINUX_IOSD-UNIVERSALK9-M", "ISR4331/K9"),
        (VERSION_17, "17.09.04a", "CAT9K_IOSXE", "C9300-24T"),
        (
            VERSION_3550,
            "12.2(25)SEB4",
            "C3550-IPSERVICESK9-M",
            "WS-C3550-24",
        ),
        (
            VERSION_4500,
            "03.11.04.E",
            "cat4500e-UNIVERSALK9-M",
            "WS-C4507R+E",
        ),
        (REFUSED, "", "", ""),
    ],
)
def test_image_release_and_model_are_read(answer: str, version: str, image: str, model: str) -> None:
    found = told(version=answer)
    assert (found.version, found.image, found.model) == (version, image, model)


def test_the_register_of_the_next_reload_counts() -> None:
    found = told(version=VERSION_15, boot=BOOT_XE)
    assert (found.register, found.next_register) == ("0x2102", "0x2142")
    assert ("boot", "note") in {(remark.what, remark.level) for remark in remarks_of(found)}
    usual = {remark.what: remark.level for remark in remarks_of(told(version=VERSION_17, boot=BOOT_12))}
    assert usual["boot"] == "good"


@pytest.mark.parametrize(
    ("answers", "field", "value"),
    [
        ({"privilege": "Current privilege level is 15"}, "privilege", 15),
        ({"flash": DIR_12}, "flash_free", 508928),
        ({"flash": DIR_XE}, "flash_total", 3257827328),
        ({"flash": "Directory of flash:/\n\n15998 Kbytes total (6144 Kbytes free)"}, "flash_free", 6_144_000),
        ({"flash": "%Error opening flash:/ (No such device)"}, "flash_free", None),
        ({"lock": LOCK}, "lock_holder", "bob on terminal 1"),
        ({"lock": FREE_LOCK}, "lock_holder", ""),
        ({"timer": TIMER}, "pending", PendingChange("bob", "2 min", "22:50:48 UTC Sat Feb 21 2026")),
        ({"timer": "%No Rollback Confirmed Change pending"}, "pending", None),
        ({"ssh": SSH_2}, "ssh_version", "2.0"),
        ({"ssh": "SSH Disabled - version 1.99\n%Please create RSA keys to enable SSH"}, "ssh_version", ""),
        ({"boot": BOOT_12}, "boot", "flash:/c2960-lanbasek9-mz.122-55.SE12.bin"),
        ({"boot": BOOT_XE}, "boot", "bootflash:isr4300-universalk9.16.12.05b.SPA.bin,1;"),
    ],
)
def test_what_show_commands_answer_is_read(answers: Any, field: str, value: object) -> None:
    assert getattr(told(**answers), field) == value


@pytest.mark.parametrize(
    ("status", "mode", "domain", "outside"),
    [
        (VTP_CLIENT, "client", "CAMPUS", True),
        (VTP_3, "server", "tp6", True),
        (VTP_12, "transparent", "", False),
        (REFUSED, None, "", True),
    ],
)
def test_the_vtp_mode_for_vlans_is_what_the_device_says(
    status: str, mode: str | None, domain: str, outside: bool
) -> None:
    found = told(SWITCH, switches=True, vtp=status)
    assert (found.vtp_mode, found.vtp_domain, found.protection.vlans_outside) == (mode, domain, outside)


def test_refused_commands_are_not_known_and_nothing_else_is_lost() -> None:
    found = told(SWITCH + ARCHIVED, switches=True, version=VERSION_12)
    assert "show version" not in found.not_known
    assert {"show boot", "show vtp status", "dir"} <= set(found.not_known)
    assert found.protection.kind == "revert timer"


def test_aaa_tells_which_lines_may_be_refused() -> None:
    aaa = "aaa new-model\naaa authorization exec default group tacacs+ local\n"
    lines = "aaa authorization commands 15 default group tacacs+\naaa accounting commands 15 default start-stop\n"
    found = told(BASE + aaa + lines).aaa
    assert (found.new_model, len(found.may_refuse), len(found.accounting)) == (True, 2, 1)
    assert told(BASE + "no aaa new-model\n").aaa.may_refuse == ()


@pytest.mark.parametrize(
    ("version", "names"),
    [
        ("12.1(22)EA14", {"no configure replace", "no configuration lock", "old SSH"}),
        ("12.2(46)", {"no configure replace", "no configuration lock", "old SSH"}),
        ("12.2(55)SE12", {"revert timer uncertain", "no configuration lock", "old SSH"}),
        ("12.2(33)SXI14", {"revert timer uncertain", "old SSH"}),
        ("12.3(26)", {"no revert timer", "no configuration lock", "old SSH"}),
        ("12.4(15)T17", {"no revert timer", "old SSH"}),
        ("12.4(25f)", {"revert timer uncertain", "old SSH"}),
        ("15.2(7)E3", set()),
        ("17.9.4a", set()),
        ("", set()),
    ],
)
def test_the_quirks_of_a_release_are_in_one_table(version: str, names: set[str]) -> None:
    assert {quirk.name for quirk in quirks_of(version, "WS-C2960-24TT-L")} == names


def test_every_row_of_the_table_is_about_something() -> None:
    assert all(row.version or row.model for row in QUIRKS)


# --- from the running configuration alone -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "kind", "why"),
    [
        (ARCHIVED, "revert timer", ""),
        ("archive\n path bootflash:/cfg/$h-$t\n", "revert timer", ""),
        ("archive\n path disk0:archive\n", "revert timer", ""),
        ("archive\n path nvram:archive\n", "revert timer", ""),
        ("archive\n path unix:/archive-$h-\n", "revert timer", ""),
        ("archive\n path flash-1:archive\n", "revert timer", ""),
        ("archive\n path tftp://10.0.0.9/archive\n", "none", "tftp://10.0.0.9/archive is not on the device itself"),
        ("archive\n path scp://cimnet@10.0.0.9/x\n", "none", "is not on the device itself"),
        ("archive\n log config\n  hidekeys\n", "none", "the archive has no path"),
        ("", "none", "there is no archive; type: archive / path flash:archive"),
        ("banner motd ^C\narchive\n path flash:archive\n^C\n", "none", "there is no archive"),
    ],
)
def test_the_archive_decides_whether_a_push_is_taken_back(lines: str, kind: str, why: str) -> None:
    found = protection_of(BASE + lines)
    assert found.kind == kind
    assert why in found.why
    assert bool(found.why) is (kind == "none")


def test_a_password_in_the_path_of_the_archive_is_not_told() -> None:
    found = protection_of(f"{BASE}archive\n path scp://cimnet:p4ss@word@10.0.0.9/archive\n")
    assert "p4ss" not in repr(found)
    assert "word" not in repr(found)
    assert found.archive_path == "scp://cimnet:<masked>@10.0.0.9/archive"


@pytest.mark.parametrize(
    ("line", "mode"),
    [
        ("configuration mode exclusive auto", "auto"),
        ("configuration mode exclusive manual", "manual"),
        ("configuration mode exclusive", "manual"),
        ("configuration mode exclusive auto expire 600", "auto"),
        ("no ip http server", ""),
    ],
)
def test_the_lock_of_the_configuration_is_read(line: str, mode: str) -> None:
    assert protection_of(f"{BASE}{line}\n").exclusive == mode


@pytest.mark.parametrize(
    ("running", "switches", "outside"),
    [
        (SWITCH, None, True),
        (SWITCH + "vtp mode transparent\n", None, False),
        (SWITCH + "vtp mode off\n", None, False),
        (SWITCH + "vtp mode client\n", None, True),
        (BASE + "interface GigabitEthernet0/1\n switchport mode access\n", None, True),
        # A router of IOS-XE says this too.
        (BASE + "spanning-tree extend system-id\n", None, False),
        (BASE, True, True),
        (SWITCH, False, False),
    ],
)
def test_vlans_stand_outside_on_a_switch_that_takes_part_in_vtp(
    running: str, switches: bool | None, outside: bool
) -> None:
    assert protection_of(running, switches=switches).vlans_outside is outside


CHANGED = "! Last configuration change at {} by ann"
SAVED = "! NVRAM config last updated at {} by bob"


@pytest.mark.parametrize(
    ("changed", "saved", "unsaved"),
    [
        ("10:12:13 UTC Sun Nov 29 2026", "10:12:14 UTC Sun Nov 29 2026", ""),
        ("10:12:13 UTC Sun Nov 29 2026", "10:12:13 UTC Sun Nov 29 2026", ""),
        ("10:12:13 UTC Sun Nov 29 2026", "10:12:12 UTC Sun Nov 29 2026", "by ann at 10:12:13 UTC Nov 29 2026"),
        ("00:00:01 CET Mon Nov 30 2026", "23:59:59 CET Sun Nov 29 2026", "by ann at 00:00:01 CET Nov 30 2026"),
        ("*01:02:03.456 UTC Mon Mar 1 1993", "", "by ann at 01:02:03 UTC Mar 1 1993"),
        ("", "10:12:14 UTC Sun Nov 29 2026", ""),
        ("", "", ""),
    ],
)
def test_the_head_of_the_configuration_says_whether_it_was_saved(changed: str, saved: str, unsaved: str) -> None:
    notes = [CHANGED.format(changed)] * bool(changed) + [SAVED.format(saved)] * bool(saved)
    head = "Building configuration...\n\nCurrent configuration : 1938 bytes\n!\n" + "".join(f"{n}\n" for n in notes)
    assert protection_of(f"{head}!\n{SWITCH}").unsaved == unsaved


def test_the_engine_knows_which_device_is_a_switch(engine: IosEngine, small: NetworkService) -> None:
    devices = small.network().devices
    assert engine.protection(devices["sw1"], BASE).vlans_outside
    assert not engine.protection(devices["r1"], SWITCH).vlans_outside


def test_a_change_by_nobody_named_is_somebodys() -> None:
    line = "! Last configuration change at 10:12:13 UTC Sun Nov 29 2026\n"
    assert protection_of(line + BASE).unsaved.startswith("by somebody at ")


def test_a_comment_further_on_is_no_head() -> None:
    line = CHANGED.format("10:12:13 UTC Sun Nov 29 2026")
    assert protection_of(f"{BASE}banner motd ^C\n{line}\n^C\n").unsaved == ""


def test_a_configuration_that_cannot_be_read_is_told() -> None:
    with pytest.raises(ConfigurationError, match="does not end"):
        protection_of("banner motd ^C\nhello\n")
    assert needs_vlan_database("banner motd ^C\nhello\n", switches=True) is False


def test_texts_decide_whether_startup_differs(engine: IosEngine) -> None:
    running = "Building configuration...\n\nCurrent configuration : 99 bytes\n!\n" + CHANGED.format(
        "10:12:13 UTC Sun Nov 29 2026"
    )
    startup = f"Using 99 out of 524288 bytes\n!\n{SWITCH}"
    assert not startup_differs(engine.stable(startup), engine.stable(f"{running}\n!\n{SWITCH}"))
    changed = SWITCH.replace("no ip address", "ip address 10.0.0.1 255.255.255.0")
    assert startup_differs(engine.stable(startup), engine.stable(f"{running}\n!\n{changed}"))
    assert startup_differs(engine.stable("startup-config is not present"), engine.stable(running + SWITCH))


# --- VLANs that stand in vlan.dat -------------------------------------------------------------------------------------

SHOW_VLAN = """\

VLAN Name                             Status    Ports
---- -------------------------------- --------- -------------------------------
1    default                          active    Gi0/5, Gi0/6, Gi0/7, Gi0/8
                                                Gi0/9, Gi0/10
10   users                            active    Gi0/1, Gi0/2
20   VLAN0020                         active
30   guests of the house              suspended
40   a-name-of-exactly-32-characters- act/lshut Gi0/3
50   both                             sus/lshut
1002 fddi-default                     act/unsup
1005 trnet-default                    act/unsup
"""
VLANS = (
    "vlan 10\n name users\n!\nvlan 20\n!\nvlan 30\n name guests of the house\n state suspend\n!\n"
    "vlan 40\n name a-name-of-exactly-32-characters-\n shutdown\n!\nvlan 50\n name both\n state suspend\n shutdown\n!\n"
)


def test_the_vlan_database_reads_as_a_transparent_switch_shows_it() -> None:
    merged = with_vlan_database(SWITCH, SHOW_VLAN)
    assert merged == SWITCH.replace("interface Vlan1\n", f"{VLANS}interface Vlan1\n")
    assert not needs_vlan_database(merged, switches=True)


@pytest.mark.parametrize("answer", [REFUSED, ""])
def test_an_answer_without_vlans_leaves_the_configuration_alone(answer: str) -> None:
    assert with_vlan_database(SWITCH, answer) == SWITCH


def test_without_an_interface_vlans_come_before_the_end() -> None:
    assert with_vlan_database("version 15.2\nend\n", "10   users   active\n") == (
        "version 15.2\nvlan 10\n name users\n!\nend\n"
    )


@pytest.mark.parametrize(
    ("running", "switches", "needed"),
    [
        (SWITCH, True, True),
        (SWITCH, False, False),
        (SWITCH + "vtp mode transparent\n", True, False),
        (SWITCH + "vlan 10\n name users\n", True, False),
        (SWITCH + "vlan internal allocation policy ascending\n", True, True),
    ],
)
def test_the_vlan_database_is_asked_for_only_where_vlans_are_missing(
    running: str, switches: bool, needed: bool
) -> None:
    assert needs_vlan_database(running, switches=switches) is needed


# --- what it means ----------------------------------------------------------------------------------------------------

READY = told(
    SWITCH + ARCHIVED + "vtp mode transparent\nip scp server enable\n",
    switches=True,
    version=VERSION_17,
    privilege="Current privilege level is 15",
    flash=DIR_XE,
    vtp=VTP_12,
)


def test_nothing_stands_in_the_way_where_all_is_there() -> None:
    assert in_the_way(remarks_of(READY)) == ()


@pytest.mark.parametrize(
    ("changes", "what", "means"),
    [
        ({"privilege": 1}, "privilege", "needs level 15"),
        ({"protection": protection_of(BASE)}, "revert timer", "there is no archive"),
        ({"quirks": quirks_of("12.3(26)", "")}, "revert timer", "the image has none"),
        ({"pending": PendingChange("bob", "2 min")}, "pending change", "a change of bob waits to be confirmed (2 min)"),
        ({"lock_holder": "bob on terminal 1"}, "configuration lock", "bob on terminal 1 holds the lock"),
        ({"flash_free": 1000}, "flash", "no room"),
    ],
)
def test_what_stands_in_the_way_is_named(changes: Any, what: str, means: str) -> None:
    remarks = in_the_way(remarks_of(replace(READY, **changes)))
    assert any(remark.what == what and means in remark.means for remark in remarks), remarks


@pytest.mark.parametrize(
    ("found", "what", "means"),
    [
        (told(SWITCH, switches=True, vtp=VTP_CLIENT), "VTP", "the device refuses their lines"),
        (told(SWITCH, switches=True, vtp=VTP_3), "VTP", "neither the revert timer nor configure replace"),
        (told(BASE, unsaved="by ann at 10:12:13 UTC Nov 29 2026"), "unsaved changes", "changed by ann at 10:12:13"),
        (told(BASE + "aaa new-model\naaa authorization commands 15 default group t\n"), "AAA", "may refuse lines"),
        (told(BASE, version=VERSION_12), "quirk", "not every image of this release"),
        (told(BASE), "not told", "the device refused to say"),
    ],
)
def test_what_is_worth_knowing_is_said(found: Capabilities, what: str, means: str) -> None:
    assert any(remark.what == what and means in remark.means for remark in remarks_of(found))


OF_12_2 = """\
VTP Version                     : 2
VTP Operating Mode              : Server
VTP Domain Name                 : EAST
VTP Pruning Mode                : Disabled
VTP V2 Mode                     : Enabled
"""


@pytest.mark.parametrize(
    ("status", "lines"),
    [
        (VTP_CLIENT, ["vtp mode client", "vtp domain CAMPUS", "vtp version 2"]),
        (VTP_3, ["vtp domain tp6", "vtp version 3"]),
        (OF_12_2, ["vtp domain EAST", "vtp version 2"]),
        (OF_12_2.replace("Enabled", "Disabled"), ["vtp domain EAST"]),
        (OF_12_2.replace("EAST", ""), ["vtp version 2"]),
        (VTP_12, []),
        (REFUSED, []),
    ],
)
def test_a_server_or_client_tells_of_vtp_in_its_status(status: str, lines: list[str]) -> None:
    told = with_vtp_status(SWITCH, status.replace("\n", "\r\n"))
    assert told == SWITCH.replace("interface Vlan1\n", "\n".join([*lines, "interface Vlan1\n"]))
    assert with_vtp_status(told, status) == told
