"""A device at the other end of a Netmiko session: what is read, sent and saved, every failure in our own words."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NoReturn

from netmiko.exceptions import NetmikoBaseException
from paramiko.ssh_exception import SSHException

from cimnet_nornir.errors import CommandRejected, PushInDoubt, StoreError
from cimnet_nornir.inventory.timeouts import Timeouts
from cimnet_nornir.ios.answers import Kind, Verdict, judge, reply_to
from cimnet_nornir.ios.checks import seconds_of
from cimnet_nornir.ios.masking import mask_secrets
from cimnet_nornir.ios.vlan_database import (
    VLAN_COMMAND,
    VTP_COMMAND,
    needs_vlan_database,
    with_vlan_database,
    with_vtp_status,
)
from cimnet_nornir.tasks.terminal import CONFIGURING, PRIVILEGED, Terminal, asks
from cimnet_nornir.tasks.translating import one_line, translated

# Whether configuration mode was entered or not, a prompt comes back.
_EITHER = re.compile(f"{CONFIGURING.pattern}|(?:{PRIVILEGED.pattern})")
# A device that goes on asking after so many yes does not take the line.
_MOST_QUESTIONS = 3


@dataclass(slots=True)
class Session:
    """One device's session in privileged mode. `name` is the host name; `sent` are the lines that the device took."""

    terminal: Terminal
    name: str
    timeouts: Timeouts
    sent: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    switches: bool = False

    def running(self) -> str:
        """The running configuration, with what a VTP server or client keeps elsewhere: its VLANs, mode and domain.

        Raises DeviceUnreachable where the session broke, CommandRejected where the device does not show it.
        """
        running = self._configuration("show running-config")
        if needs_vlan_database(running, switches=self.switches):
            running = with_vtp_status(running, self.ask(VTP_COMMAND))
            running = with_vlan_database(running, self.ask(VLAN_COMMAND))
        return running

    def _configuration(self, command: str) -> str:
        """A configuration as it is shown. Raises CommandRejected where the answer is none: it would read as empty."""
        answer = self.ask(command)
        if not any(line.rstrip() == "end" for line in answer.splitlines()[-5:]):
            self._refuse(command, judge(answer).text or one_line(answer))
        return f"{answer}\n"

    def startup(self) -> str:
        """The startup configuration; empty where there is none. Raises as `running` does."""
        try:
            return self._configuration("show startup-config")
        except CommandRejected as error:
            if "startup-config is not present" in error.answer or "memory is not present" in error.answer:
                return ""
            raise

    def ask(self, command: str) -> str:
        """What the device answers to a show command or a ping, without the prompt.

        Raises DeviceUnreachable where the session broke, CommandRejected for a command that asks back: it gets a no.
        """
        seconds = self.timeouts.read + seconds_of(command)
        with translated(self.name):
            answer = self.terminal.ask(command, until=self.terminal.prompt, seconds=seconds)
            if not asks(answer):
                return self.terminal.prompt.sub("", answer.replace("\r", "")).strip("\n")
            self.terminal.ask("n", until=self.terminal.prompt, seconds=seconds)
        said = one_line(answer)
        raise CommandRejected(
            f"{self.name} asks back after {command!r}, and was told no: {said}",
            subject=self.name,
            line=command,
            answer=said,
        )

    def configure(
        self, commands: Sequence[str], *, enter: str = "configure terminal", may_send: Callable[[], None] = lambda: None
    ) -> None:
        """Send commands in configuration mode, one at a time, each answer judged before the next is sent.

        `enter` is what enters it, and may start the device's revert timer. `may_send` is asked before each line, and
        raises StoreError where nothing more may be sent. Stops at the first line that is refused: lines after it would
        land in the wrong section. Configuration mode is left unless the session broke. Raises CommandRejected, and
        PushInDoubt where it broke.
        """
        with self._broken_is_in_doubt():
            may_send()
            self._enter(enter)
            try:
                for command in commands:
                    may_send()
                    self._send(command)
                    self.sent.append(command)
            except (CommandRejected, StoreError):
                self._leave()
                raise
            self._leave()

    def confirm(self) -> bool:
        """Tell the device to keep what its revert timer would take back; False where no timer runs any more.

        Raises CommandRejected, and PushInDoubt where the session broke.
        """
        return self._timed("configure confirm", self.timeouts.line)

    def revert(self) -> bool:
        """Let the device go back now to what it ran when its revert timer was started; False where no timer runs.

        Raises CommandRejected where it cannot, and PushInDoubt where the session broke.
        """
        return self._timed("configure revert now", self.timeouts.read)

    def revert_pending(self) -> bool:
        """Whether a revert timer runs on the device. Raises DeviceUnreachable where the session broke."""
        return "Timer value" in self.ask("show archive config rollback timer")

    def reload_in(self, minutes: int) -> None:
        """Let the device reload after so many minutes. Raises CommandRejected, and PushInDoubt."""
        self._answered(f"reload in {minutes}", to_a_choice="no")

    def cancel_reload(self) -> None:
        """Stop a reload that was scheduled. Raises CommandRejected, and PushInDoubt."""
        self._answered("reload cancel", to_a_choice="no")

    def save(self) -> None:
        """Write running to startup. Raises CommandRejected where the device says that it did not."""
        with self._broken_is_in_doubt():
            answer = self.terminal.ask("write memory", until=self.terminal.prompt, seconds=self.timeouts.save)
            if asks(answer):
                answer += self.terminal.ask("", until=self.terminal.prompt, seconds=self.timeouts.save)
        if "[OK]" not in answer:
            said = one_line(self.terminal.prompt.sub("", answer))
            raise CommandRejected(
                f"{self.name} did not save its configuration: {said}",
                subject=self.name,
                line="write memory",
                answer=said,
            )

    def follow(self) -> None:
        """Learn the prompt anew: whoever else works on the device may have given it another host name.

        Raises PushInDoubt where the session broke.
        """
        with self._broken_is_in_doubt():
            self._follow_name(self.terminal.ask("", until=PRIVILEGED, seconds=self.timeouts.line))

    def _timed(self, command: str, seconds: float) -> bool:
        with self._broken_is_in_doubt():
            answer = self.terminal.ask(command, until=PRIVILEGED, seconds=seconds)
            if asks(answer):
                answer += self.terminal.ask("", until=PRIVILEGED, seconds=seconds)
        # What is taken back may be the host name.
        self._follow_name(answer)
        if "No Rollback Confirmed Change pending" in answer:
            return False
        self._require(command, judge(answer))
        return True

    def _answered(self, command: str, *, to_a_choice: str) -> None:
        """A command whose questions are answered: [yes/no] as told, [confirm] by going on."""
        with self._broken_is_in_doubt():
            answer = self.terminal.ask(command, until=PRIVILEGED, seconds=self.timeouts.line)
            while asks(answer):
                reply = to_a_choice if "yes/no" in answer else ""
                answer = self.terminal.ask(reply, until=PRIVILEGED, seconds=self.timeouts.line)
        self._require(command, judge(answer))

    def _enter(self, command: str) -> None:
        answer = self.terminal.ask(command, until=_EITHER, seconds=self.timeouts.read)
        if not CONFIGURING.search(answer):
            said = judge(answer)
            self._refuse(command, said.text or one_line(self.terminal.prompt.sub("", answer)))

    def _require(self, command: str, verdict: Verdict) -> None:
        if verdict.kind is Kind.ERROR:
            self._refuse(command, verdict.text)
        if verdict.kind is Kind.WARNING:
            self.warnings.append(f"{mask_secrets(command)}: {verdict.text}")

    def _refuse(self, command: str, said: str) -> NoReturn:
        raise CommandRejected(
            f"{self.name} refused {mask_secrets(command)!r}: {said}",
            subject=self.name,
            line=command,
            answer=said,
            sent=self.sent,
        )

    def _send(self, command: str) -> None:
        answer = self.terminal.ask(command, until=CONFIGURING, seconds=self.timeouts.line)
        # A banner comes back line by line, and may say what it likes.
        verdict = judge(answer, command=command)
        for _ in range(_MOST_QUESTIONS):
            if verdict.kind is not Kind.QUESTION:
                break
            verdict = self._replied(command, verdict.text)
        if verdict.kind is Kind.QUESTION:
            self._declined(command, verdict.text)
        self._require(command, verdict)

    def _replied(self, command: str, question: str) -> Verdict:
        reply = reply_to(question)
        if reply is None:
            self._declined(command, question)
        return judge(self.terminal.ask(reply, until=CONFIGURING, seconds=self.timeouts.line))

    def _declined(self, command: str, question: str) -> NoReturn:
        """Say no to what nobody has foreseen: whatever is typed next would be taken for the answer."""
        self.terminal.ask("no", until=CONFIGURING, seconds=self.timeouts.line)
        self._refuse(command, f"it asks {question!r}, and was told no")

    def _leave(self) -> None:
        """Back to privileged mode, under whatever name the device has now."""
        self._follow_name(self.terminal.ask("end", until=PRIVILEGED, seconds=self.timeouts.line))

    def _follow_name(self, answer: str) -> None:
        prompt = PRIVILEGED.search(answer)
        if prompt is not None:
            self.terminal.expect_name(prompt["name"])

    @contextmanager
    def _broken_is_in_doubt(self) -> Iterator[None]:
        try:
            yield
        except (NetmikoBaseException, SSHException, OSError, EOFError) as error:
            raise PushInDoubt(
                f"the session with {self.name} broke after {len(self.sent)} lines: {one_line(str(error))}",
                subject=self.name,
            ) from error
