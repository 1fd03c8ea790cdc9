"""What became of a device that is pushed to, told without its secrets."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cimnet_nornir.application.outcomes import PushOutcome
from cimnet_nornir.application.plan import DevicePlan
from cimnet_nornir.application.pushing import Guard
from cimnet_nornir.errors import CimnetError, CommandRejected


@dataclass(slots=True)
class Teller:
    """Makes the outcomes of one push. `sent` are the lines so far, `running` what was read back, without secrets."""

    device: DevicePlan
    mask: Callable[[str], str]
    began: float
    sent: Sequence[str] = ()
    running: str | None = field(default=None, repr=False)
    difference: str = ""

    def outcome(
        self,
        outcome: str,
        reason: str = "",
        *,
        intended: str | None = None,
        remaining: tuple[str, ...] = (),
        refused: CommandRejected | None = None,
        checks: tuple[str, ...] = (),
        reverted: Guard = "",
        saved: bool = False,
        confirmed: bool = False,
    ) -> PushOutcome:
        """What became of the device, as far as it is known now."""
        mask = self.mask
        return PushOutcome(
            self.device,
            outcome,
            time.monotonic() - self.began,
            reason=mask(reason),
            line=mask(refused.line) if refused else "",
            answer=mask(refused.answer) if refused else "",
            sent=tuple(mask(line) for line in self.sent),
            running=self.running,
            intended=intended,
            remaining=remaining,
            saved=saved,
            reverted=reverted,
            checks=checks,
            confirmed=confirmed,
            difference=self.difference,
        )


def said(error: Exception) -> str:
    """An error in a line; one that nobody foresaw with its kind."""
    return error.message if isinstance(error, CimnetError) else f"{type(error).__name__}: {error}"
