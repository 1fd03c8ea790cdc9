"""The agent's answers, what is told where there is none, the archive of a flake, and the command that reaches it."""

import base64
import io
import subprocess
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from cimnet_nornir.application.ports import HostState
from cimnet_nornir.domain.events import RemoteTarget
from cimnet_nornir.errors import (
    AuthenticationRefused,
    CommandRejected,
    DeviceError,
    DeviceUnreachable,
    HostKeyRefused,
    NotArmed,
    PushInDoubt,
)
from cimnet_nornir.nix.answers import Answer, answer_of, state_of
from cimnet_nornir.nix.port import agent_script, packed_flake
from cimnet_nornir.nix.ways import LocalWay, Ran, SshWay, _quoted, run_process

WAY = SshWay(
    "srv1",
    RemoteTarget(host="192.0.2.1", user="root"),
    alias="srv1",
    address="192.0.2.1",
    user="root",
    known_hosts=Path("/a folder/100%"),
)


def answered(verb: str, ran: Ran, *, remote: bool = True) -> Answer:
    return answer_of("srv1", verb, ran, remote=remote, seconds=60)


def test_what_a_host_says_of_itself_is_read() -> None:
    module = base64.b64encode('{ ... }: { a = "ä"; }\nfailed no\n'.encode()).decode()
    out = "agent 1\ngeneration 12\nrunning /nix/store/new\nbooted /nix/store/old\npending one\nuptime 512\n"
    out += f"revert-pending yes\nmodule {module}\nfailed-unit b.service\nfailed-unit a.service\n"
    assert state_of("srv1", answered("look", Ran(0, out, "chatter"))) == HostState(
        module='{ ... }: { a = "ä"; }\nfailed no\n',
        generation=12,
        running="/nix/store/new",
        booted="/nix/store/old",
        revert_pending=True,
        failed=("a.service", "b.service"),
        pending="one",
        uptime=512,
    )


def test_a_host_that_does_not_tell_its_uptime_is_told_all_the_same() -> None:
    assert state_of("srv1", answered("look", Ran(0, "agent 1\nuptime \n", ""))).uptime is None


def test_what_a_login_shell_says_before_counts_for_nothing() -> None:
    assert answered("confirm", Ran(0, "confirmed no\nWelcome\nagent 1\nconfirmed yes\n", "")).yes("confirmed")


def test_a_module_that_is_no_text_is_told() -> None:
    for module in ("%%%", base64.b64encode(b"\xff\xfe").decode()):
        with pytest.raises(CommandRejected, match=r"its /etc/cimnet/host.nix is no text"):
            state_of("srv1", answered("look", Ran(0, f"agent 1\nmodule {module}\n", "")))


@pytest.mark.parametrize(
    ("verb", "ran", "kind", "why"),
    [
        ("build", Ran(1, "agent 1\nfailed it ended with 1\n", "a\nb\n"), CommandRejected, "it ended with 1: a; b"),
        ("arm", Ran(3, "agent 1\nrefused this host is busy\n", ""), NotArmed, "arm: this host is busy"),
        ("keep", Ran(2, "agent 1\n", "no space left"), CommandRejected, "ended without a reason: no space left"),
        ("activate", Ran(255, "agent 1\n", ""), PushInDoubt, "the connection broke"),
        ("activate", Ran(143, "agent 1\n", ""), PushInDoubt, "the connection broke"),
        ("activate", Ran(-9, "", ""), PushInDoubt, "the connection broke"),
        ("confirm", Ran(None, "", ""), PushInDoubt, "no answer came within 60 seconds"),
        ("look", Ran(None, "", ""), DeviceUnreachable, "no answer came within 60 seconds"),
        ("arm", Ran(-9, "agent 1\n", ""), DeviceUnreachable, "arm: the connection broke"),
        ("activate", Ran(255, "", "client_loop: send disconnect: Broken pipe"), PushInDoubt, "Broken pipe"),
        ("look", Ran(255, "", "client_loop: send disconnect: Broken pipe"), DeviceUnreachable, "Broken pipe"),
        ("activate", Ran(255, "", "ssh: connect to host x port 22: No route to host"), DeviceUnreachable, "No route"),
        (
            "activate",
            Ran(255, "", "root@x: Permission denied (publickey)."),
            AuthenticationRefused,
            "refused the login",
        ),
        ("activate", Ran(255, "", "No ED25519 host key is known for srv1"), HostKeyRefused, "cimnet trust srv1"),
        (
            "look",
            Ran(255, "", "WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!"),
            HostKeyRefused,
            "another SSH host key",
        ),
        ("look", Ran(1, "", "sudo: a password is required"), AuthenticationRefused, "sudo asks for a password"),
        ("look", Ran(127, "", "sh: not found"), CommandRejected, "the agent does not start: sh: not found"),
        ("look", Ran(0, "", ""), CommandRejected, "the agent does not start: it ended with 0"),
    ],
)
def test_what_went_wrong_is_told_by_what_can_be_known(verb: str, ran: Ran, kind: type[DeviceError], why: str) -> None:
    with pytest.raises(kind) as raised:
        answered(verb, ran)
    assert type(raised.value) is kind
    assert why in raised.value.message
    assert raised.value.subject == "srv1"


def test_255_of_this_machine_is_no_connection() -> None:
    with pytest.raises(CommandRejected, match="the agent does not start"):
        answered("activate", Ran(255, "", "odd"), remote=False)


def test_the_same_files_are_the_same_archive_in_any_order() -> None:
    files = {"flake.nix": b"{ }\n", "hosts/srv1.nix": b"\xc3\xa4" * 5000, f"{'long/' * 60}x.nix": b""}
    packed = packed_flake(files)
    assert packed_flake(dict(reversed(files.items()))) == packed
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        unpacked = {member.name: archive.extractfile(member) for member in archive}
        assert {name: file.read() for name, file in unpacked.items() if file} == files
        assert {(member.uid, member.mtime, member.mode) for member in archive} == {(0, 0, 0o600)}


def test_programs_of_a_flake_stay_programs() -> None:
    packed = packed_flake({"flake.nix": b"{ }\n", "site/backup": b"#!/bin/sh\n", "site/note": b" #!/bin/sh\n"})
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        modes = {member.name: member.mode for member in archive}
    assert modes == {"flake.nix": 0o600, "site/backup": 0o700, "site/note": 0o600}


def test_the_agent_is_one_script_that_does_nothing_unless_it_arrived_whole() -> None:
    script = agent_script()
    subprocess.run(["sh", "-n"], input=script, check=True)
    assert script.splitlines()[-1] == b'main "$@"'
    for part in (script[:-12], script[: len(script) // 2]):
        ran = subprocess.run(["sh", "-s", "--", "look"], input=part, capture_output=True, check=False, timeout=30)
        assert ran.stdout == b""
    ran = subprocess.run(["sh", "-s", "--", "erase"], input=script, capture_output=True, check=False, timeout=30)
    assert (ran.returncode, ran.stdout) == (3, b"agent 1\nrefused no verb of the agent: erase\n")


def test_ssh_asks_nothing_and_trusts_only_the_pinned_key() -> None:
    command = WAY._ssh(("StrictHostKeyChecking=yes",))
    assert command[-5:] == ("-T", "-l", "root", "--", "192.0.2.1")
    assert "-F" not in command
    assert "-p" not in command
    options = {command[at + 1] for at, word in enumerate(command) if word == "-o"}
    assert {
        "BatchMode=yes",
        "StrictHostKeyChecking=yes",
        "GlobalKnownHostsFile=/dev/null",
        "HostKeyAlias=srv1",
    } <= options
    assert {"ControlPath=none", "ForwardAgent=no"} <= options
    other = replace(WAY, port=2222, identity=Path("/k"), jump="gate", config_file="/c")._ssh(())
    assert other[1:3] == ("-F", "/c")
    assert other[other.index("-p") : other.index("-p") + 2] == ("-p", "2222")
    assert {'IdentityFile="/k"', "IdentitiesOnly=yes", "ProxyJump=gate"} <= set(other)


def test_openssh_understands_every_option() -> None:
    # -G prints the configuration that would count, and connects to nothing.
    pinned = f"UserKnownHostsFile={_quoted(WAY.known_hosts)}"
    program, *words = replace(WAY, config_file="none", jump="ann@gate")._ssh((pinned,))
    shown = subprocess.run([program, "-G", *words], capture_output=True, text=True, check=True, timeout=30)
    assert f"userknownhostsfile {WAY.known_hosts}\n" in shown.stdout
    assert "hostkeyalias srv1\n" in shown.stdout
    assert "proxyjump ann@gate\n" in shown.stdout


def test_without_ssh_the_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DeviceUnreachable, match=r"no ssh program is here; .*\(Debian: openssh-client\)"):
        WAY.run(("true",), b"", seconds=5)
    with pytest.raises(DeviceUnreachable, match="sudo does not start: No such file"):
        LocalWay("srv1", WAY.target, sudo=True).run(("true",), b"", seconds=5)


def test_a_program_that_hangs_is_killed_with_what_it_started() -> None:
    ran = run_process("srv1", ("sh", "-c", "echo begun; sleep 600 & sleep 600"), b"", seconds=0.5)
    assert ran == Ran(None, "begun\n", "")


def test_output_that_somebody_else_holds_is_not_waited_for() -> None:
    ran = run_process("srv1", ("sh", "-c", "setsid sleep 6 & sleep 600"), b"", seconds=0.5)
    assert ran.status is None
