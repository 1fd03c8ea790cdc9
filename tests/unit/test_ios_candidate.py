"""A whole configuration with a change in it: the device's own text, word for word, but for what changes."""

from pathlib import Path

import pytest

from cimnet_nornir.errors import ConfigurationError
from cimnet_nornir.ios.candidate import replacement, unplanned
from cimnet_nornir.ios.normalise import normalise
from cimnet_nornir.ios.profiles import Profile, profile_for
from cimnet_nornir.ios.remediation import apply_lines, diff_text, remediate
from cimnet_nornir.ios.rules.model import TOP, How
from cimnet_nornir.ios.rules.table import rule_for
from cimnet_nornir.ios.tree import Config, parse_config

GOLDEN = Path(__file__).parents[1] / "golden" / "remediation"
CASES = sorted(path.name for path in GOLDEN.iterdir())
SWITCH = profile_for("ios", routes=False, switches=True)
RUNNING = """\
version 15.2
service timestamps debug datetime msec
!
hostname sw1
!
username bob privilege 15 secret 9 $9$k3ep  me
vlan 10,20
!
vlan 30
 name  Lab  of  Ann
!
interface GigabitEthernet0/1
 description desk   4 \n switchport access vlan 10
 udld port aggressive
!
interface GigabitEthernet0/2
 switchport trunk allowed vlan 10,20,30
 switchport mode trunk
!
snmp-server community S3cret  RO 7
banner motd ^C
   Keep   out \n^C
!
line con 0
end
"""


def whole(running: str, lines: tuple[str, ...], profile: Profile = SWITCH) -> str:
    have = normalise(parse_config(running), profile)
    return replacement(running, have, apply_lines(have, lines, profile), profile)


def test_what_changes_is_written_where_it_stood_and_all_else_is_as_it_was() -> None:
    text = whole(RUNNING, ("hostname sw9", "interface GigabitEthernet0/1", "no switchport access vlan", "shutdown"))
    changed = RUNNING.replace("hostname sw1", "hostname sw9").replace(" switchport access vlan 10\n", "")
    changed = changed.replace(" udld port aggressive\n", " udld port aggressive\n shutdown\n")
    assert text == changed.replace("^C", "\x03")


def test_of_vlans_in_one_line_those_that_stay_are_written_one_by_one() -> None:
    text = whole(RUNNING, ("no vlan 20", "vlan 40", "name guests"))
    assert "\nvlan 10\n" in text
    assert "20" not in text.replace("10,20,30", "")
    assert text.index("vlan 30\n") < text.index("vlan 40\n name guests\n") < text.index("interface Gig")


def test_a_banner_that_comes_ends_with_the_mark_of_a_file() -> None:
    text = whole(RUNNING, ("banner login #\nStaff\n  only\n#",))
    assert "banner login \x03\nStaff\n  only\n\x03\n" in text
    assert text.endswith("end\n")


@pytest.mark.parametrize("cut", ["version 15.2\n", "end\n"])
def test_what_is_no_whole_configuration_is_refused(cut: str) -> None:
    with pytest.raises(ConfigurationError, match="not whole"):
        whole(RUNNING.replace(cut, ""), ("hostname sw9",))


@pytest.mark.parametrize("name", CASES)
def test_each_golden_change_comes_to_what_its_remediation_comes_to(name: str) -> None:
    raw = (GOLDEN / name / "running.cfg").read_text()
    platform, *features = raw.split("\n", 1)[0].removeprefix("! profile: ").split(" ")
    profile = profile_for(platform, routes="routes" in features, switches="switches" in features)
    running = f"version 15.2\n{raw.removesuffix('end' + chr(10))}end\n"
    have, want = (normalise(parse_config(text), profile) for text in (running, _golden(name, "intended")))
    formerly = _golden(name, "formerly")
    former = normalise(parse_config(formerly), profile) if formerly else None
    after = apply_lines(have, remediate(have, want, profile, formerly=former).lines(), profile)
    text = replacement(running, have, after, profile)
    made = normalise(parse_config(text), profile)
    assert diff_text(made, after) == ""
    assert [line for line in running.splitlines() if _nobodys(line, after)] == [
        line for line in text.splitlines() if _nobodys(line, after) and line in running.splitlines()
    ]


def _golden(name: str, part: str) -> str:
    path = GOLDEN / name / f"{part}.cfg"
    return path.read_text() if path.exists() else ""


def _nobodys(line: str, after: Config) -> bool:
    """A line at the left that is there afterwards as it was before, and may not have moved in a list."""
    moves = line.startswith(("ip as-path ", "ip community-list ")) or rule_for(TOP, line).how is How.ORDERED
    shown = any(node.text == line and not node.children for node in after.nodes)
    return shown and not moves and not line.startswith((" ", "!"))


def test_a_devices_own_difference_is_held_against_what_was_planned() -> None:
    wanted = whole(RUNNING, ("interface GigabitEthernet0/1", "shutdown", "vlan 40", "name guests"))
    said = "!Contextual Config Diffs:\n+vlan 40\n +name guests\ninterface GigabitEthernet0/1\n +shutdown\n"
    assert unplanned(said, RUNNING, wanted) == ()
    assert unplanned(f"{said}-snmp-server location Cellar\n", RUNNING, wanted) == ("-snmp-server location Cellar",)
    assert unplanned(said.replace("0/1", "0/2"), RUNNING, wanted) == ("+shutdown",)
    moved = "+logging host 192.0.2.1\n-logging host 192.0.2.1\n"
    assert unplanned(said + moved, RUNNING, wanted) == ()
