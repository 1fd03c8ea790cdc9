"""A change that NAPALM carries: a file brought to the device, compared, committed, confirmed or taken back."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from nornir.core.task import Task

from cimnet_nornir.application.plan import DevicePlan
from cimnet_nornir.application.planning import Planner
from cimnet_nornir.application.pushing import PushOptions
from cimnet_nornir.errors import (
    AuthenticationRefused,
    CimnetError,
    DeviceError,
    DeviceUnreachable,
    HostKeyRefused,
    NotArmed,
    PushInDoubt,
)
from cimnet_nornir.ios.answers import wants_a_word
from cimnet_nornir.tasks.napalm_session import NapalmSession, napalm_session
from cimnet_nornir.tasks.session import Session
from cimnet_nornir.tasks.transport import MaySend

_QUIET = "file prompt quiet"
_SCP = "ip scp server enable"
_NOT_LET_IN = (DeviceUnreachable, AuthenticationRefused, HostKeyRefused)


@dataclass(slots=True)
class NapalmTransport:
    """Merges the commands of a plan, or replaces the whole configuration by one that has them in it.

    `before` is what the device runs; `difference` becomes what the device itself said that would change, masked. Each
    step opens a connection of its own, so that none is left over and NAPALM's `file prompt quiet` goes with it.
    """

    task: Task
    planner: Planner
    device: DevicePlan
    options: PushOptions
    before: str = field(repr=False)
    difference: str = ""
    _copied: bool = False
    _untidy: bool = False

    def send(self, session: Session, commands: Sequence[str], may_send: MaySend) -> None:
        """Bring the file, look at what the device says that it changes, and commit it with the timer."""
        asking = next(filter(wants_a_word, () if self._replaces else commands), None)
        if asking is not None:
            raise self._refusal(f"may ask back after {asking!r}, and NAPALM says no word; say --method netmiko")
        candidate = self._candidate()
        may_send()
        try:
            with self._napalm(session) as napalm:
                napalm.load(candidate, replace=self._replaces)
                self._require_expected(napalm, candidate)
                may_send()
                if self._guard == "reload timer":
                    session.reload_in(self.options.confirm_within)
                self._commit(napalm, session, commands)
        except _NOT_LET_IN as error:
            raise self._refusal(f"does not let NAPALM in: {error.message}") from error

    def _commit(self, napalm: NapalmSession, session: Session, commands: Sequence[str]) -> None:
        timer = self.options.confirm_within if self._guard == "revert timer" else 0
        # From here on the device may have the lines; it has them at once.
        session.sent += commands
        try:
            napalm.commit(timer, replace=self._replaces)
        except NotArmed:
            session.sent = session.sent[: -len(commands)]
            if self._guard == "reload timer":
                session.cancel_reload()
            raise
        finally:
            self._copied = napalm.copied

    def confirm(self, session: Session) -> bool:
        """`configure confirm`, or `reload cancel`; the lines without a timer are there to stay."""
        if self._guard == "reload timer":
            session.cancel_reload()
        if self._guard != "revert timer":
            return True
        try:
            with self._napalm(session) as napalm:
                in_time = napalm.confirm()
        except _NOT_LET_IN:
            # Our own session is there, and a timer runs.
            in_time = session.confirm()
        if not in_time:
            # The device is back at what it ran when NAPALM had made itself at home.
            self._tidy(session)
        return in_time

    def revert(self, session: Session) -> None:
        """`configure revert now`, or the copy that the device made of what it ran."""
        copy = self._guard != "revert timer"
        if copy and not self._copied:
            return
        try:
            with self._napalm(session) as napalm:
                napalm.revert(copy=copy)
        except _NOT_LET_IN:
            # What has no timer is taken back by lines.
            if not copy:
                session.revert()

    # --- the candidate ------------------------------------------------------------------------------------------------

    @property
    def _guard(self) -> str:
        return self.options.guard(self.device)

    @property
    def _replaces(self) -> bool:
        return self.options.mode == "replace"

    @property
    def _quiet_before(self) -> bool:
        return _QUIET in self.before.splitlines()

    @property
    def _name(self) -> str:
        return self.device.name

    def _candidate(self) -> str:
        """The file to be brought. Raises NotArmed where there can be none, or the device would not take it."""
        if self._replaces and not self.device.timer:
            raise self._refusal(f"cannot be replaced as a whole: {self.device.unprotected} (or --mode merge)")
        if self.options.transfer == "scp" and _SCP not in self.before.splitlines():
            raise self._refusal(f"takes no files by SCP; type `{_SCP}` there, or say --transfer inline")
        try:
            text = self.planner.candidate(self.device, self.before, replace=self._replaces)
        except CimnetError as error:
            raise self._refusal(f"cannot be given the change in a file: {error.message}") from error
        if self.options.transfer == "inline" and (unfit := _unfit_inline(text)):
            raise self._refusal(f"cannot have {unfit} typed into its tclsh; say --transfer scp")
        return text

    def _require_expected(self, napalm: NapalmSession, candidate: str) -> None:
        """Look at the device's own difference. Raises NotArmed, the candidate discarded, where it is not the plan's."""
        said = napalm.compare()
        self.difference = self.planner.engine.mask(said)
        why = ""
        if not said.strip():
            why = "says that the file changes nothing"
        elif self._replaces:
            others = self.planner.engine.unplanned(said, self.before, candidate)
            first = self.planner.engine.mask(others[0]) if others else ""
            why = f"says that the file changes more than was planned: {first}" if others else ""
        if why:
            napalm.discard()
            raise self._refusal(why)

    def _refusal(self, why: str) -> NotArmed:
        return NotArmed(f"{self._name} {why}", subject=self._name, line="", answer=why)

    # --- the connection -----------------------------------------------------------------------------------------------

    @contextmanager
    def _napalm(self, session: Session) -> Iterator[NapalmSession]:
        """NAPALM's connection while the block lasts; our own session then knows the device by its name of the day."""
        try:
            inline, quiet = self.options.transfer == "inline", self._quiet_before
            with napalm_session(self.task, inline=inline, quiet=quiet) as napalm:
                yield napalm
        except PushInDoubt:
            self._untidy = True
            raise
        finally:
            # What our own session cannot be told now, it finds out when it is used.
            with suppress(DeviceError):
                session.follow()
        if self._untidy:
            self._tidy(session)

    def _tidy(self, session: Session) -> None:
        """Take NAPALM's `file prompt quiet` back where it stayed, since its connection broke or the timer ran out."""
        if self._quiet_before:
            return
        if _QUIET in session.ask(f"show running-config | include ^{_QUIET}").splitlines():
            sent, session.sent = session.sent, []
            try:
                session.configure([f"no {_QUIET}"])
            finally:
                session.sent = sent
        self._untidy = False


def _unfit_inline(text: str) -> str:
    """What in a text tclsh would not take as it stands; empty where there is nothing."""
    if "\x03" in text:
        return "a banner"
    if "{" in text or "}" in text:
        return "a curly brace"
    return "a backslash at the end of a line" if "\\\n" in text else ""
