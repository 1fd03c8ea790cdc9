"""A nornir-napalm connection of a task's host: opened as our own session is, every failure in our own words.

NAPALM tells little of what a device said, and believes much: what came back is kept, and judged by our own table. It
also saves as soon as it has committed, with its own `file prompt quiet` among the lines; here nothing is saved until
the device was read back.
"""

import io
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from napalm.base.exceptions import CommitConfirmException, ConnectionException, NapalmException
from netmiko.exceptions import NetmikoBaseException
from netmiko.session_log import SessionLog
from nornir.core.plugins.connections import ConnectionPluginRegister
from nornir.core.task import Task
from nornir_napalm.plugins.connections import Napalm
from paramiko.ssh_exception import SSHException
from scp import SCPException

from cimnet_nornir.errors import CommandRejected, DeviceUnreachable, NotArmed, PushInDoubt
from cimnet_nornir.ios.answers import judge
from cimnet_nornir.tasks.context import context_of
from cimnet_nornir.tasks.keys import login_key
from cimnet_nornir.tasks.login import close_at_last, pinned_keys
from cimnet_nornir.tasks.translating import one_line, translated
from cimnet_nornir.tasks.ways import connected

_NAME = "napalm"
# What ends a connection, and all else that NAPALM and what it stands on raise.
BROKEN = (ConnectionException, NetmikoBaseException, SSHException, OSError, EOFError)
FAILURES = (*BROKEN, NapalmException, SCPException, ValueError)
_REPLACES, _ARMS = "configure replace ", "configure terminal revert timer"
_NOTHING_PENDING = "No Rollback Confirmed Change pending"


@contextmanager
def napalm_session(task: Task, *, inline: bool, quiet: bool) -> Iterator["NapalmSession"]:
    """NAPALM on the task's host while the block lasts; what it has set for itself is taken back at the end.

    `quiet` says that `file prompt quiet` is the device's own, and stays. Where the block ends in doubt, or may send
    nothing more, the connection is dropped without another line.
    Raises DeviceUnreachable, HostKeyRefused or AuthenticationRefused.
    """
    session = _opened(task, {"inline_transfer": inline, "auto_file_prompt": not quiet})
    try:
        yield session
    except CommandRejected:
        _close(task)
        raise
    except BaseException:
        _drop(task)
        raise
    _close(task)


def _close(task: Task) -> None:
    """Close the connection in good order; what breaks meanwhile was not needed any more."""
    plugin = task.host.connections[_NAME]
    try:
        task.host.close_connection(_NAME)
    except FAILURES:
        task.host.connections[_NAME] = plugin
        _drop(task)


def _opened(task: Task, asked: dict[str, Any]) -> "NapalmSession":
    host, timeouts = task.host, context_of(task).timeouts
    if _NAME not in ConnectionPluginRegister.available:
        ConnectionPluginRegister.register(_NAME, Napalm)
    heard = io.BytesIO()
    address, keys = reached(task)
    with connected(task, seconds=timeouts.connect, address=address) as way, _napalms(host.name), translated(host.name):
        own = {"sock": way, "ssh_config_file": None, "read_timeout_override": timeouts.read}
        log = {"session_log": SessionLog(buffered_io=heard, record_writes=True)}
        driver = _open(task, address, own | log | asked | keys)
    close_at_last(driver.device)
    # It would save what nobody has read back yet.
    driver.device.save_config = lambda *_, **__: ""
    return NapalmSession(task, driver, heard)


@contextmanager
def _napalms(name: str) -> Iterator[None]:
    """NAPALM's own errors before anything was sent, in our words."""
    try:
        yield
    except NapalmException as error:
        raise DeviceUnreachable(f"{name}: {one_line(str(error))}", subject=name) from error


def reached(task: Task) -> tuple[str | None, dict[str, Any]]:
    """Where the host's Netmiko session has gone, None for where the inventory has it, and with which pinned keys.

    A host that is about to get another management address is at the former one still.
    """
    plugin = task.host.connections.get("netmiko")
    if plugin is None:
        return None, pinned_keys(task.host)
    connection = plugin.connection
    if connection.host == task.host.hostname:
        # As they are pinned now, which may be since that session was opened.
        return None, pinned_keys(task.host)
    return str(connection.host), {"alt_key_file": connection.alt_key_file}


def _open(task: Task, address: str | None, own: dict[str, Any]) -> Any:
    extras = task.host.get_connection_parameters(_NAME).extras or {}
    given = extras.get("optional_args") or {}
    arguments = {**given, **login_key(task.host.name, given), **own}
    _drop(task)
    wrapped: Exception | None = None
    try:
        extras = {**extras, "optional_args": arguments}
        task.host.open_connection(_NAME, task.nornir.config, hostname=address, extras=extras)
    except ConnectionException as error:
        wrapped = error
    if wrapped is not None:
        # NAPALM says no more than that it cannot connect; why stands in what it caught.
        reason = wrapped.__context__
        raise reason if isinstance(reason, (NetmikoBaseException, SSHException)) else wrapped
    return task.host.get_connection(_NAME, task.nornir.config)


def _drop(task: Task) -> None:
    """Forget the connection, without a word to the device."""
    plugin = task.host.connections.pop(_NAME, None)
    driver = getattr(plugin, "connection", None)
    if driver is not None and driver.device is not None:
        # It would take its `file prompt quiet` back when it is forgotten.
        driver.prompt_quiet_changed = False
        # What broke cannot always be closed in good order.
        with suppress(SSHException, OSError, EOFError):
            driver.device.paramiko_cleanup()


@dataclass(slots=True)
class NapalmSession:
    """An open connection. `copied` tells that the device has a copy of what it ran before this commit."""

    task: Task
    driver: Any
    heard: io.BytesIO
    copied: bool = False

    @property
    def name(self) -> str:
        return self.task.host.name

    def load(self, text: str, *, replace: bool) -> None:
        """Bring the candidate into the device's flash. Raises NotArmed."""
        start = self._mark()
        try:
            with ExitStack() as files, self._second_way():
                # NAPALM's own temporary file can be read by everybody, and stays where the transfer fails.
                path = Path(files.enter_context(TemporaryDirectory(prefix="cimnet-"))) / "candidate"
                path.write_text(text, encoding="utf-8")
                load = self.driver.load_replace_candidate if replace else self.driver.load_merge_candidate
                load(filename=str(path))
        except FAILURES as error:
            raise self._not_armed("the file with the change", error, self._since(start)) from error

    @contextmanager
    def _second_way(self) -> Iterator[None]:
        """SCP takes a connection of its own, which goes the same way as the first."""
        timeouts = context_of(self.task).timeouts
        if self.driver.inline_transfer:
            yield
            return
        with connected(self.task, seconds=timeouts.connect, address=reached(self.task)[0]) as way:
            self.driver.device.sock = way
            yield

    def compare(self) -> str:
        """What the device says that the candidate changes. Raises NotArmed."""
        start = self._mark()
        try:
            return str(self.driver.compare_config())
        except FAILURES as error:
            raise self._not_armed("to compare the change", error, self._since(start)) from error

    def discard(self) -> None:
        """Leave no candidate behind."""
        # A file that stays in flash does nothing.
        with suppress(*FAILURES):
            self.driver.discard_config()

    def commit(self, minutes: int, *, replace: bool) -> None:
        """Commit the candidate; with `minutes`, the device takes it back unless it is confirmed.

        Raises NotArmed where no line of it got as far, CommandRejected where the device refused one, whatever NAPALM
        calls it, and PushInDoubt where the connection broke.
        """
        start = self._mark()
        failure: Exception | None = None
        try:
            self.driver.commit_config(revert_in=minutes * 60 or None)
        except FAILURES as error:
            failure = error
        said = self._since(start)
        self.copied = "bytes copied" in _after("copy running-config ", said).split("dir ", 1)[0]
        answer = _applied(said, replace=replace)
        if failure is not None and isinstance(failure, BROKEN) and (answer is not None or _ARMS in said):
            words = one_line(str(failure))
            raise PushInDoubt(f"NAPALM's connection with {self.name} broke: {words}", subject=self.name) from failure
        if answer is None:
            raise self._not_armed("the change", failure, said) from failure
        self._require(answer, failure)

    def _require(self, answer: str, failure: Exception | None) -> None:
        verdict = judge(answer)
        if failure is None and not verdict.is_error:
            return
        words = verdict.text if verdict.is_error else one_line(str(failure))
        line = _refused_line(answer, words)
        raise CommandRejected(
            f"{self.name} refused {line!r}: {words}" if line else f"{self.name} refused the change: {words}",
            subject=self.name,
            line=line,
            answer=words,
        ) from failure

    def confirm(self) -> bool:
        """Tell the device to keep the change; False where its timer had run out.

        Raises CommandRejected, PushInDoubt.
        """
        start = self._mark()
        with self._translated("configure confirm"):
            try:
                self.driver.confirm_commit()
            except CommitConfirmException as error:
                if "No pending" not in str(error):
                    raise
                return False
        # NAPALM does not look at the answer, and the timer may have run out since it looked.
        return _NOTHING_PENDING not in _after("configure confirm", self._since(start))

    def revert(self, *, copy: bool) -> None:
        """Let the device go back, by its timer, or else (with `copy`) to the copy that was made before the commit.

        Raises CommandRejected, PushInDoubt.
        """
        with self._translated("configure revert now"):
            if copy or self.driver.has_pending_commit():
                self.driver.rollback()

    @contextmanager
    def _translated(self, command: str) -> Iterator[None]:
        start = self._mark()
        try:
            yield
        except BROKEN as error:
            said = one_line(str(error))
            raise PushInDoubt(f"NAPALM's connection with {self.name} broke: {said}", subject=self.name) from error
        except FAILURES as error:
            said = judge(self._since(start)).text or one_line(str(error))
            raise CommandRejected(
                f"{self.name} refused {command!r}: {said}", subject=self.name, line=command, answer=said
            ) from error

    def _not_armed(self, what: str, error: Exception | None, said: str) -> NotArmed:
        # A candidate that is not there yet is what NAPALM looks for first.
        verdict = judge("\n".join(line for line in said.split("\n") if "Error opening" not in line))
        words = verdict.text if verdict.is_error else one_line(str(error)) if error else "it did not take it"
        return NotArmed(f"{self.name} does not take {what}: {words}", subject=self.name, line="", answer=words)

    def _mark(self) -> int:
        return len(self.heard.getvalue())

    def _since(self, mark: int) -> str:
        return self.heard.getvalue()[mark:].decode("utf-8", "replace").replace("\r", "")


def _after(command: str, said: str) -> str:
    """What came after a command was last typed; empty where it was not."""
    return said.rpartition(command)[2] if command in said else ""


def _applied(said: str, *, replace: bool) -> str | None:
    """What the device said to the command that applies the candidate; None where that was not typed."""
    lines = said.split("\n")
    for index, line in enumerate(lines):
        typed = _REPLACES in line if replace else "copy " in line and line.rstrip().endswith(" running-config")
        if typed:
            return "\n".join(lines[index + 1 :])
    return None


def _refused_line(answer: str, words: str) -> str:
    """The line that the device's words are about, where it repeats it."""
    lines = [line.strip() for line in answer.split("\n")]
    if words.startswith("Failed to apply command "):
        return words.removeprefix("Failed to apply command ")
    before = [line for line in lines[: lines.index(words)] if line != "^"] if words in lines else []
    repeated = before[-1] if before and "Invalid input" in words else ""
    return "" if repeated.startswith("%") or repeated.endswith("running-config") else repeated
