"""What carries a change to a device, starts the device's timer, and keeps the change or takes it back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from nornir.core.task import Task

from cimnet_nornir.application.plan import DevicePlan
from cimnet_nornir.application.planning import Planner
from cimnet_nornir.application.pushing import Guard, PushOptions
from cimnet_nornir.tasks.session import Session

MaySend = Callable[[], None]
"""Asked before each line; raises StoreError where nothing more may be sent."""


class Transport(Protocol):
    """One change on its way to one device. The session is the device's Netmiko session, whichever carries the lines.

    `difference` is what the device said that would change, without secrets; empty where it was not asked.
    """

    @property
    def difference(self) -> str: ...

    def send(self, session: Session, commands: Sequence[str], may_send: MaySend) -> None:
        """Bring the commands, after the timer that takes them back was started.

        Raises NotArmed where the device refused what comes before the first of them, CommandRejected, PushInDoubt
        where the session broke, and StoreError from `may_send`.
        """
        ...

    def confirm(self, session: Session) -> bool:
        """Stop the timer; False where it had run out. Raises CommandRejected or PushInDoubt."""
        ...

    def revert(self, session: Session) -> None:
        """Let the device go back to what it ran, as far as it can do that by itself.

        Raises CommandRejected or PushInDoubt.
        """
        ...


@dataclass(frozen=True, slots=True)
class NetmikoTransport:
    """Line by line, each answer judged before the next line is sent.

    `lock` keeps others out of configuration mode meanwhile, where the device has `configuration mode exclusive manual`;
    with `auto` it does so by itself.
    """

    guard: Guard
    minutes: int
    lock: bool = False
    difference: str = ""

    def send(self, session: Session, commands: Sequence[str], may_send: MaySend) -> None:
        """Bring the commands in one stay in configuration mode."""
        enter = "configure terminal lock" if self.lock else "configure terminal"
        if self.guard == "revert timer":
            enter += f" revert timer {self.minutes}"
        elif self.guard == "reload timer":
            may_send()
            session.reload_in(self.minutes)
        session.configure(commands, enter=enter, may_send=may_send)

    def confirm(self, session: Session) -> bool:
        """`configure confirm`, or `reload cancel`."""
        if self.guard == "revert timer":
            return session.confirm()
        if self.guard == "reload timer":
            session.cancel_reload()
        return True

    def revert(self, session: Session) -> None:
        """`configure revert now`; what has no revert timer is taken back by lines."""
        if self.guard == "revert timer":
            session.revert()


def transport_for(task: Task, planner: Planner, device: DevicePlan, options: PushOptions, before: str) -> Transport:
    """What carries the change, as the options say; `before` is what the device runs."""
    guard = options.guard(device)
    if options.method == "netmiko":
        return NetmikoTransport(guard, options.confirm_within, lock=device.exclusive == "manual")
    # NAPALM takes 1.5 s to import, and only its own pushes wait for that.
    from cimnet_nornir.tasks.napalm_transport import NapalmTransport

    return NapalmTransport(task, planner, device, options, before)
