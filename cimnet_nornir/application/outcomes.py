"""What became of one device that a plan was carried out on, and the event that tells it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from cimnet_nornir.application.plan import DevicePlan, Plan
from cimnet_nornir.domain import events as e


@dataclass(frozen=True, slots=True)
class PushOutcome:
    """What became of one device. Texts are already without secrets and volatile lines.

    `outcome` is "applied" or one of ConfigurationFailed's; `running` is what was read back, None where it could not be;
    `intended` is the configuration that was to be reached, `remaining` are the commands that would still be needed,
    `seconds` the time the device took. `reverted` says by what it was brought back to what ran before, `checks` which
    checks failed, `confirmed` that its own timer was stopped. `difference` is what the device itself said that would
    change, where it was asked. `target` is where a host is that a deployment was begun to, `generation` the one that it
    boots since.
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
    target: e.DeploymentTarget | None = None
    generation: int | None = None

    @property
    def applied(self) -> bool:
        """Whether the device holds what was intended."""
        return self.outcome == "applied"


HOST_METHOD = "nixos-rebuild"
"""What carries a configuration to a host, whatever carries lines to switches."""

_APPLIED: Mapping[str, type[e.ConfigurationApplied]] = {
    "router": e.RouterConfigurationApplied,
    "switch": e.SwitchConfigurationApplied,
    "host": e.HostConfigurationApplied,
}
_FAILED: Mapping[str, type[e.ConfigurationFailed]] = {
    "router": e.RouterConfigurationFailed,
    "switch": e.SwitchConfigurationFailed,
    "host": e.HostConfigurationFailed,
}


def method_of(device: DevicePlan, method: str) -> str:
    """What carries a change to the device, in a deployment that carries lines by that method."""
    return HOST_METHOD if device.kind == "host" else method


def event_of(
    outcome: PushOutcome, plan: Plan, method: str, snapshot: str | None
) -> e.ConfigurationApplied | e.ConfigurationFailed:
    """The event for the device's kind; `snapshot` names the blob of what was read back."""
    device = outcome.device
    common: dict[str, object] = {
        "network": plan.network,
        "device": device.device,
        "environment": plan.environment,
        "method": method_of(device, method),
        "intent": plan.position,
        "seconds": round(outcome.seconds, 3),
    }
    if outcome.applied:
        extra = {"lines": outcome.sent, "snapshot": snapshot or "", "rendered": device.rendered}
        told = {"saved": outcome.saved, "confirmed": outcome.confirmed}
        return _APPLIED[device.kind].model_validate({**common, **extra, **told})
    names = ("outcome", "reason", "line", "answer", "sent", "remaining", "reverted", "checks")
    told = {name: getattr(outcome, name) for name in names}
    return _FAILED[device.kind].model_validate({**common, **told, "snapshot": snapshot})


def deployed_event(outcome: PushOutcome, plan: Plan) -> e.ConfigurationDeployed | None:
    """What became of a deployment to a host that was begun; None where that is not known yet, and for other devices."""
    if outcome.target is None or outcome.outcome in ("in doubt", "not saved"):
        return None
    failed: Literal["rolled back", "failed"] = "rolled back" if outcome.reverted else "failed"
    return e.ConfigurationDeployed(
        network=plan.network,
        device=outcome.device.device,
        environment=plan.environment,
        method=HOST_METHOD,
        target=outcome.target,
        generation=outcome.generation,
        result="activated" if outcome.applied else failed,
        reason=outcome.reason,
    )
