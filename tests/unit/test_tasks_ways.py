"""Ways that an OpenSSH configuration names, and the processes that go them."""

import os
import sys
from pathlib import Path

import pytest

from cimnet_nornir.errors import DeviceUnreachable
from cimnet_nornir.tasks.ways import JumpSocket, Way, way_to


def way(folder: Path, text: str, *, address: str = "192.0.2.11", port: int = 22) -> Way:
    path = folder / "ssh_config"
    path.write_text(text, encoding="utf-8")
    return way_to(address, port, str(path), seconds=4.4)


def test_what_names_no_host_leaves_the_way_as_it_is(tmp_path: Path) -> None:
    assert way(tmp_path, "Host 198.51.100.*\n  ProxyJump bastion\n") == Way("192.0.2.11", 22)
    assert way_to("192.0.2.11", 22, None, seconds=1) == Way("192.0.2.11", 22)


def test_only_the_usual_configuration_may_be_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert way_to("192.0.2.11", 22, "~/.ssh/config", seconds=1) == Way("192.0.2.11", 22)
    with pytest.raises(DeviceUnreachable, match=f"the SSH configuration {tmp_path}/mine cannot be read: No such file"):
        way_to("192.0.2.11", 22, "~/mine", seconds=1)


@pytest.mark.parametrize("text", ["Match nonsense\n", "gibberish\n"])
def test_a_configuration_that_makes_no_sense_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(DeviceUnreachable, match="ssh_config cannot be read: "):
        way(tmp_path, text)


def test_another_address_and_port_are_taken_but_a_port_that_was_given_wins(tmp_path: Path) -> None:
    text = "Host 192.0.2.11\n  HostName 198.51.100.1\n  Port 2022\n"
    assert way(tmp_path, text) == Way("198.51.100.1", 2022)
    assert way(tmp_path, text, port=830) == Way("198.51.100.1", 830)


def test_a_jump_host_is_reached_by_ssh(tmp_path: Path) -> None:
    found = way(tmp_path, "Host 192.0.2.*\n  ProxyJump ops@bastion:2022\n")
    assert found.command == (
        *("ssh", "-F", f"{tmp_path}/ssh_config", "-W", "[192.0.2.11]:22"),
        *("-o", "BatchMode=yes", "-o", "ConnectTimeout=4", "ssh://ops@bastion:2022"),
    )


def test_the_last_of_several_jump_hosts_connects(tmp_path: Path) -> None:
    found = way(tmp_path, "Host *\n  ProxyJump one,two:2022, ssh://three\n")
    assert found.command[-3:] == ("-J", "one,two:2022", "ssh://three")


def test_a_proxy_command_is_taken_with_its_words(tmp_path: Path) -> None:
    found = way(tmp_path, "Host *\n  ProxyCommand nc -X 5 'a b' %h %p\n")
    assert found.command == ("nc", "-X", "5", "a b", "192.0.2.11", "22")


@pytest.mark.parametrize("option", ["ProxyJump", "ProxyCommand"])
def test_none_is_no_jump_host(tmp_path: Path, option: str) -> None:
    assert way(tmp_path, f"Host *\n  {option} none\n") == Way("192.0.2.11", 22)


# --- processes --------------------------------------------------------------------------------------------------------

ECHO = "import os; os.write(1, f'{os.getpid()} '.encode()); os.write(1, os.read(0, 5)); os.read(0, 1)"
STUBBORN = "import os, signal; signal.signal(15, signal.SIG_IGN); os.write(1, b'%d' % os.getpid()); signal.pause()"
GIVES_UP = "import sys; sys.exit('warning\\nno route\\nstdio forwarding failed')"


def test_a_process_carries_both_directions_and_ends_with_the_connection() -> None:
    connection = JumpSocket((sys.executable, "-c", ECHO))
    connection.settimeout(20)
    connection.sendall(b"hello")
    said = b""
    while not said.endswith(b" hello"):
        said += connection.recv(100)
    connection.close()
    connection.close()
    assert connection.complaint == ""
    with pytest.raises(ProcessLookupError):
        os.kill(int(said.split()[0]), 0)


def test_a_process_that_gives_up_is_heard() -> None:
    connection = JumpSocket((sys.executable, "-c", GIVES_UP))
    connection.settimeout(20)
    assert connection.recv(1) == b""
    connection.close()
    assert connection.complaint == "no route stdio forwarding failed"


def test_a_process_that_only_ends_has_no_complaint() -> None:
    connection = JumpSocket((sys.executable, "-c", "import sys; print('bye', file=sys.stderr)"))
    connection.settimeout(20)
    assert connection.recv(1) == b""
    connection.close()
    assert connection.complaint == ""


def test_a_program_that_is_missing_leaves_nothing_open() -> None:
    with pytest.raises(FileNotFoundError):
        JumpSocket(("/no/such/program",))


@pytest.mark.slow
def test_a_process_that_does_not_want_to_end_is_killed() -> None:
    connection = JumpSocket((sys.executable, "-c", STUBBORN))
    connection.settimeout(20)
    pid = int(connection.recv(100))
    connection.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
