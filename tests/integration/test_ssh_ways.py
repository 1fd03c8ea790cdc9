"""Ways to a device: by key, by agent and through a jump host, as a project names them, to devices that are simulated.

The project is in the environment `real`; its SSH configuration says where on loopback the management address is.
"""

import asyncio
import gc
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from pathlib import Path

import asyncssh
import paramiko
import pytest
from nornir.core.task import Result, Task

from cimnet_nornir.application.host_keys import pin_host_keys
from cimnet_nornir.application.pushing import PushOptions
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.bootstrap import Settings, load_settings, open_devices, open_nornir, open_service
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.errors import AuthenticationRefused, DeviceError, DeviceUnreachable, HostKeyRefused
from cimnet_nornir.lab.spec import LabCredentials, LabDevice, LabSpec
from cimnet_nornir.lab.thread import RunningLab, running_lab
from cimnet_nornir.tasks import cimnet_plan, cimnet_push
from cimnet_nornir.tasks.login import open_session
from cimnet_nornir.tasks.napalm_session import napalm_session

ADDRESS = "127.0.0.11"
PORT = "GigabitEthernet1/0/1"
CONFIG = """\
inventory:
  plugin: CimnetInventory
  options: {{network: net, environment: real, timeouts: {{connect: 4, read: 5, line: 2, save: 5}}}}
  transform_function: cimnet_credentials
  transform_function_options: {{{options}}}
ssh: {{config_file: {ssh_config}}}
"""
needs_openssh = pytest.mark.skipif(
    any(shutil.which(program) is None for program in ("ssh", "ssh-agent", "ssh-add")),
    reason="openssh-client is not installed",
)


def new_key(path: Path, *, kind: str = "ecdsa", passphrase: str | None = None) -> Path:
    """A new private key in a file, its public line beside it."""
    key = paramiko.RSAKey.generate(2048) if kind == "rsa" else paramiko.ECDSAKey.generate()
    key.write_private_key_file(str(path), password=passphrase)
    Path(f"{path}.pub").write_text(f"{key.get_name()} {key.get_base64()}\n", encoding="utf-8")
    return path


def public_line(key: Path) -> str:
    return Path(f"{key}.pub").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Ways:
    """A project with one switch, whose password nobody knows; its devices let one key in."""

    folder: Path
    key: Path
    lab: RunningLab

    @property
    def port(self) -> int:
        """Where the switch listens on 127.0.0.1."""
        return self.lab.devices["sw1"].port

    def configure(self, options: Mapping[str, object], *, ssh: str = "", config_file: str | None = None) -> None:
        """Write the project's settings, and the lines of its SSH configuration that are the switch's."""
        ssh_config = self.folder / "ssh_config"
        ssh_config.write_text(f"Host {ADDRESS}\n  HostName 127.0.0.1\n  Port {self.port}\n{ssh}", encoding="utf-8")
        words = ", ".join(f"{name}: {value}" for name, value in options.items())
        text = CONFIG.format(options=words, ssh_config=config_file or ssh_config)
        (self.folder / "inventory" / "config.yaml").write_text(text, encoding="utf-8")

    @contextmanager
    def opened(self) -> Iterator[tuple[Settings, NetworkService]]:
        settings = load_settings(self.folder)
        service = open_service(settings)
        try:
            yield settings, service
        finally:
            service.store.close()

    def pin(self, key: str) -> None:
        with self.opened() as (_, service):
            pin_host_keys(service, {"sw1": key}, command="trust")

    def plan(self) -> Result:
        """What `cimnet_plan` comes to."""
        with self.opened() as (settings, service):
            nornir = open_nornir(settings, service)
            try:
                return nornir.run(task=cimnet_plan)["sw1"][0]
            finally:
                nornir.close_connections(on_good=True, on_failed=True)

    def refusal(self) -> DeviceError:
        """Why `cimnet_plan` failed; the error must be one clear line."""
        result = self.plan()
        assert isinstance(result.exception, DeviceError), result.result
        assert "\n" not in result.exception.message
        return result.exception

    def shown_key(self) -> str | DeviceError:
        """What `cimnet trust` sees."""
        with self.opened() as (settings, service), open_devices(settings, service) as devices:
            return devices.host_keys(["sw1"])["sw1"]


def plans(result: Result) -> bool:
    """Whether the switch was read in privileged mode, and would be sent its VLAN."""
    return not result.failed and "vlan 10" in str(result.result)


@pytest.fixture
def ways(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ways]:
    for name in ("CIMNET_PASSWORD", "CIMNET_STORE", "CIMNET_ENV", "SSH_AUTH_SOCK"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"CIMNET_USERNAME": "admin", "CIMNET_ENABLE": "enable-word", "HOME": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    key = new_key(tmp_path / "id_known")
    credentials = LabCredentials("admin", "known-to-nobody", "enable-word", (public_line(key),))
    startup = "hostname sw1\nip scp server enable\n"
    spec = LabSpec((LabDevice("sw1", "ios", "switch", (PORT,), startup=startup),), (), credentials)
    (tmp_path / "project" / "inventory").mkdir(parents=True)
    with running_lab(spec, tmp_path / "project" / ".cimnet" / "lab") as lab:
        ways = Ways(tmp_path / "project", key, lab)
        ways.configure({})
        with ways.opened() as (_, service):
            details = DeviceDetails(vendor="cisco", platform="ios", site="hq", management=IPv4Address(ADDRESS))
            service.execute(
                c.CreateNetwork(name="net"),
                c.AddSwitch(device="sw1", name="sw1", details=details, ports=(PORT,)),
                c.CreateVlan(device="sw1", vlan=10, name="users"),
                command="declare",
            )
        ways.pin(lab.devices["sw1"].host_key)
        yield ways


# --- keys -------------------------------------------------------------------------------------------------------------


def test_a_key_logs_in_without_a_password(ways: Ways) -> None:
    ways.configure({"key_file": "~/id_known"})
    assert plans(ways.plan())


@pytest.mark.parametrize("kind", ["ecdsa", "rsa"])
def test_a_key_that_the_device_does_not_know_is_told_as_refused(ways: Ways, kind: str) -> None:
    ways.configure({"key_file": new_key(ways.folder / "id_other", kind=kind)})
    error = ways.refusal()
    assert isinstance(error, AuthenticationRefused)
    assert error.message == "sw1 refused the credentials"


def test_only_the_named_key_is_tried(ways: Ways) -> None:
    (ways.folder.parent / ".ssh").mkdir()
    shutil.copy(ways.key, ways.folder.parent / ".ssh" / "id_ecdsa")
    ways.configure({"key_file": new_key(ways.folder / "id_other")})
    assert isinstance(ways.refusal(), AuthenticationRefused)


def test_an_encrypted_key_needs_the_agent(ways: Ways) -> None:
    key = new_key(ways.folder / "id_locked", passphrase="key-word")
    ways.configure({"key_file": key})
    error = ways.refusal()
    assert isinstance(error, AuthenticationRefused)
    assert error.message == (
        f"sw1: the key {key} is encrypted; add it to the SSH agent (ssh-add {key}),"
        " and set agent: true in transform_function_options"
    )


def test_a_file_that_is_no_key_is_told(ways: Ways) -> None:
    ways.configure({"key_file": f"{ways.key}.pub"})
    assert ways.refusal().message.startswith(f"sw1: {ways.key}.pub is no private key that can be used; it is an Open")


def test_without_any_way_to_log_in_it_says_what_to_set(ways: Ways) -> None:
    ways.configure({})
    assert "there are no credentials for sw1; set CIMNET_USERNAME" in ways.refusal().message


# --- the agent --------------------------------------------------------------------------------------------------------


@pytest.fixture
def agent(ways: Ways, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An SSH agent without keys; a socket's path may not be long."""
    with tempfile.TemporaryDirectory(prefix="agent-") as folder:
        path = Path(folder, "agent")
        process = subprocess.Popen(["ssh-agent", "-D", "-a", path], stdout=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + 30
            while not path.exists() and time.monotonic() < deadline:
                time.sleep(0.01)
            monkeypatch.setenv("SSH_AUTH_SOCK", str(path))
            yield
        finally:
            process.terminate()
            process.wait()


@needs_openssh
@pytest.mark.usefixtures("agent")
def test_the_agent_logs_in(ways: Ways) -> None:
    subprocess.run(["ssh-add", "-q", ways.key], check=True)
    ways.configure({"agent": "true"})
    assert plans(ways.plan())


@needs_openssh
@pytest.mark.usefixtures("agent")
def test_the_agent_is_let_go_of_where_the_device_ended_the_session_first(ways: Ways) -> None:
    subprocess.run(["ssh-add", "-q", ways.key], check=True)
    ways.configure({"agent": "true"})
    with ways.opened() as (settings, service):
        nornir = open_nornir(settings, service)
        assert plans(nornir.run(task=cimnet_plan)["sw1"][0])
        client = nornir.inventory.hosts["sw1"].connections["netmiko"].connection.remote_conn_pre
        agent = client._agent
        # Nothing can be sent any more, not even that the channel is to be closed.
        client.get_transport().packetizer.close()
        nornir.close_connections(on_good=True, on_failed=True)
    del nornir, client
    gc.collect()
    assert agent._conn is None


@needs_openssh
@pytest.mark.usefixtures("agent")
def test_the_agent_answers_for_an_encrypted_key(ways: Ways) -> None:
    subprocess.run(["ssh-add", "-q", ways.key], check=True)
    ways.configure({"agent": "true", "key_file": new_key(ways.folder / "id_locked", passphrase="key-word")})
    assert plans(ways.plan())


@needs_openssh
@pytest.mark.usefixtures("agent")
def test_the_agent_is_asked_only_where_the_settings_say_so(ways: Ways) -> None:
    subprocess.run(["ssh-add", "-q", ways.key], check=True)
    ways.configure({"key_file": new_key(ways.folder / "id_other")})
    assert isinstance(ways.refusal(), AuthenticationRefused)


@needs_openssh
@pytest.mark.usefixtures("agent")
def test_an_agent_without_keys_is_told(ways: Ways) -> None:
    ways.configure({"agent": "true"})
    error = ways.refusal()
    assert isinstance(error, AuthenticationRefused)
    assert error.message == ("sw1: the SSH agent offers no key; is SSH_AUTH_SOCK set, and the key added (ssh-add)?")


# --- jump hosts -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class JumpHost:
    """A second SSH server on loopback: one key lets in, and from there on to anywhere on loopback."""

    folder: Path
    key: Path
    port: int = 0
    host_key: str = ""
    asked: list[tuple[str, int]] = field(default_factory=list)

    def lines(self, *, known: str | None = None, key: Path | None = None, name: str = "bastion") -> str:
        """Of an SSH configuration: the switch is behind the jump host, and how that one is reached."""
        known_hosts = self.folder / "jump_known_hosts"
        known_hosts.write_text(f"[127.0.0.1]:{self.port} {known or self.host_key}\n", encoding="utf-8")
        return (
            f"  ProxyJump {name}\n"
            f"Host bastion\n  HostName 127.0.0.1\n  Port {self.port}\n  User ops\n"
            f"  IdentityFile {key or self.key}\n  IdentitiesOnly yes\n"
            f"  UserKnownHostsFile {known_hosts}\n  StrictHostKeyChecking yes\n"
        )


class JumpServer(asyncssh.SSHServer):
    """Lets the user ops in by key, and forwards what is on loopback."""

    def __init__(self, jump: JumpHost) -> None:
        self._jump = jump

    def begin_auth(self, username: str) -> bool:
        return True

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        known = asyncssh.import_public_key(public_line(self._jump.key))
        return username == "ops" and key.public_data == known.public_data

    def connection_requested(self, dest_host: str, dest_port: int, orig_host: str, orig_port: int) -> bool:
        self._jump.asked.append((dest_host, dest_port))
        return dest_host == "127.0.0.1"


@pytest.fixture
def jump(tmp_path: Path) -> Iterator[JumpHost]:
    jump = JumpHost(tmp_path, new_key(tmp_path / "id_jump"))
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    host_key = asyncssh.generate_private_key("ssh-ed25519")
    jump.host_key = host_key.export_public_key().decode().strip()

    async def start() -> asyncssh.SSHAcceptor:
        return await asyncssh.create_server(lambda: JumpServer(jump), "127.0.0.1", 0, server_host_keys=[host_key])

    async def stop(acceptor: asyncssh.SSHAcceptor) -> None:
        acceptor.close()
        await acceptor.wait_closed()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    acceptor = asyncio.run_coroutine_threadsafe(start(), loop).result(timeout=60)
    jump.port = acceptor.get_port()
    try:
        yield jump
    finally:
        asyncio.run_coroutine_threadsafe(stop(acceptor), loop).result(timeout=60)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@needs_openssh
def test_a_device_is_reached_through_a_jump_host(ways: Ways, jump: JumpHost) -> None:
    ways.configure({"key_file": ways.key}, ssh=jump.lines())
    assert plans(ways.plan())
    assert jump.asked == [("127.0.0.1", ways.port)]


@needs_openssh
def test_a_jump_host_may_be_named_with_user_and_port(ways: Ways, jump: JumpHost) -> None:
    lines = jump.lines(name=f"ops@127.0.0.1:{jump.port}").replace("Host bastion", "Host 127.0.0.1")
    ways.configure({"key_file": ways.key}, ssh=lines)
    assert plans(ways.plan())
    assert jump.asked == [("127.0.0.1", ways.port)]


@needs_openssh
def test_there_may_be_two_jump_hosts(ways: Ways, jump: JumpHost) -> None:
    ways.configure({"key_file": ways.key}, ssh=jump.lines(name="bastion,bastion"))
    assert plans(ways.plan())
    assert jump.asked == [("127.0.0.1", jump.port), ("127.0.0.1", ways.port)]


@needs_openssh
def test_a_proxy_command_is_taken(ways: Ways, jump: JumpHost) -> None:
    command = f"ssh -F {ways.folder}/ssh_config -W %h:%p bastion"
    ways.configure({"key_file": ways.key}, ssh=jump.lines().replace("ProxyJump bastion", f"ProxyCommand {command}"))
    assert plans(ways.plan())
    assert jump.asked == [("127.0.0.1", ways.port)]


@needs_openssh
def test_the_pinned_host_key_is_checked_through_the_jump_host(ways: Ways, jump: JumpHost) -> None:
    ways.configure({"key_file": ways.key}, ssh=jump.lines())
    ways.lab.fault("sw1", "host-key")
    error = ways.refusal()
    assert isinstance(error, HostKeyRefused)
    assert "sw1 shows another SSH host key than the pinned one; nothing was sent" in error.message
    assert jump.asked == [("127.0.0.1", ways.port)]


@needs_openssh
def test_host_keys_are_looked_at_through_the_jump_host(ways: Ways, jump: JumpHost) -> None:
    ways.configure({}, ssh=jump.lines())
    assert ways.shown_key() == ways.lab.devices["sw1"].host_key
    assert jump.asked == [("127.0.0.1", ways.port)]


@needs_openssh
def test_what_the_jump_host_refuses_is_told(ways: Ways, jump: JumpHost) -> None:
    ways.configure({"key_file": ways.key}, ssh=jump.lines(key=ways.key))
    error = ways.refusal()
    assert isinstance(error, DeviceUnreachable)
    assert error.message.startswith("sw1 cannot be reached through its jump host: ")
    assert "Permission denied (publickey)" in error.message
    told = ways.shown_key()
    assert isinstance(told, DeviceUnreachable)
    assert told.message == error.message


@needs_openssh
def test_a_jump_host_with_another_key_is_refused(ways: Ways, jump: JumpHost) -> None:
    other = public_line(new_key(ways.folder / "other")).strip()
    ways.configure({"key_file": ways.key}, ssh=jump.lines(known=other))
    assert "through its jump host: " in ways.refusal().message
    assert "Host key verification failed." in ways.refusal().message
    assert jump.asked == []


@needs_openssh
def test_a_device_that_is_down_behind_the_jump_host_is_told(ways: Ways, jump: JumpHost) -> None:
    ways.configure({"key_file": ways.key}, ssh=jump.lines())
    ways.lab.fault("sw1", "down")
    error = ways.refusal()
    assert isinstance(error, DeviceUnreachable)
    assert "sw1 cannot be reached through its jump host: " in error.message
    assert "onnect" in error.message
    assert jump.asked == [("127.0.0.1", ways.port)]


# --- the SSH configuration --------------------------------------------------------------------------------------------


def test_a_configuration_that_is_named_must_be_there(ways: Ways) -> None:
    """Without it a device behind a jump host would be tried directly."""
    ways.configure({"key_file": ways.key}, config_file=f"{ways.folder}/lost")
    assert ways.refusal().message == (
        f"the SSH configuration {ways.folder}/lost cannot be read: No such file or directory"
        " (ssh: config_file in inventory/config.yaml)"
    )


def test_a_configuration_that_makes_no_sense_is_told(ways: Ways) -> None:
    ways.configure({"key_file": ways.key}, ssh="Match nonsense\n")
    assert "cannot be read" in ways.refusal().message


@pytest.mark.parametrize("option", ["ProxyJump", "ProxyCommand"])
def test_none_is_no_jump_host(ways: Ways, option: str) -> None:
    ways.configure({"key_file": ways.key}, ssh=f"  {option} none\n")
    assert plans(ways.plan())


def test_a_key_that_was_never_pinned_is_refused(ways: Ways) -> None:
    ways.configure({"key_file": ways.key})
    with ways.opened() as (settings, service):
        nornir = open_nornir(settings, service)
        settings.known_hosts.write_text("", encoding="utf-8")
        result = nornir.run(task=cimnet_plan)["sw1"][0]
    assert isinstance(result.exception, HostKeyRefused)
    assert "no SSH host key is pinned for sw1" in result.exception.message


def test_a_lab_is_reached_directly_and_knows_its_own_credentials(ways: Ways, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIMNET_ENV", "lab")
    ways.pin(ways.lab.devices["sw1"].host_key)
    ways.configure({"key_file": ways.folder / "lost"}, ssh="Host *\n  ProxyJump bastion.invalid\n")
    assert plans(ways.plan())


def test_a_program_that_is_missing_is_told(ways: Ways) -> None:
    ways.configure({"key_file": ways.key}, ssh="  ProxyCommand no-such-program %h %p\n")
    assert ways.refusal().message == (
        "sw1 cannot be reached: no-such-program, which goes through the jump host, does not start:"
        " No such file or directory"
    )


def test_another_address_where_nobody_listens_is_told(ways: Ways) -> None:
    ways.configure({"key_file": ways.key})
    ways.lab.fault("sw1", "down")
    assert ways.refusal().message == f"sw1 cannot be reached: 127.0.0.1:{ways.port}: connection refused"


# --- NAPALM -----------------------------------------------------------------------------------------------------------


def push_by_napalm(ways: Ways) -> Result:
    with ways.opened() as (settings, service):
        nornir = open_nornir(settings, service)
        try:
            return nornir.run(task=cimnet_push, options=PushOptions(method="napalm"))["sw1"][0]
        finally:
            nornir.close_connections(on_good=True, on_failed=True)


def test_napalm_logs_in_by_the_same_key_at_the_same_address_for_each_file(ways: Ways) -> None:
    ways.configure({"key_file": ways.key})
    result = push_by_napalm(ways)
    assert not result.failed, result.result
    assert "name users" in ways.lab.startup_config("sw1")


@needs_openssh
def test_napalm_goes_through_the_jump_host_with_each_of_its_connections(ways: Ways, jump: JumpHost) -> None:
    ways.configure({"key_file": ways.key}, ssh=jump.lines())
    result = push_by_napalm(ways)
    assert not result.failed, result.result
    # Our own session, NAPALM's, and that of SCP.
    assert jump.asked == [("127.0.0.1", ways.port)] * 3
    assert "name users" in ways.lab.startup_config("sw1")


def test_napalm_is_not_let_in_by_a_device_with_another_key(ways: Ways) -> None:
    ways.configure({"key_file": ways.key})
    with ways.opened() as (settings, service):
        nornir = open_nornir(settings, service)

        def opened_after_the_key_changed(task: Task) -> Result:
            open_session(task)
            other = paramiko.ECDSAKey.generate()
            host_key = f"[127.0.0.1]:{ways.port} {other.get_name()} {other.get_base64()}\n"
            settings.known_hosts.write_text(host_key, encoding="utf-8")
            with pytest.raises(HostKeyRefused), napalm_session(task, inline=True, quiet=False):
                pytest.fail("it was let in")
            return Result(host=task.host)

        try:
            assert not nornir.run(task=opened_after_the_key_changed).failed
        finally:
            nornir.close_connections(on_good=True, on_failed=True)
