"""Hosts reached for real, with the same verbs: over the lab's server, over OpenSSH's own, and on the machine itself."""

import hashlib
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from cimnet_nornir.domain.events import LocalTarget, RemoteTarget
from cimnet_nornir.errors import (
    AuthenticationRefused,
    CommandRejected,
    DeviceError,
    DeviceUnreachable,
    HostKeyRefused,
    NotArmed,
    PushInDoubt,
)
from cimnet_nornir.inventory.known_hosts import write_known_hosts
from cimnet_nornir.lab.host_folder import HostFolder
from cimnet_nornir.lab.spec import LabCredentials, LabHost, LabSpec
from cimnet_nornir.lab.state import HOST_LOGIN_FILE
from cimnet_nornir.lab.thread import RunningLab, running_lab
from cimnet_nornir.nix.port import AgentSession, Hosts, VerbSeconds, packed_flake
from cimnet_nornir.nix.ways import LocalWay, SshWay, Way

pytestmark = pytest.mark.slow

NAME = "srv1"
SPEC = LabSpec((), (), LabCredentials("admin", "login-word"), (LabHost(NAME),))
INITIAL = "/nix/store/" + "0" * 32 + "-nixos-system-initial"


def module(number: int) -> str:
    return f'{{ ... }}:\n{{\n  systemd.network.netdevs."40-vlan{number}" = {{ }};\n}}\n'


def flake(number: int) -> Mapping[str, bytes]:
    return {"flake.nix": b"{ }\n", f"hosts/{NAME}.nix": module(number).encode()}


@dataclass(frozen=True)
class Stage:
    """A host, the way to it, and its disk."""

    hosts: Hosts
    folder: HostFolder
    way: Way

    @property
    def state(self) -> Path:
        """What the agent keeps on the host."""
        return self.folder.root / "var/lib/cimnet-agent"

    def within(self, seconds: VerbSeconds) -> Hosts:
        """The same host, with other patience."""
        return Hosts(lambda: frozenset({NAME}), lambda _: self.way, seconds=seconds)


def stage(way: Way, folder: HostFolder) -> Stage:
    return Stage(Hosts(lambda: frozenset({NAME}), lambda _: way, seconds=VerbSeconds(30, 60, 30)), folder, way)


def ssh_way(folder: Path, user: str, port: int, key: str, identity: Path) -> SshWay:
    known_hosts = folder / "known hosts"
    write_known_hosts(known_hosts, {(NAME, 22): key})
    return SshWay(
        NAME,
        RemoteTarget(host="127.0.0.1", user=user),
        alias=NAME,
        address="127.0.0.1",
        user=user,
        known_hosts=known_hosts,
        port=port,
        identity=identity,
        config_file="none",
    )


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[RunningLab]:
    with running_lab(SPEC, tmp_path / "lab") as lab:
        yield lab


@pytest.fixture
def lab_stage(lab: RunningLab, tmp_path: Path) -> Stage:
    """A host of the lab."""
    endpoint = lab.hosts[NAME]
    way = ssh_way(tmp_path, "admin", endpoint.port, endpoint.host_key, tmp_path / "lab" / HOST_LOGIN_FILE)
    return stage(way, HostFolder(lab.root(NAME)))


@contextmanager
def booted(root: Path) -> Iterator[HostFolder]:
    """A host's disk without the lab's server; what was started in it ends with the block."""
    folder = HostFolder(root)
    folder.boot()
    folder.set_faults(())
    try:
        yield folder
    finally:
        folder.halt()


@pytest.fixture
def local_stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """The machine itself."""
    with booted(tmp_path / "root") as folder:
        for name, value in folder.environment.items():
            monkeypatch.setenv(name, value)
        yield stage(LocalWay(NAME, LocalTarget()), folder)


def _key(path: Path) -> Path:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True)
    return path


def _sshd_config(folder: Path, port: int, environment: Mapping[str, str]) -> Path:
    shutil.copy(folder / "login.pub", folder / "authorized_keys")
    variables = " ".join(f'"{name}={value}"' for name, value in environment.items())
    lines = (
        f"ListenAddress 127.0.0.1:{port}",
        f"HostKey {folder / 'host'}",
        f"AuthorizedKeysFile {folder / 'authorized_keys'}",
        "PidFile none",
        "UsePAM no",
        "StrictModes no",
        "PasswordAuthentication no",
        "KbdInteractiveAuthentication no",
        "PermitRootLogin prohibit-password",
        f"SetEnv {variables}",
    )
    config = folder / "sshd_config"
    config.write_text("\n".join(lines) + "\n")
    return config


@pytest.fixture
def openssh_stage(tmp_path: Path) -> Iterator[Stage]:
    """OpenSSH's own server, with keys and a port of its own."""
    program = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.skip("no sshd is installed (Debian: openssh-server)")
    if os.geteuid() == 0:
        # As root it wants the folder that its service would make.
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    _key(tmp_path / "host"), _key(tmp_path / "login")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with booted(tmp_path / "root") as folder:
        config = _sshd_config(tmp_path, port, folder.environment)
        with (tmp_path / "sshd.log").open("w") as log:
            server = subprocess.Popen([program, "-D", "-e", "-f", config], stderr=log)
        try:
            until(lambda: _listens(port))
            user = subprocess.run(["id", "-un"], check=True, capture_output=True, text=True).stdout.strip()
            key = (tmp_path / "host.pub").read_text()
            yield stage(ssh_way(tmp_path, user, port, key, tmp_path / "login"), folder)
        finally:
            server.terminate()
            server.wait(timeout=60)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def until(holds: Callable[[], bool], *, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)


@pytest.fixture(params=["lab", "openssh", "local"])
def any_stage(request: pytest.FixtureRequest) -> Stage:
    """Every way to a host: for what the ways could do differently."""
    found = request.getfixturevalue(f"{request.param}_stage")
    assert isinstance(found, Stage)
    return found


def deploy(stage: Stage, number: int, deployment: str) -> str:
    """A whole deployment; the store path of what was built."""
    with stage.hosts.session(NAME, deployment) as host:
        system = host.build(flake(number))
        host.arm(5)
        host.activate()
        assert host.confirm()
        host.keep()
    return system


def activated(stage: Stage, number: int, deployment: str, *, minutes: int = 5) -> str:
    """A deployment as far as its activation."""
    with stage.hosts.session(NAME, deployment) as host:
        system = host.build(flake(number))
        host.arm(minutes)
        host.activate()
    return system


def test_a_host_that_was_never_deployed_to_says_so(any_stage: Stage) -> None:
    with any_stage.hosts.session(NAME) as host:
        state = host.look()
        assert (state.module, state.generation, state.running, state.booted) == ("", 1, INITIAL, INITIAL)
        assert (state.revert_pending, state.failed, state.pending) == (False, (), "")
        assert host.target == any_stage.way.target
    assert any_stage.hosts.manages(NAME)
    assert not any_stage.hosts.manages("srv2")


def test_a_deployment_is_built_armed_activated_looked_at_confirmed_and_kept(any_stage: Stage) -> None:
    with any_stage.hosts.session(NAME, "one") as host:
        system = host.build(flake(10))
        assert host.look().running == INITIAL, "what runs is left alone by building"
        host.arm(5)
        host.activate()
    with any_stage.hosts.session(NAME, "one") as second:
        state = second.look()
        assert (state.module, state.generation, state.running) == (module(10), 1, system)
        assert (state.revert_pending, state.pending) == (True, "one")
        assert second.confirm()
        assert second.look().revert_pending is False
        assert second.keep() == 2
        state = second.look()
        assert (state.generation, state.running, state.booted, state.pending) == (2, system, INITIAL, "")


def test_every_verb_may_be_run_twice(any_stage: Stage) -> None:
    with any_stage.hosts.session(NAME, "one") as host:
        assert host.build(flake(10)) == host.build(flake(10))
        for _ in range(2):
            host.arm(5)
        for _ in range(2):
            host.activate()
        assert [host.confirm(), host.confirm()] == [True, True]
        assert [host.keep(), host.keep()] == [2, 2]
        host.build(flake(20))
        host.arm(5)
        host.activate()
        assert [host.revert(), host.revert()] == [True, False]
        assert host.look().module == module(10)


def test_the_timer_goes_back_where_nobody_confirms(any_stage: Stage) -> None:
    before = deploy(any_stage, 10, "one")
    activated(any_stage, 20, "two")
    assert any_stage.folder.module == module(20)
    any_stage.folder.advance(5 * 60)
    until(lambda: any_stage.folder.module == module(10))
    with any_stage.hosts.session(NAME, "two") as host:
        until(lambda: not host.look().pending)
        state = host.look()
        assert (state.running, state.generation, state.revert_pending) == (before, 2, False)
        assert host.confirm() is False
        with pytest.raises(CommandRejected, match="no deployment two is pending"):
            host.keep()
        with pytest.raises(CommandRejected, match="no timer was set for the deployment two: reverted: timer"):
            host.activate()


def test_what_is_confirmed_stays_when_the_time_is_over(lab_stage: Stage) -> None:
    activated(lab_stage, 10, "one")
    with lab_stage.hosts.session(NAME, "one") as host:
        assert host.confirm()
        lab_stage.folder.advance(3600)
        time.sleep(0.5)
        assert host.look().module == module(10)
        assert host.keep() == 2


def test_a_host_that_reboots_meanwhile_has_gone_back(lab_stage: Stage) -> None:
    before = deploy(lab_stage, 10, "one")
    activated(lab_stage, 20, "two")
    lab_stage.folder.halt()
    lab_stage.folder.boot()
    with lab_stage.hosts.session(NAME, "two") as host:
        state = host.look()
        assert (state.module, state.running, state.booted, state.pending) == (module(10), before, before, "")
        assert host.revert() is False
        assert host.confirm() is False
    deploy(lab_stage, 30, "three")
    assert lab_stage.folder.module == module(30)


def test_what_was_kept_is_taken_back_by_its_generation_too(lab_stage: Stage) -> None:
    deploy(lab_stage, 10, "one")
    activated(lab_stage, 20, "two")
    with lab_stage.hosts.session(NAME, "two") as host:
        assert host.confirm()
        # Somebody boots another one meanwhile.
        profile = lab_stage.folder.root / "nix/var/nix/profiles/system"
        profile.unlink()
        profile.symlink_to("system-1-link")
        assert host.revert()
        state = host.look()
    assert (state.module, state.generation) == (module(10), 2)


def test_another_deployment_is_refused_while_one_is_pending(any_stage: Stage) -> None:
    activated(any_stage, 10, "one")
    with any_stage.hosts.session(NAME, "two") as other:
        with pytest.raises(CommandRejected, match="the deployment one is pending on this host"):
            other.build(flake(20))
        with pytest.raises(NotArmed, match="the deployment one is pending on this host"):
            other.arm(5)
        with pytest.raises(CommandRejected, match="no timer was set for the deployment two"):
            other.activate()
        assert (other.confirm(), other.revert()) == (False, False)
        assert other.look().revert_pending
    with any_stage.hosts.session(NAME) as anybody:
        assert anybody.revert()
    deploy(any_stage, 20, "two")


def test_what_another_built_meanwhile_is_not_armed(lab_stage: Stage) -> None:
    with lab_stage.hosts.session(NAME, "one") as host, lab_stage.hosts.session(NAME, "two") as other:
        host.build(flake(10))
        other.build(flake(20))
        with pytest.raises(NotArmed, match="busy: what was built last on it is not of the deployment one"):
            host.arm(5)
        other.arm(5)


def test_a_timer_that_was_set_in_vain_is_in_nobodys_way_once_it_is_confirmed(lab_stage: Stage) -> None:
    with lab_stage.hosts.session(NAME, "one") as host:
        host.build(flake(10))
        host.arm(5)
        assert host.confirm()
        assert host.look().pending == ""
    deploy(lab_stage, 20, "two")


@pytest.mark.parametrize(("fault", "said"), [("fail-build", "failed with exit code 1"), ("", "syntax error")])
def test_a_build_that_fails_says_why_and_changes_nothing(lab_stage: Stage, fault: str, said: str) -> None:
    lab_stage.folder.set_faults((fault,))
    broken = flake(10) if fault else {**flake(10), "site/common.nix": b"{ ... }: {"}
    with lab_stage.hosts.session(NAME, "one") as host:
        with pytest.raises(CommandRejected, match=f"nixos-rebuild build ended with 1.*{said}") as raised:
            host.build(broken)
        assert (raised.value.line, host.look().running) == ("build", INITIAL)
        with pytest.raises(NotArmed):
            host.arm(5)


def test_a_flake_that_finds_no_room_is_told(lab_stage: Stage) -> None:
    digest = hashlib.sha256(packed_flake(flake(20))).hexdigest()
    with lab_stage.hosts.session(NAME, "one") as host:
        host.build(flake(10))
        (lab_stage.state / f"incoming.{digest}").mkdir()
        with pytest.raises(CommandRejected, match=r"build: the flake was not received: .*directory"):
            host.build(flake(20))


def test_a_folder_that_others_could_write_to_is_not_used(lab_stage: Stage, tmp_path: Path) -> None:
    # Whoever writes there could have root run what he likes.
    def refused() -> None:
        before = sorted(lab_stage.state.iterdir()) if lab_stage.state.is_dir() else []
        for step in (lambda: host.build(flake(20)), lambda: host.arm(5), host.activate, host.confirm, host.revert):
            with pytest.raises(CommandRejected, match=r"cimnet-agent is not a folder of this user that nobody else"):
                step()
        assert (sorted(lab_stage.state.iterdir()) if lab_stage.state.is_dir() else []) == before

    with lab_stage.hosts.session(NAME, "one") as host:
        host.build(flake(10))
        assert lab_stage.state.stat().st_mode & 0o777 == 0o700
        lab_stage.state.chmod(0o770)
        refused()
        lab_stage.state.chmod(0o700)
        if os.geteuid() == 0:
            os.chown(lab_stage.state, 65534, 65534)
            refused()
            os.chown(lab_stage.state, 0, 0)
        moved = lab_stage.state.rename(tmp_path / "elsewhere")
        lab_stage.state.symlink_to(moved)
        refused()
        lab_stage.state.unlink()
        lab_stage.state.write_text("a file where a folder must be")
        refused()


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Let nobody write in a folder. Modes count for nothing to root: for it, the folder becomes a disk of its own."""
    if os.geteuid() == 0:
        if subprocess.run(["mount", "--bind", folder, folder], check=False).returncode:
            pytest.skip("a disk that is read-only needs a root that may mount one")
        try:
            subprocess.run(["mount", "-o", "remount,bind,ro", folder], check=True)
            yield
        finally:
            subprocess.run(["umount", "-l", folder], check=True)
        return
    folders = [folder, *(one for one in folder.rglob("*") if one.is_dir() and not one.is_symlink())]
    try:
        for one in folders:
            one.chmod(0o500)
        yield
    finally:
        for one in folders:
            one.chmod(0o700)


def _blocked(folder: Path, *names: str) -> None:
    """Put folders where files are to be made: nobody can write them, not even root."""
    for name in names:
        (folder / name).unlink(missing_ok=True)
        (folder / name).mkdir()


@pytest.mark.parametrize("asked", [True, False])
def test_a_host_goes_back_although_nothing_of_it_can_be_noted(
    lab: RunningLab, lab_stage: Stage, *, asked: bool
) -> None:
    deploy(lab_stage, 10, "one")
    activated(lab_stage, 20, "two")
    _blocked(lab_stage.state, "lock", "pending/reverting", "pending/outcome")
    _blocked(lab_stage.folder.root / "run", "cimnet-revert-now.log", "cimnet-revert.attempts")
    with lab_stage.hosts.session(NAME, "two") as host:
        if asked:
            assert host.revert()
        else:
            lab.advance(NAME, 5 * 60)
        assert (host.look().module, host.look().revert_pending, host.confirm()) == (module(10), False, False)


def test_a_host_goes_back_although_its_disk_is_read_only(lab: RunningLab, lab_stage: Stage) -> None:
    deploy(lab_stage, 10, "one")
    activated(lab_stage, 20, "two")
    with lab_stage.hosts.session(NAME, "two") as host, read_only(lab_stage.state):
        with pytest.raises(CommandRejected, match=r"confirm: .*cannot be written"):
            host.confirm()
        assert host.look().module == module(20)
        lab.advance(NAME, 5 * 60)
        assert host.look().module == module(10)
        assert host.revert(), "it has, and could not note it"
        assert host.confirm() is False
    deploy(lab_stage, 30, "three")


def test_a_build_without_an_end_is_ended_on_the_host(lab: RunningLab, lab_stage: Stage) -> None:
    lab.fault(NAME, "hang-build")
    with (
        lab_stage.within(VerbSeconds(30, 1, 30)).session(NAME, "one") as host,
        pytest.raises(CommandRejected, match="not built within 1 seconds"),
    ):
        host.build(flake(10))
    lab.fault(NAME, "clear")
    deploy(lab_stage, 10, "two")


def test_an_activation_that_fails_is_told_and_taken_back(lab: RunningLab, lab_stage: Stage) -> None:
    deploy(lab_stage, 10, "one")
    lab.fault(NAME, "fail-activation")
    with lab_stage.hosts.session(NAME, "two") as host:
        host.build(flake(20))
        host.arm(5)
        with pytest.raises(CommandRejected, match=r"ended with 4.*the following units failed"):
            host.activate()
        assert host.look().module == module(20)
        assert host.revert()
        assert host.look().module == module(10)


def test_units_that_failed_are_seen(lab: RunningLab, lab_stage: Stage) -> None:
    lab.fault(NAME, "failed-unit")
    activated(lab_stage, 10, "one")
    with lab_stage.hosts.session(NAME, "one") as host:
        assert host.look().failed == ("cimnet-lab-broken.service",)
        assert host.revert()
        assert host.look().failed == ()


def test_a_host_that_does_not_come_back_goes_back_by_itself(lab: RunningLab, lab_stage: Stage) -> None:
    deploy(lab_stage, 10, "one")
    lab.fault(NAME, "unreachable-after-activation")
    with lab_stage.hosts.session(NAME, "two") as host:
        host.build(flake(20))
        host.arm(5)
        with pytest.raises(PushInDoubt, match="activate: the connection broke"):
            host.activate()
        with pytest.raises(DeviceUnreachable):
            host.look()
        lab.advance(NAME, 5 * 60)
        state = host.look()
        assert (state.module, state.pending, host.confirm()) == (module(10), "", False)


def test_an_activation_that_hangs_is_ended_by_the_timer(lab: RunningLab, lab_stage: Stage) -> None:
    lab.fault(NAME, "hang-activation")
    with lab_stage.within(VerbSeconds(30, 60, 1)).session(NAME, "one") as host:
        host.build(flake(10))
        host.arm(5)
        with pytest.raises(PushInDoubt, match="no answer came within 1 seconds"):
            host.activate()
        assert host.look().revert_pending
        lab.advance(NAME, 5 * 60)
        assert host.look().pending == ""
    lab.fault(NAME, "clear")
    deploy(lab_stage, 20, "two")


def test_a_timer_counts_real_minutes(tmp_path: Path) -> None:
    spec = LabSpec((), (), LabCredentials("admin", "login-word"), (LabHost(NAME, minute=4),))
    with running_lab(spec, tmp_path / "lab") as lab:
        endpoint = lab.hosts[NAME]
        way = ssh_way(tmp_path, "admin", endpoint.port, endpoint.host_key, tmp_path / "lab" / HOST_LOGIN_FILE)
        quick = stage(way, HostFolder(lab.root(NAME)))
        began = time.monotonic()
        with quick.hosts.session(NAME, "one") as host:
            host.build(flake(10))
            host.arm(2)
            until(lambda: not host.look().pending)
        assert time.monotonic() - began > 6


@contextmanager
def quick_stage(folder: Path, *, minute: int) -> Iterator[Stage]:
    """A host of the lab whose minutes take so many seconds."""
    spec = LabSpec((), (), LabCredentials("admin", "login-word"), (LabHost(NAME, minute=minute),))
    with running_lab(spec, folder / "lab") as lab:
        endpoint = lab.hosts[NAME]
        way = ssh_way(folder, "admin", endpoint.port, endpoint.host_key, folder / "lab" / HOST_LOGIN_FILE)
        yield stage(way, HostFolder(lab.root(NAME)))


@contextmanager
def old_system_fails(stage: Stage) -> Iterator[Path]:
    """The system that the host boots cannot be activated; yields the file that counts how often it was tried."""
    tried = stage.folder.root / "lab/tried"
    program = (stage.folder.root / "run/booted-system").resolve() / "bin/switch-to-configuration"
    well = program.read_text()
    program.write_text(f"#!/bin/sh\necho $1 >>{tried}\necho 'Could not acquire lock' >&2\nexit 1\n")
    try:
        yield tried
    finally:
        draft = program.with_name("draft")
        draft.write_text(well)
        draft.chmod(0o755)
        draft.replace(program)


def _answers(host: AgentSession) -> bool:
    try:
        host.look()
    except DeviceUnreachable:
        return False
    return True


def test_what_goes_back_is_tried_again_where_it_fails(tmp_path: Path) -> None:
    # Half a minute lies between two tries: three seconds here.
    with quick_stage(tmp_path, minute=6) as quick:
        activated(quick, 10, "one", minutes=1)
        with quick.hosts.session(NAME, "one") as host:
            with old_system_fails(quick) as tried:
                until(tried.exists)
                state = host.look()
                assert (state.module, state.pending, state.revert_pending) == (module(10), "one", True)
                with quick.hosts.session(NAME, "two") as other, pytest.raises(CommandRejected, match="one is pending"):
                    other.build(flake(20))
            until(lambda: not host.look().pending)
            state = host.look()
            assert (state.running, state.revert_pending, host.confirm()) == (INITIAL, False, False)
        assert not (quick.folder.root / "run/cimnet-revert.attempts").exists()
        deploy(quick, 20, "two")


def test_a_host_that_cannot_go_back_reboots_in_the_end(tmp_path: Path) -> None:
    with quick_stage(tmp_path, minute=1) as quick:
        boot_id = quick.folder.root / "proc/sys/kernel/random/boot_id"
        before = boot_id.read_text()
        activated(quick, 10, "one", minutes=3)
        with old_system_fails(quick) as tried:
            until(lambda: boot_id.read_text() != before)
            assert tried.read_text().splitlines() == ["test"] * 10, "five times, and each twice"
        with quick.hosts.session(NAME, "one") as host:
            until(lambda: _answers(host))
            state = host.look()
            assert (state.module, state.running, state.pending, state.revert_pending) == ("", INITIAL, "", False)


def test_what_fails_to_go_back_when_asked_does_so_by_its_timer_or_is_armed_anew(lab_stage: Stage) -> None:
    activated(lab_stage, 10, "one")
    with lab_stage.hosts.session(NAME, "one") as host:
        with old_system_fails(lab_stage) as tried:
            with pytest.raises(CommandRejected, match="going back ended with 1: Could not acquire lock"):
                host.revert()
            assert tried.read_text() == "test\ntest\n"
        assert (host.look().module, host.look().revert_pending, host.confirm()) == (module(10), True, False)
        host.arm(5)
        host.activate()
        assert (host.confirm(), host.keep()) == (True, 2)


def test_two_that_have_a_host_go_back_at_once_are_both_told_that_it_did(lab_stage: Stage) -> None:
    activated(lab_stage, 10, "one")
    program = (lab_stage.folder.root / "run/booted-system").resolve() / "bin/switch-to-configuration"
    program.write_text(program.read_text().replace("#!/bin/sh\n", "#!/bin/sh\nsleep 1\n", 1))
    with lab_stage.hosts.session(NAME, "one") as host, ThreadPoolExecutor() as pool:
        assert list(pool.map(lambda _: host.revert(), range(3))) == [True] * 3
        assert host.look().module == ""


def test_what_was_kept_meanwhile_is_not_said_to_be_gone_back(lab_stage: Stage) -> None:
    system = activated(lab_stage, 10, "one")
    program = lab_stage.folder.root / system.removeprefix("/") / "bin/switch-to-configuration"
    program.write_text(program.read_text().replace("#!/bin/sh\n", "#!/bin/sh\nsleep 2\n", 1))
    with lab_stage.hosts.session(NAME, "one") as host, ThreadPoolExecutor() as pool:
        assert host.confirm()
        kept = pool.submit(host.keep)
        until((lab_stage.folder.root / "lab/units/cimnet-keep.service").exists)
        assert host.revert() is False
        assert (kept.result(), host.look().running) == (2, system)


def test_what_was_confirmed_is_waited_for_whatever_the_clock_says(lab_stage: Stage) -> None:
    activated(lab_stage, 10, "one")
    with lab_stage.hosts.session(NAME, "one") as host, lab_stage.hosts.session(NAME, "two") as other:
        assert host.confirm()
        os.utime(lab_stage.state / "pending/confirmed", (0, 0))
        with pytest.raises(CommandRejected, match="the deployment one is pending on this host"):
            other.build(flake(20))
        # Two minutes later nobody waits any more.
        uptime = lab_stage.folder.root / "proc/uptime"
        later = float(uptime.read_text().split()[0]) + 121
        uptime.unlink()
        uptime.write_text(f"{later:.2f} 1.00\n")
        other.build(flake(20))


@pytest.mark.parametrize("name", ["id", "system", "before", "generation", "boot"])
def test_a_host_is_not_armed_where_what_it_runs_cannot_be_remembered(lab_stage: Stage, name: str) -> None:
    with lab_stage.hosts.session(NAME, "one") as host:
        host.build(flake(10))
        # A program that comes before the real one, and makes the one file that cannot be written.
        maker = lab_stage.folder.root / "lab/bin/mkdir"
        maker.write_text(
            f'#!/bin/sh\n/bin/mkdir "$@" || exit\ncase $1 in */pending.new) /bin/mkdir "$1/{name}" ;; esac\n'
        )
        maker.chmod(0o755)
        with pytest.raises(NotArmed, match="what runs now cannot be remembered"):
            host.arm(5)
        assert (host.look().pending, host.look().revert_pending) == ("", False)
        maker.unlink()
        host.arm(5)


def test_power_that_fails_before_the_boot_loader_is_written_leaves_the_old_generation(
    lab: RunningLab, lab_stage: Stage
) -> None:
    before = deploy(lab_stage, 10, "one")
    system = activated(lab_stage, 20, "two")
    with lab_stage.hosts.session(NAME, "two") as host:
        assert host.confirm()
        profile = lab_stage.folder.root / "nix/var/nix/profiles/system"
        program, new = lab_stage.folder.root / "lab/bin/nix-env", lab_stage.folder.root / system[1:]
        subprocess.run([program, "-p", profile, "--set", new], check=True, env=lab_stage.folder.environment)
        assert host.look().generation == 3
        lab.fault(NAME, "power")
        assert host.look().running == before
        assert host.revert() is False
        assert (host.look().generation, host.look().module) == (2, module(10))


def test_a_host_without_systemd_is_not_armed(lab: RunningLab, lab_stage: Stage) -> None:
    lab.fault(NAME, "no-systemd")
    with lab_stage.hosts.session(NAME, "one") as host:
        host.build(flake(10))
        with pytest.raises(NotArmed, match="systemd-run started no timer: Failed to connect to bus"):
            host.arm(5)
        assert (host.look().pending, host.look().running) == ("", INITIAL)
        with pytest.raises(CommandRejected, match="no timer was set"):
            host.activate()


def test_a_host_that_hangs_is_waited_for_no_longer_than_allowed(lab: RunningLab, lab_stage: Stage) -> None:
    lab.fault(NAME, "hang")
    with lab_stage.within(VerbSeconds(1, 1, 1)).session(NAME, "one") as host:
        with pytest.raises(DeviceUnreachable, match="look: no answer came within 1 seconds"):
            host.look()
        with pytest.raises(PushInDoubt):
            host.confirm()
    lab.fault(NAME, "clear")
    with lab_stage.hosts.session(NAME) as host:
        assert host.look().running == INITIAL


def test_a_host_that_is_down_cannot_be_reached(lab: RunningLab, lab_stage: Stage) -> None:
    lab.fault(NAME, "down")
    with lab_stage.hosts.session(NAME, "one") as host:
        for step in (host.look, host.activate, host.confirm, host.keep, host.revert):
            with pytest.raises(DeviceUnreachable, match="Connection refused"):
                step()
    with pytest.raises(DeviceUnreachable):
        lab_stage.hosts.host_key(NAME)
    lab.fault(NAME, "up")
    assert lab_stage.hosts.host_key(NAME) == lab.hosts[NAME].host_key


def test_another_host_key_is_refused_and_so_is_one_that_nobody_pinned(
    lab: RunningLab, lab_stage: Stage, tmp_path: Path
) -> None:
    assert isinstance(lab_stage.way, SshWay)
    lab.fault(NAME, "host-key")
    with (
        lab_stage.hosts.session(NAME) as host,
        pytest.raises(HostKeyRefused, match=r"another SSH host key than the pinned one.*cimnet trust --replace srv1"),
    ):
        host.look()
    assert lab_stage.hosts.host_key(NAME) != lab.hosts[NAME].host_key
    (tmp_path / "empty").touch()
    unknown = stage(replace(lab_stage.way, known_hosts=tmp_path / "empty"), lab_stage.folder)
    with (
        unknown.hosts.session(NAME) as host,
        pytest.raises(HostKeyRefused, match="no SSH host key is pinned for srv1"),
    ):
        host.look()


def test_only_the_key_of_the_lab_lets_in(lab: RunningLab, lab_stage: Stage, tmp_path: Path) -> None:
    assert isinstance(lab_stage.way, SshWay)
    assert (tmp_path / "lab" / HOST_LOGIN_FILE).stat().st_mode & 0o777 == 0o600
    stranger = stage(replace(lab_stage.way, identity=_key(tmp_path / "other")), lab_stage.folder)
    with stranger.hosts.session(NAME) as host, pytest.raises(AuthenticationRefused, match="Permission denied"):
        host.look()
    endpoint = lab.hosts[NAME]
    words = ("ssh", "-F", "none", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o")
    where = (f"UserKnownHostsFile={tmp_path / 'seen'}", "-p", str(endpoint.port), "admin@127.0.0.1", "id")
    asked = subprocess.run([*words, *where], capture_output=True, text=True, check=False, timeout=30)
    assert (asked.returncode, "(publickey)" in asked.stderr) == (255, True)


def _ssh_processes() -> list[int]:
    """The clients that this process started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text().rpartition(")")
        except OSError:
            continue
        if name.endswith("(ssh") and int(rest.split()[1]) == os.getpid():
            found.append(int(stat.parent.name))
    return found


def test_an_ssh_that_is_killed_in_the_middle_leaves_the_timer_on_guard(lab: RunningLab, lab_stage: Stage) -> None:
    deploy(lab_stage, 10, "one")
    lab.fault(NAME, "hang-activation")
    caught: list[BaseException] = []

    def activate() -> None:
        try:
            activated(lab_stage, 20, "two")
        except PushInDoubt as error:
            caught.append(error)

    thread = threading.Thread(target=activate)
    thread.start()
    until(lambda: (lab_stage.folder.root / "lab/units/cimnet-activate.service/pid").exists())
    (client,) = _ssh_processes()
    os.kill(client, signal.SIGKILL)
    thread.join(timeout=60)
    assert [type(error) for error in caught] == [PushInDoubt]
    with lab_stage.hosts.session(NAME, "two") as host:
        assert (host.look().revert_pending, host.look().pending) == (True, "two")
        assert host.revert()
        assert host.look().module == module(10)


def test_an_activation_whose_session_was_lost_comes_through(lab: RunningLab, lab_stage: Stage) -> None:
    # The host is cut off while it activates: it does so to the end, and can be confirmed once it is back.
    lab.fault(NAME, "unreachable-after-activation")
    with lab_stage.hosts.session(NAME, "one") as host:
        host.build(flake(10))
        host.arm(5)
        with pytest.raises(PushInDoubt):
            host.activate()
        (lab_stage.folder.root / "lab/cut").unlink()
        until(lambda: (lab_stage.state / "pending/activated").exists())
        until(lambda: _listens(lab.hosts[NAME].port))
        assert (host.look().module, host.confirm(), host.keep()) == (module(10), True, 2)


def test_two_at_once_do_not_get_between_each_other(lab: RunningLab, lab_stage: Stage) -> None:
    lab.fault(NAME, "hang-activation")
    caught: list[str] = []

    def activate() -> None:
        try:
            activated(lab_stage, 10, "one")
        except CommandRejected as error:
            caught.append(error.line)

    thread = threading.Thread(target=activate)
    thread.start()
    until(lambda: (lab_stage.folder.root / "lab/units/cimnet-activate.service/pid").exists())
    with lab_stage.hosts.session(NAME, "two") as other, pytest.raises(CommandRejected, match="this host is busy"):
        other.build(flake(20))
    with lab_stage.hosts.session(NAME, "one") as host:
        # Whoever goes back ends what hangs.
        assert host.revert()
    thread.join(timeout=60)
    assert caught == ["activate"]


def _processes_of(root: Path) -> list[int]:
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        try:
            variables = environment.read_bytes().split(b"\0")
        except OSError:
            continue
        if f"CIMNET_ROOT={root}".encode() in variables:
            found.append(int(environment.parent.name))
    return found


def test_what_a_lab_started_ends_with_it_and_its_hosts_keep_their_disks(tmp_path: Path) -> None:
    def staged(lab: RunningLab) -> Stage:
        endpoint = lab.hosts[NAME]
        way = ssh_way(tmp_path, "admin", endpoint.port, endpoint.host_key, tmp_path / "lab" / HOST_LOGIN_FILE)
        return stage(way, HostFolder(lab.root(NAME)))

    with running_lab(SPEC, tmp_path / "lab") as lab:
        root, known = lab.root(NAME), lab.hosts
        deploy(staged(lab), 10, "one")
        activated(staged(lab), 20, "two")
        assert _processes_of(root) != []
    assert _processes_of(root) == []
    with running_lab(SPEC, tmp_path / "lab") as lab:
        assert lab.hosts == known, "port and host key stay"
        assert lab.module(NAME) == module(10), "it has booted what was kept"


def test_a_build_that_was_left_behind_ends_with_the_hosts_power(lab: RunningLab, lab_stage: Stage) -> None:
    lab.fault(NAME, "hang-build")
    caught: list[BaseException] = []

    def build() -> None:
        try:
            with lab_stage.hosts.session(NAME, "one") as host:
                host.build(flake(10))
        except DeviceError as error:
            caught.append(error)

    thread = threading.Thread(target=build)
    thread.start()
    until(lambda: any("nixos-rebuild" in words for words in _words_of(lab_stage.folder.root)))
    (client,) = _ssh_processes()
    os.kill(client, signal.SIGKILL)
    thread.join(timeout=60)
    assert len(caught) == 1
    assert _processes_of(lab_stage.folder.root) != []
    lab.fault(NAME, "power")
    assert _processes_of(lab_stage.folder.root) == []
    lab.fault(NAME, "clear")
    deploy(lab_stage, 10, "two")


def _words_of(root: Path) -> list[str]:
    """The command lines of a host's processes."""
    found = []
    for pid in _processes_of(root):
        with suppress(OSError):
            found.append(Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " "))
    return found


def test_a_host_that_loses_power_boots_what_it_kept(lab: RunningLab, lab_stage: Stage) -> None:
    deploy(lab_stage, 10, "one")
    activated(lab_stage, 20, "two")
    lab.fault(NAME, "power")
    with lab_stage.hosts.session(NAME, "two") as host:
        assert (host.look().module, host.look().pending) == (module(10), "")


def test_with_sudo_the_agent_runs_by_it(lab_stage: Stage) -> None:
    assert isinstance(lab_stage.way, SshWay)
    with stage(replace(lab_stage.way, sudo=True), lab_stage.folder).hosts.session(NAME, "one") as host:
        assert host.build(flake(10))
    refusing = lab_stage.folder.root / "lab/bin/sudo"
    refusing.write_text("#!/bin/sh\necho 'sudo: a password is required' >&2\nexit 1\n")
    with (
        stage(replace(lab_stage.way, sudo=True), lab_stage.folder).hosts.session(NAME, "one") as host,
        pytest.raises(AuthenticationRefused, match="sudo asks for a password"),
    ):
        host.build(flake(10))
