"""The small parts of the lab: grammar, names, VLAN lists, secrets, terminal, faults, specification, storage."""

import stat
from pathlib import Path

import pytest

from cimnet_nornir.errors import InvalidInput
from cimnet_nornir.lab.device import Device
from cimnet_nornir.lab.faults import Faults, with_fault
from cimnet_nornir.lab.grammar import Ambiguous, Incomplete, Invalid, Match, read_line, tree_of, variants
from cimnet_nornir.lab.names import canonical_interface, interface_order, short_name
from cimnet_nornir.lab.secret_text import hashed, scrypt_secret, secret_matches, type7, type7_plain
from cimnet_nornir.lab.session import Session
from cimnet_nornir.lab.spec import LabCredentials, LabDevice, LabLink, LabSpec
from cimnet_nornir.lab.storage import FolderStorage, MemoryStorage, write_atomically
from cimnet_nornir.lab.terminal import Terminal
from cimnet_nornir.lab.vlanlist import format_vlans, parse_vlans, wrap_vlans

TREE = tree_of(
    [
        ("show version", "version"),
        ("show vlan [brief]", "vlan"),
        ("ip address <address:ip> <mask:ip> [{secondary: secondary}]", "address"),
        ("vlan <number:1-4094>", "number"),
        ("mode {mode: access|dynamic auto}", "mode"),
        ("description <text:line>", "description"),
        ("area <area:area>", "area"),
        ("network <prefix:prefix>", "prefix"),
        ("cost <cost:decimal>", "cost"),
        ("interface <name:interface> up", "interface"),
    ]
)


@pytest.mark.parametrize(
    ("line", "leaf", "text"),
    [
        ("sh ver", "version", "show version"),
        ("  show   vlan  br ", "vlan", "show vlan brief"),
        ("ip addr 010.0.0.1 255.0.0.0", "address", "ip address 10.0.0.1 255.0.0.0"),
        ("VLAN 0010", "number", "vlan 10"),
        ("mode dyn auto", "mode", "mode dynamic auto"),
        ("description  two  blanks ", "description", "description two  blanks"),
        ("area 0.0.0.1", "area", "area 0.0.0.1"),
        ("network 10.0.0.0/8", "prefix", "network 10.0.0.0/8"),
        ("cost 1.5", "cost", "cost 1.5"),
        ("interface gi 0/1 up", "interface", "interface GigabitEthernet0/1 up"),
    ],
)
def test_a_line_is_read_in_full_words(line: str, leaf: str, text: str) -> None:
    found = read_line(TREE, line)
    assert isinstance(found, Match)
    assert (found.leaf, found.text) == (leaf, text)


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("shwo", 2),
        ("show verzion", 8),
        ("show version now", 13),
        ("ip address 10.0.0.256 255.0.0.0", 18),
        ("ip address 10.x.0.1", 14),
        ("vlan 5000", 5),
        ("vlan 10a", 7),
        ("network 10.0.0.0", 8),
        ("network 10.0.0.0/33", 8),
        ("cost x", 5),
        ("area x", 5),
        ("interface nothing", 10),
        ("interface Gi0/1x up", 15),
    ],
)
def test_the_first_wrong_character_is_found(line: str, column: int) -> None:
    assert read_line(TREE, line) == Invalid(column)


def test_a_line_may_be_ambiguous_or_incomplete() -> None:
    assert read_line(TREE, "show v") == Ambiguous()
    assert read_line(TREE, "show") == Incomplete()
    assert read_line(TREE, "") == Incomplete()


def test_a_choice_of_several_words_is_one_value() -> None:
    found = read_line(TREE, "mode dynamic auto")
    assert isinstance(found, Match)
    assert found.values == {"mode": "dynamic auto"}


def test_a_kind_that_does_not_exist_is_a_programming_error() -> None:
    with pytest.raises(LookupError):
        read_line(tree_of([("x <y:colour>", 1)]), "x red")


def test_options_and_choices_are_spelt_out() -> None:
    assert len(variants("a [b] {c|d [e]}")) == 6


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Gi0/1", "GigabitEthernet0/1"),
        ("g1/0/24", "GigabitEthernet1/0/24"),
        ("te 1/1/1", "TenGigabitEthernet1/1/1"),
        ("e0", "Ethernet0"),
        ("po7", "Port-channel7"),
        ("vl10", "Vlan10"),
        ("lo0", "Loopback0"),
        ("Gi0/0.10", "GigabitEthernet0/0.10"),
        ("twe1/0/1", "TwentyFiveGigE1/0/1"),
        ("t0", None),
        ("10", None),
        ("Gi", None),
    ],
)
def test_interface_names_are_expanded(text: str, name: str | None) -> None:
    assert canonical_interface(text) == name


def test_interfaces_sort_by_number() -> None:
    names = ["GigabitEthernet0/10", "Vlan1", "GigabitEthernet0/2", "Loopback0"]
    assert [short_name(name) for name in sorted(names, key=interface_order)] == ["Lo0", "Gi0/2", "Gi0/10", "Vl1"]


@pytest.mark.parametrize(
    ("text", "again"), [("1,2", "1,2"), ("3,1,2", "1-3"), ("10-12,11-20,7", "7,10-20"), ("5-5", "5")]
)
def test_vlan_lists_are_shortened(text: str, again: str) -> None:
    parsed = parse_vlans(text)
    assert isinstance(parsed, frozenset)
    assert format_vlans(parsed) == again


@pytest.mark.parametrize("text", ["0", "4095", "20-10", "1,4096-4097"])
def test_wrong_vlan_lists_are_refused(text: str) -> None:
    assert str(parse_vlans(text)).startswith("Command rejected: Bad VLAN list")


def test_a_wrapped_list_holds_every_vlan_once() -> None:
    text = ",".join(str(number) for number in range(1, 4000, 3))
    lines = wrap_vlans("allowed vlan", text)
    assert all(len(line) <= 255 for line in lines)
    numbers = [number for line in lines for number in line.rpartition(" ")[2].split(",")]
    assert ",".join(numbers) == text


@pytest.mark.parametrize(("algorithm", "code"), [("md5", "5"), ("sha256", "8"), ("scrypt", "9")])
def test_a_secret_is_hashed_by_the_algorithm_that_was_chosen(algorithm: str, code: str) -> None:
    told, stored = hashed("word", algorithm)
    assert told == code
    assert secret_matches(stored, "word")
    assert not secret_matches(stored, "Word")


@pytest.mark.parametrize(
    "stored",
    [
        "$1$28772684$iEwNOgGugqO9.bIz5sk8k/",
        "$8$TnGX/fE4KGHOVU$pEhnEvxrvaynpi8j4f.EMHr6M.FzU8xnZnBr/tJdFWk",
    ],
)
def test_the_published_examples_match(stored: str) -> None:
    assert secret_matches(stored, "hashcat")


def test_a_type_9_secret_matches_its_word_alone() -> None:
    stored = scrypt_secret("word")
    assert stored.startswith("$9$")
    assert secret_matches(stored, "word")
    assert not secret_matches(stored, "Word")
    assert not secret_matches("$1$salt$hash", "word")


def test_a_type_9_secret_is_the_one_ios_makes() -> None:
    # The example of hashcat's mode 9300 (Cisco-IOS $9$ (scrypt)).
    assert scrypt_secret("hashcat", "2MJBozw/9R3UsU") == "$9$2MJBozw/9R3UsU$2lFhcKvpghcyw8deP25GOfyZaagyUOGBymkryvOdfo6"


def test_a_type_7_password_is_the_one_ios_makes() -> None:
    assert type7("cisco", 2) == "02050D480809"
    assert type7_plain("02050D480809") == "cisco"
    assert type7_plain(type7("any word")) == "any word"
    assert type7_plain("no code") == ""


def device(*, enable: str = "") -> Device:
    declared = LabDevice("R1", "ios", "switch", ("Gi0/1",))
    return Device(declared, LabCredentials("admin", "word", enable), MemoryStorage())


def typed(terminal: Terminal, data: bytes) -> str:
    """Everything the client sees after it typed `data`."""
    terminal.receive(data)
    seen = ""
    while (line := terminal.next_line()) is not None:
        seen += terminal.take_echo() + terminal.answered(terminal.session.feed(line))
    return seen + terminal.take_echo()


def terminal(*, enable: str = "") -> Terminal:
    return Terminal(Session(device(enable=enable), "admin"))


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n", b"\x00\r\n"])
def test_each_line_end_counts_once(end: bytes) -> None:
    assert typed(terminal(), b"show privilege" + end) == "show privilege\r\nCurrent privilege level is 15\r\nR1#"


def test_a_prompt_greets_and_an_empty_line_brings_another() -> None:
    user = terminal()
    assert user.greet() == "\r\nR1#"
    assert typed(user, b"\n\n") == "\r\nR1#\r\nR1#"


def test_a_secret_is_not_echoed() -> None:
    user = terminal(enable="hidden")
    assert typed(user, b"enable\nhidden\n") == "enable\r\nPassword: \r\nR1#"


def test_a_confirmation_takes_one_key() -> None:
    user = terminal()
    assert typed(user, b"write erase\ny").endswith("[confirm]y\r\n[OK]\r\nErase of nvram: complete\r\nR1#")
    assert typed(user, b"write erase\nn").endswith("[confirm]n\r\nR1#")


def test_what_was_typed_can_be_erased() -> None:
    user = terminal()
    assert typed(user, b"shox\x7fw privilege\n").startswith("shox\b \bw privilege\r\nCurrent")
    assert typed(user, b"nonsense\x15show privilege\n").endswith("Current privilege level is 15\r\nR1#")


def test_control_z_ends_and_control_c_too() -> None:
    assert typed(terminal(), b"conf t\nint gi0/1\n\x1a").endswith("^Z\r\nR1#")
    assert typed(terminal(), b"conf t\n\x03").endswith("\r\nR1#")


def test_a_line_in_parts_is_one_line() -> None:
    user = terminal()
    assert typed(user, b"show pri") == "show pri"
    assert typed(user, b"vilege\n").startswith("vilege\r\nCurrent")


def test_faults_add_up_and_are_told() -> None:
    faults = Faults()
    for fault, arguments in (
        ("down", {}),
        ("drop", {"lines": 3}),
        ("hang", {"lines": 2}),
        ("reject", {"pattern": "^vlan"}),
        ("ignore", {"pattern": "ntp"}),
        ("host-key", {}),
        ("slow", {"milliseconds": 5}),
        ("load", {"percent": 90}),
    ):
        faults = with_fault(faults, fault, arguments)
    expected = "down, hang after 2 lines, drop after 3 lines, reject ^vlan, ignore ntp, host-key, slow 5 ms, load 90 %"
    assert faults.label == expected
    assert with_fault(faults, "up", {}).label == expected.removeprefix("down, ")
    assert with_fault(faults, "clear", {}).label == ""
    assert with_fault(Faults(), "hang", {}).hanging
    assert with_fault(Faults(), "hang", {}).label == "hang"


@pytest.mark.parametrize(
    ("fault", "arguments"),
    [
        ("explode", {}),
        ("drop", {}),
        ("drop", {"lines": "3"}),
        ("reject", {}),
        ("ignore", {"pattern": "("}),
        ("slow", {"milliseconds": -1}),
        ("load", {"percent": 101}),
    ],
)
def test_wrong_faults_are_refused(fault: str, arguments: dict[str, object]) -> None:
    with pytest.raises(InvalidInput, match="fault"):
        with_fault(Faults(), fault, arguments)


SPEC = LabSpec(
    (
        LabDevice("A", "ios", "switch", ("Gi0/1", "Gi0/2")),
        LabDevice("B", "iosxe", "router", ("Gi0/0",), startup="hostname B\n"),
    ),
    (LabLink(("A", "Gi0/1"), ("B", "Gi0/0")),),
    LabCredentials("admin", "private-word", "other-word"),
)


def test_a_specification_survives_json() -> None:
    assert LabSpec.from_json(SPEC.to_json()) == SPEC


def test_names_of_interfaces_are_made_long() -> None:
    assert SPEC.devices[0].interfaces == ("GigabitEthernet0/1", "GigabitEthernet0/2")
    assert SPEC.links[0].b == ("B", "GigabitEthernet0/0")


def test_no_password_is_in_a_representation() -> None:
    assert "word" not in repr(SPEC)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"devices": [{}], "links": [], "credentials": {}}'])
def test_what_is_no_specification_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        LabSpec.from_json(text)


@pytest.mark.parametrize(
    "arguments",
    [
        ("a/b", "ios", "switch", ()),
        ("", "ios", "switch", ()),
        ("A", "junos", "switch", ()),
        ("A", "ios", "hub", ()),
        ("A", "ios", "switch", ("nothing",)),
        ("A", "ios", "switch", ("Gi0/1", "gi0/1")),
        ("A", "ios", "switch", (), "", "", "primary"),
    ],
)
def test_wrong_devices_are_refused(arguments: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInput):
        LabDevice(*arguments)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize(
    "links",
    [
        (LabLink(("A", "Gi0/1"), ("C", "Gi0/1")),),
        (LabLink(("A", "Gi0/9"), ("B", "Gi0/0")),),
        (LabLink(("A", "Gi0/1"), ("B", "Gi0/0")), LabLink(("A", "Gi0/2"), ("B", "Gi0/0"))),
    ],
)
def test_wrong_links_are_refused(links: tuple[LabLink, ...]) -> None:
    with pytest.raises(InvalidInput, match="link"):
        LabSpec(SPEC.devices, links, SPEC.credentials)


def test_two_devices_of_one_name_are_refused() -> None:
    with pytest.raises(InvalidInput, match="two devices"):
        LabSpec((SPEC.devices[0], SPEC.devices[0]), (), SPEC.credentials)


def test_a_device_keeps_its_files_in_its_folder(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path / "R1")
    assert (storage.read_startup(), storage.read_vlans(), dict(storage.files())) == ("", "", {})
    storage.write_startup("hostname R1\n")
    storage.write_vlans("vlan 10\n")
    (storage.flash / "image.bin").write_bytes(b"12345")
    assert FolderStorage(tmp_path / "R1").read_startup() == "hostname R1\n"
    assert FolderStorage(tmp_path / "R1").read_vlans() == "vlan 10\n"
    assert storage.files() == {"image.bin": 5}
    listed = (
        Session(Device(LabDevice("R1", "ios", "switch", ()), LabCredentials("a", "b"), storage), "a").feed("dir").text
    )
    assert "image.bin" in listed
    assert "bytes total" in listed


def test_a_file_is_replaced_whole_and_is_private(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_atomically(path, "first")
    write_atomically(path, "second")
    assert path.read_text() == "second"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_cannot_be_replaced_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "folder" / "inside").mkdir(parents=True)
    with pytest.raises(OSError, match="folder"):
        write_atomically(tmp_path / "folder", "text")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_memory_holds_files_too() -> None:
    assert MemoryStorage(flash={"a": b"123"}).files() == {"a": 3}


def test_a_model_decides_about_isl() -> None:
    catalyst = LabDevice("A", "ios", "l3switch", ("Gi0/1",), model="WS-C3850-24T")
    session = Session(Device(catalyst, LabCredentials("a", "b"), MemoryStorage()), "a")
    for line in ("conf t", "interface gi0/1"):
        session.feed(line)
    assert session.feed("switchport mode trunk").text == ""
    older = Device(LabDevice("A", "ios", "l3switch", (), model="WS-C3750G"), LabCredentials("a", "b"), MemoryStorage())
    assert "trunk-encapsulation" in older.profile.features


@pytest.mark.parametrize(
    ("typed_so_far", "listed"),
    [
        (b"show vl?", "  vlan\r\n"),
        (b"show vlan ?", "  brief\r\n  id\r\n  name\r\n  <cr>\r\n"),
        (b"terminal length ?", "  <0-512>\r\n"),
        (b"nonsense ?", "% Unrecognized command\r\n"),
    ],
)
def test_a_question_mark_lists_what_may_follow(typed_so_far: bytes, listed: str) -> None:
    line = typed_so_far[:-1].decode()
    assert typed(terminal(), typed_so_far) == f"{line}?\r\n{listed}\r\nR1#{line}"


def test_a_question_mark_in_configuration_mode_knows_no_forms() -> None:
    user = terminal()
    typed(user, b"conf t\ninterface gi0/1\n")
    assert "  description" in typed(user, b"no ?")
    user = terminal()
    typed(user, b"conf t\n")
    assert "  hostname" in typed(user, b"?")
    assert "  IFNAME" in typed(user, b"interface ?")


def test_a_question_mark_never_reaches_a_description() -> None:
    user = terminal()
    typed(user, b"conf t\ninterface gi0/1\ndescription why?\n")
    assert " description why\n" in user.session.device.running_config()


def test_a_banner_may_hold_a_question_mark() -> None:
    user = terminal()
    typed(user, b"conf t\nbanner motd #who?#\n")
    assert "banner motd ^Cwho?^C" in user.session.device.running_config()
