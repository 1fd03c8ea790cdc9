"""What became of one device that a plan was carried out on, and the event that tells it."""

from dataclasses import dataclass

from cimnet_nornir.application.plan import DevicePlan, Plan
from cimnet_nornir.domain import events as e


@dataclass(frozen=True, slots=True)
class PushOutcome:
    """What became of one device. Texts are already without secrets and volatile lines.

    `outcome` is "applied" or one of ConfigurationFailed's; `running` is what was read back, None where it could not be;
    `intended` is the configuration that was to be reached, `remaining` are the commands that would still be needed,
    `seconds` the time the device took. `reverted` says by what it was brought back to what ran before, `checks` which
    checks failed, `confirmed` that its own timer was stopped. `difference` is what the device itself said that would
    change, where it was asked.
    """

    device: DevicePlan
    outcome: str
    seconds: float
    reason: str = ""
    line: str = ""
    answer: str = ""
    sent: tuple[str, ...] = ()
    running: str | None = None
    intended: str | None = None
    remaining: tuple[str, ...] = ()
    saved: bool = False
    reverted: str = ""
    checks: tuple[str, ...] = ()
    confirmed: bool = False
    difference: str = ""

    @property
    def applied(self) -> bool:
        """Whether the device holds what was intended."""
        return self.outcome == "applied"


def event_of(
    outcome: PushOutcome, plan: Plan, method: str, snapshot: str | None
) -> e.ConfigurationApplied | e.ConfigurationFailed:
    """The event for the device's kind; `snapshot` names the blob of what was read back."""
    device = outcome.device
    common: dict[str, object] = {
        "network": plan.network,
        "device": device.device,
        "environment": plan.environment,
        "method": method,
        "intent": plan.position,
        "seconds": round(outcome.seconds, 3),
    }
    if outcome.applied:
        applied = e.RouterConfigurationApplied if device.kind == "router" else e.SwitchConfigurationApplied
        extra = {"lines": outcome.sent, "snapshot": snapshot or "", "rendered": device.rendered}
        told = {"saved": outcome.saved, "confirmed": outcome.confirmed}
        return applied.model_validate({**common, **extra, **told})
    failed = e.RouterConfigurationFailed if device.kind == "router" else e.SwitchConfigurationFailed
    names = ("outcome", "reason", "line", "answer", "sent", "remaining", "reverted", "checks")
    return failed.model_validate({**common, **{name: getattr(outcome, name) for name in names}, "snapshot": snapshot})
