"""Tokens say which process took a lease; a death is claimed only where it is known."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cimnet_nornir.store.processes import new_token, owner_is_dead

# host, machine id, boot id, PID namespace, process id, start time, and a number that is never twice the same
HOST, MACHINE, BOOT, NAMESPACE, NUMBER, STARTED, NONCE = range(7)
ON_LINUX = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="there is no /proc here")
ITSELF = "pid:[4026531836]"


def changed(token: str, **fields: str) -> str:
    parts = token.split("|")
    for name, value in fields.items():
        parts[globals()[name]] = value
    return "|".join(parts)


def ended_process() -> str:
    """The id of a process that was there and is gone."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait(timeout=30)
    return str(process.pid)


def host(folder: Path, *, boot: str = "boot-1", namespace: str = ITSELF, machine: str = "0123abcd") -> Path:
    """The files of another Linux host, as far as tokens look at them, with this process running on it."""
    for name, text in (("proc/sys/kernel/random/boot_id", boot), ("etc/machine-id", machine)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"{text}\n")
    (folder / "proc/self/ns").mkdir(parents=True)
    (folder / "proc/self/ns/pid").symlink_to(namespace)
    put_stat(folder, os.getpid(), started=4711)
    return folder


def put_stat(folder: Path, number: int, *, started: int, state: str = "S", threads: int = 1) -> None:
    (folder / f"proc/{number}").mkdir(parents=True, exist_ok=True)
    between = "1 " * 16
    line = f"{number} (a b) R) {state} {between}{threads} 0 {started} 1 2 3\n"
    (folder / f"proc/{number}/stat").write_text(line)


def test_two_tokens_of_one_process_differ_and_it_is_alive() -> None:
    one, other = new_token(), new_token()
    assert one != other
    assert one.rpartition("|")[0] == other.rpartition("|")[0]
    assert not owner_is_dead(one)


@ON_LINUX
def test_a_token_says_boot_namespace_process_and_start() -> None:
    fields = new_token().split("|")
    assert fields[HOST] == socket.gethostname()
    assert fields[BOOT] == Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    assert fields[NAMESPACE] == str(Path("/proc/self/ns/pid").readlink())
    assert fields[NUMBER] == str(os.getpid())
    assert fields[STARTED] == Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19]


def test_a_process_that_ended_is_dead() -> None:
    assert owner_is_dead(changed(new_token(), NUMBER=ended_process()))


@ON_LINUX
def test_another_process_under_the_dead_ones_number_is_not_taken_for_it() -> None:
    token = new_token()
    assert owner_is_dead(changed(token, STARTED=str(int(token.split("|")[STARTED]) + 1)))


@ON_LINUX
def test_a_killed_process_that_nobody_waited_for_is_dead() -> None:
    program = "from cimnet_nornir.store.processes import new_token; print(new_token(), flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        token = process.stdout.readline().decode().strip()
        assert not owner_is_dead(token)
        process.kill()
        until = time.monotonic() + 30
        while not owner_is_dead(token) and time.monotonic() < until:
            time.sleep(0.01)
        assert Path(f"/proc/{process.pid}").exists()
        assert owner_is_dead(token)


def test_a_process_whose_first_thread_alone_has_ended_is_alive(tmp_path: Path) -> None:
    root = host(tmp_path)
    token = new_token(root=root)
    put_stat(root, os.getpid(), started=4711, state="Z", threads=2)
    assert not owner_is_dead(token, root=root)
    put_stat(root, os.getpid(), started=4711, state="Z")
    assert owner_is_dead(token, root=root)


def test_a_reboot_is_the_death_of_every_process_before_it(tmp_path: Path) -> None:
    before = new_token(root=host(tmp_path / "before", boot="boot-1"))
    after = host(tmp_path / "after", boot="boot-2")
    assert owner_is_dead(before, root=after)
    assert not owner_is_dead(new_token(root=after), root=after)


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        # Two containers of one image, on hosts that may be different ones.
        ({"boot": "boot-1", "namespace": "pid:[4026532000]"}, {"boot": "boot-2", "namespace": "pid:[4026532000]"}),
        # Hosts of one name that have no id.
        ({"boot": "boot-1", "machine": ""}, {"boot": "boot-2", "machine": ""}),
        ({"boot": "boot-1", "machine": "one"}, {"boot": "boot-2", "machine": "other"}),
        # A container on this host, whose process numbers mean nothing here.
        ({"namespace": "pid:[4026532000]"}, {}),
        # A system that does not tell its boots apart.
        ({"boot": ""}, {"boot": "boot-1"}),
    ],
)
def test_a_process_elsewhere_counts_as_alive(tmp_path: Path, theirs: dict[str, str], ours: dict[str, str]) -> None:
    gone = changed(new_token(root=host(tmp_path / "theirs", **theirs)), NUMBER=ended_process())
    assert not owner_is_dead(gone, root=host(tmp_path / "ours", **ours))


def test_a_process_on_a_host_of_another_name_counts_as_alive() -> None:
    assert not owner_is_dead(changed(new_token(), HOST="elsewhere", NUMBER=ended_process()))


def test_without_proc_a_missing_process_is_dead_and_one_with_its_number_is_not(tmp_path: Path) -> None:
    token = new_token(root=tmp_path)
    assert token.split("|")[BOOT] == token.split("|")[STARTED] == ""
    assert not owner_is_dead(token, root=tmp_path)
    assert not owner_is_dead(changed(token, STARTED="1"), root=tmp_path)
    assert owner_is_dead(changed(token, NUMBER=ended_process()), root=tmp_path)
    assert not owner_is_dead(changed(token, MACHINE="another", NUMBER=ended_process()), root=tmp_path)


def test_a_process_that_may_not_be_looked_at_counts_as_alive(tmp_path: Path) -> None:
    root = host(tmp_path)
    token = new_token(root=root)
    (root / f"proc/{os.getpid()}/stat").unlink()
    assert not owner_is_dead(token, root=root)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become somebody else")
@ON_LINUX
def test_another_users_process_is_alive_though_it_may_not_be_asked() -> None:
    program = (
        "import os, sys; from cimnet_nornir.store.processes import owner_is_dead; os.setuid(65534);"
        "print(owner_is_dead(sys.argv[1]))"
    )
    asked = subprocess.run(
        [sys.executable, "-c", program, new_token()], capture_output=True, text=True, check=True, timeout=60
    )
    assert asked.stdout == "False\n"


@pytest.mark.parametrize("number", ["", "0", "-1", "abc", "9" * 30])
def test_a_number_that_no_process_has_says_nothing(number: str) -> None:
    assert not owner_is_dead(changed(new_token(), NUMBER=number))


@pytest.mark.parametrize("token", ["", "abc", "a|b", f"here|pid:[1]|1|{'0' * 32}", "|" * 20])
def test_a_token_that_this_program_did_not_write_says_nothing(token: str) -> None:
    assert not owner_is_dead(token)
