"""Files in a device's flash: listing, copying, deleting, checking, and the two ways in, SCP and Tcl."""

import hashlib
from pathlib import Path

import pytest

from cimnet_nornir.lab.device import Device
from cimnet_nornir.lab.faults import Faults, with_fault
from cimnet_nornir.lab.flash import CAPACITY, Flash, flash_name
from cimnet_nornir.lab.scp import Transfer, transfer_of
from cimnet_nornir.lab.session import Session
from cimnet_nornir.lab.spec import LabCredentials, LabDevice
from cimnet_nornir.lab.storage import FolderStorage, MemoryStorage
from cimnet_nornir.lab.terminal import Terminal

CREDENTIALS = LabCredentials("admin", "secret-login")


@pytest.fixture
def user() -> Session:
    startup = (
        "hostname SW1\nip scp server enable\nusername guest secret 0 word\nusername boss privilege 15 secret 0 word\n"
    )
    declared = LabDevice("SW1", "ios", "switch", ("Gi0/1", "Gi0/2"), startup=startup)
    return Session(Device(declared, CREDENTIALS, MemoryStorage()), "admin")


@pytest.fixture
def quiet(user: Session) -> Session:
    typed(user, "configure terminal", "file prompt quiet", "end")
    return user


def typed(user: Session, *lines: str) -> str:
    """The output of the last line."""
    text = ""
    for line in lines:
        text = user.feed(line).text
    return text


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("flash:x", "x"),
        ("flash:/x.txt", "x.txt"),
        ("bootflash:x", "x"),
        ("x", "x"),
        ("flash:", ""),
        ("flash:/", ""),
        ("flash:../x", None),
        ("flash:a/b", None),
        ("flash:.hidden", None),
        ("tftp://10.0.0.1/x", None),
        ("nvram:startup-config", None),
    ],
)
def test_names_of_files_are_read_as_ios_reads_them(url: str, name: str | None) -> None:
    assert flash_name(url) == name


def test_files_lie_in_the_folder_of_the_device(tmp_path: Path) -> None:
    flash = Flash(FolderStorage(tmp_path), lambda: False)
    assert flash.write("flash:/x", b"text") == ""
    assert (tmp_path / "flash" / "x").read_bytes() == b"text"
    assert (flash.read("flash:x"), flash.sizes(), flash.free) == (b"text", {"x": 4}, CAPACITY - 4)
    assert flash.read("flash:y") is None
    assert (flash.delete("flash:x"), flash.delete("flash:x")) == (True, False)
    assert flash.sizes() == {}


def test_nothing_can_be_written_outside_of_flash(tmp_path: Path) -> None:
    flash = Flash(FolderStorage(tmp_path), lambda: False)
    assert flash.write("flash:../startup-config", b"x") != ""
    assert not (tmp_path / "startup-config").exists()


def test_a_copy_asks_for_its_name_and_before_it_overwrites(user: Session) -> None:
    assert user.feed("copy running-config flash:/x").prompt == "Destination filename [x]? "
    assert "bytes copied in" in typed(user, "")
    typed(user, "copy running-config flash:x")
    reply = user.feed("")
    assert reply.prompt.endswith("Do you want to over write? [confirm]")
    assert typed(user, "n") == ""
    typed(user, "copy running-config flash:", "named")
    assert sorted(user.device.flash.sizes()) == ["named", "x"]


def test_no_questions_are_asked_where_prompts_are_quiet(quiet: Session) -> None:
    assert "bytes copied in" in typed(quiet, "copy running-config flash:x")
    assert "bytes copied in" in typed(quiet, "copy running-config flash:x")
    assert "0 bytes copied" in typed(quiet, "copy null: flash:x")
    assert quiet.device.flash.sizes() == {"x": 0}
    assert typed(quiet, "copy run start") == "Building configuration...\n[OK]\n"


def test_a_listing_has_what_scripts_look_for(quiet: Session) -> None:
    typed(quiet, "copy running-config flash:x")
    whole, one = typed(quiet, "dir flash:"), typed(quiet, "dir flash:/x")
    assert whole.startswith("Directory of flash:/\n")
    assert f"bytes total ({CAPACITY - len(quiet.device.running_config())} bytes free)" in whole
    assert one.startswith("Directory of flash:/x\n")
    assert typed(quiet, "dir x") == one
    assert typed(quiet, "dir flash:y") == "%Error opening flash:/y (No such file or directory)\n"


def test_a_file_can_be_read_checked_and_deleted(quiet: Session) -> None:
    quiet.device.flash.write("flash:x", b"hello\n")
    assert typed(quiet, "more flash:/x") == "hello\n\n"
    digest = hashlib.md5(b"hello\n", usedforsecurity=False).hexdigest()
    assert typed(quiet, "verify /md5 flash:/x") == f"....Done!\nverify /md5 (flash:/x) = {digest}\n\n"
    assert typed(quiet, "delete flash:x") == ""
    for line in ("more flash:x", "verify /md5 flash:x"):
        assert typed(quiet, line) == "%Error opening flash:/x (No such file or directory)\n"
    assert "Error deleting flash:/x" in typed(quiet, "delete flash:x")


def test_deleting_asks_twice_unless_it_is_forced(user: Session) -> None:
    for name in ("x", "y"):
        user.device.flash.write(f"flash:{name}", b"1")
    assert user.feed("delete flash:x").prompt == "Delete filename [x]? "
    assert user.feed("").prompt == "Delete flash:/x? [confirm]"
    typed(user, "n")
    typed(user, "delete /force flash:y")
    assert list(user.device.flash.sizes()) == ["x"]


def test_a_file_is_merged_into_the_running_configuration(quiet: Session) -> None:
    quiet.device.flash.write("flash:x", b"vlan 10\nno such command\nname LATE\nhostname OTHER\nend\nhostname NEVER\n")
    said = typed(quiet, "copy flash:x running-config")
    assert said.startswith("no such command\n")
    assert "% Invalid input detected" in said
    assert said.endswith("secs (3400 bytes/sec)\n")
    assert quiet.device.hostname == "OTHER"
    assert "name LATE" in quiet.device.running_config()


def test_a_question_of_a_merged_line_is_put_to_the_user(quiet: Session) -> None:
    quiet.device.flash.write(
        "flash:x", b"banner motd ^\nhi\n^\nno username guest\nno username boss\nhostname OTHER\nend\n"
    )
    assert "remove all username related" in quiet.feed("copy flash:x running-config").prompt
    assert quiet.feed("").prompt.endswith("[confirm]")
    assert "bytes copied" in typed(quiet, "n")
    running = quiet.device.running_config()
    assert "guest" not in running
    assert "username boss" in running
    assert "banner motd ^C\nhi\n^C\n" in running
    assert quiet.device.hostname == "OTHER"


def test_a_file_can_become_the_startup_configuration(quiet: Session) -> None:
    quiet.device.flash.write("flash:x", b"hostname OTHER\n")
    assert "bytes copied" in typed(quiet, "copy flash:x startup-config")
    assert quiet.device.startup == "hostname OTHER\n"
    typed(quiet, "copy startup-config flash:y")
    assert quiet.device.flash.read("flash:y") == b"hostname OTHER\n"


@pytest.mark.parametrize(
    "line", ["copy flash:none running-config", "copy flash:none startup-config", "copy running-config tftp://h/x"]
)
def test_what_cannot_be_copied_is_told(quiet: Session, line: str) -> None:
    assert "No such file or directory" in typed(quiet, line)


def test_a_full_flash_takes_nothing(quiet: Session) -> None:
    quiet.device.faults = with_fault(Faults(), "full", {})
    assert "(No space left on device)" in typed(quiet, "copy running-config flash:x")
    assert "(0 bytes free)" in typed(quiet, "dir")
    assert quiet.device.flash.sizes() == {}


# --- Tcl ---


def test_tcl_writes_a_file_and_runs_commands(user: Session) -> None:
    assert user.feed("tclsh").prompt == "SW1(tcl)#"
    assert user.feed('puts [open "flash:x" w+] {hostname OTHER').prompt == "+>"
    assert user.feed(" description a?").prompt == "+>"
    assert user.feed("end}").prompt == "SW1(tcl)#"
    assert "Directory of flash:/" in typed(user, "dir")
    assert user.feed("tclquit").prompt == "SW1#"
    assert user.device.flash.read("flash:x") == b"hostname OTHER\n description a?\nend\n"


def test_tcl_appends_and_leaves_the_last_newline_out(user: Session) -> None:
    typed(user, "tclsh", 'puts [open "flash:x" w+] {one}', "puts -nonewline [open flash:x a] {two}", "exit")
    assert user.device.flash.read("flash:x") == b"one\ntwo"
    assert user.prompt == "SW1#"


def test_control_c_leaves_an_open_brace(user: Session) -> None:
    typed(user, "tclsh", 'puts [open "flash:x" w+] {one')
    assert user.feed("\x03").prompt == "SW1(tcl)#"
    assert user.device.flash.sizes() == {}


def test_a_question_mark_in_braces_is_text(user: Session) -> None:
    typed(user, "tclsh", 'puts [open "flash:x" w+] {one')
    terminal = Terminal(user)
    terminal.receive(b"what?}\r")
    line = terminal.next_line()
    assert line == "what?}"
    terminal.answered(user.feed(line))
    assert user.device.flash.read("flash:x") == b"one\nwhat?\n"


def test_a_full_flash_takes_nothing_from_tcl_either(user: Session) -> None:
    user.device.faults = with_fault(Faults(), "full", {})
    assert "No space left" in typed(user, "tclsh", 'puts [open "flash:x" w+] {one}')


# --- SCP ---


def copy(user: Session, command: str, *sent: bytes, login: str = "admin") -> tuple[Transfer, bytes]:
    """A transfer that was fed so much and then told that no more comes, and what it sent."""
    transfer = transfer_of(user.device, login, command)
    assert transfer is not None
    answer = transfer.start() + b"".join(transfer.feed(data) for data in sent)
    transfer.ended()
    return transfer, answer


def test_scp_takes_a_file(user: Session) -> None:
    transfer, answer = copy(user, "scp -t flash:/x", b"C0644 5 x\n", b"hello\0")
    assert (transfer.status, answer) == (0, b"\0\0\0")
    assert user.device.flash.read("flash:x") == b"hello"


def test_scp_takes_a_file_in_any_pieces_and_its_times(user: Session) -> None:
    stream = b"T1 0 1 0\nC0644 5 x\nhello\0"
    transfer, answer = copy(user, "scp -v -p -t flash:/x", *(stream[at : at + 1] for at in range(len(stream))))
    assert (transfer.status, answer) == (0, b"\0" * 4)
    assert user.device.flash.read("flash:x") == b"hello"


def test_scp_that_breaks_off_writes_nothing(user: Session) -> None:
    transfer, _ = copy(user, "scp -t flash:/x", b"C0644 5 x\nhel")
    assert transfer.status == 1
    assert user.device.flash.sizes() == {}


def test_scp_takes_no_folder(user: Session) -> None:
    transfer, answer = copy(user, "scp -t flash:/x", b"D0755 0 x\n")
    assert transfer.status == 1
    assert answer.startswith(b"\0\x01scp: protocol error")


def test_scp_sends_a_file(user: Session) -> None:
    user.device.flash.write("flash:x", b"hello")
    transfer, answer = copy(user, "scp -f flash:/x", b"\0", b"\0", b"\0")
    assert (transfer.status, answer) == (0, b"C0644 5 x\nhello\0")


def test_scp_sends_the_running_configuration(user: Session) -> None:
    _, answer = copy(user, "scp -f system:running-config", b"\0", b"\0", b"\0")
    assert user.device.running_config().encode() in answer


def test_scp_says_that_a_file_is_not_there(user: Session) -> None:
    transfer, answer = copy(user, "scp -f flash:/x")
    assert (transfer.status, answer) == (1, b"\x01%Error opening flash:/x (No such file or directory)\n")


def test_scp_must_be_enabled(user: Session) -> None:
    typed(user, "configure terminal", "no ip scp server enable", "end")
    transfer, answer = copy(user, "scp -t flash:/x", b"C0644 5 x\n")
    assert (transfer.status, answer) == (1, b"\x01Administratively disabled.\n")


@pytest.mark.parametrize(("login", "granted"), [("admin", True), ("boss", True), ("guest", False)])
def test_scp_is_for_administrators(user: Session, login: str, granted: bool) -> None:
    transfer, answer = copy(user, "scp -t flash:/x", login=login)
    assert (transfer.status == 0) is granted
    assert (b"Privilege denied." in answer) is not granted


def test_scp_into_a_full_flash_is_refused(user: Session) -> None:
    user.device.faults = with_fault(Faults(), "full", {})
    transfer, answer = copy(user, "scp -t flash:/x", b"C0644 5 x\n", b"hello\0")
    assert transfer.status == 1
    assert b"No space left on device" in answer


@pytest.mark.parametrize("command", ["show version", "scp", "scp 'x", "scp x y", "rsync -t x y"])
def test_other_commands_are_none_of_scp(user: Session, command: str) -> None:
    assert transfer_of(user.device, "admin", command) is None
