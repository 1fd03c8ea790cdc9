"""What happened while a plan was carried out, and what each device came to."""

from collections.abc import Mapping
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from cimnet_nornir.domain.envelope import Event
from cimnet_nornir.domain.values import Identifier, Line, Value


class Carried(Value):
    """One line of a remediation, the configuration path it brings or takes away, and the events of intent behind it."""

    line: str
    path: tuple[str, ...]
    adds: bool = True
    events: tuple[UUID, ...] = ()


class DeploymentStarted(Event):
    """A plan began to be carried out. `templates` is the digest of the template bundle that rendered it."""

    network: Identifier
    environment: str
    method: str
    plan: str
    templates: str
    position: int
    devices: tuple[str, ...]


class TransactionDecided(Event):
    """All devices of a transaction hold the change and wait: it is kept on all of them, or taken back on all.

    Durable before the first device is told; whoever recovers the deployment drives the rest to it. `devices` are those
    that hold the change, `reason` says why it is taken back.
    """

    network: Identifier
    environment: str
    decision: Literal["keep", "take back"]
    devices: tuple[str, ...]
    reason: str = ""


class DeploymentFinished(Event):
    """How it ended, devices by outcome ("applied", "failed", "unreachable", "in doubt", "unchanged")."""

    outcomes: Mapping[str, str]
    seconds: float


class PushStarted(Event):
    """The first line is about to be sent; durable before it is.

    `before` is the digest of the running configuration and `snapshot` names its text without secrets; `plan` is the
    digest of the plan. `protection` says who takes the change back where nobody confirms it: the device's own "revert
    timer" or its "reload timer" after so many `minutes`, or nobody ("lines": it is taken back by lines that are sent).
    In a `transaction` it is kept only where it is kept everywhere.
    """

    network: Identifier
    device: str
    environment: str
    method: str
    before: str
    carries: tuple[Carried, ...]
    plan: str = ""
    snapshot: str | None = None
    protection: Literal["", "revert timer", "reload timer", "lines"] = ""
    minutes: int = 0
    transaction: bool = False


class ConfigurationApplied(Event):
    """Base of all: the device holds what was intended, read back after the push.

    `intent` is the position of the last event of that intent; `snapshot` and `rendered` name blobs. `confirmed` tells
    that the device would have taken it back by itself, and was told to keep it.
    """

    network: Identifier
    device: str
    environment: str
    method: str
    intent: int
    lines: tuple[str, ...]
    snapshot: str
    rendered: str
    saved: bool
    seconds: float
    confirmed: bool = False


class RouterConfigurationApplied(ConfigurationApplied):
    pass


class SwitchConfigurationApplied(ConfigurationApplied):
    pass


class HostConfigurationApplied(ConfigurationApplied):
    """The host runs the module that was intended, and boots it; `lines` are those of the module that changed."""


class ConfigurationFailed(Event):
    """Base of all: what went wrong, the line and the answer where one was refused, the state read back if any.

    `outcome` is "unreachable" (nothing was sent), "refused" (credentials or host key; nothing was sent), "failed" (what
    runs could not be understood; nothing was sent), "stale" (running or intent changed since the plan; nothing was
    sent), "busy" (another deployment holds the device; nothing was sent), "rejected" (the device refused a line),
    "differs" (taken, but running is not what was intended), "not saved" (taken and right, but not written to startup),
    "not recorded" (the start could not be made durable; nothing was sent), "cut off" (it would cut the way to the
    device; nothing was sent), "not armed" (the device did not start its timer; nothing was sent), "check failed" (a
    check before or after it, named in `checks`), "not confirmed" (its timer ran out before it was told to keep the
    change), "taken back" (all was well here, and the transaction or the wave was taken back), "not started" (the wave
    or transaction stopped before; nothing was sent), "in doubt" (sent, and the outcome is not known). `reverted` says
    by what the device was brought back to what ran before; empty where nothing was sent, or it was not. `intent` as in
    ConfigurationApplied.
    """

    network: Identifier
    device: str
    environment: str
    method: str
    intent: int
    outcome: Literal[
        "unreachable",
        "refused",
        "failed",
        "stale",
        "busy",
        "rejected",
        "differs",
        "not saved",
        "not recorded",
        "cut off",
        "not armed",
        "check failed",
        "not confirmed",
        "taken back",
        "not started",
        "in doubt",
    ]
    reason: str
    line: str = ""
    answer: str = ""
    sent: tuple[str, ...] = ()
    snapshot: str | None = None
    remaining: tuple[str, ...] = ()
    seconds: float
    reverted: Literal["", "revert timer", "reload timer", "lines"] = ""
    checks: tuple[str, ...] = ()


class RouterConfigurationFailed(ConfigurationFailed):
    pass


class SwitchConfigurationFailed(ConfigurationFailed):
    pass


class HostConfigurationFailed(ConfigurationFailed):
    """A host whose system was refused ("rejected") without anything `sent` did not build it: it runs what it ran."""


class RecoveryStarted(Event):
    """A push in doubt is about to be settled by sending something to the device; durable before it is.

    `found` is what the device was found to run; `action` is "finish" (bring the rest of what was intended), "revert"
    (bring back what ran before) or "keep" (confirm and save what runs). `commands` are without secrets.
    """

    network: Identifier
    device: str
    environment: str
    found: Literal["applied", "not applied", "partly applied", "something else"]
    action: Literal["finish", "revert", "keep"]
    commands: tuple[str, ...] = ()


class PushSettled(Event):
    """A push in doubt was settled by reading the device: "applied", "not applied" or "partly applied".

    "something else" is a device that runs neither what was intended, nor what ran before, nor something in between.
    `intent` is the position of the intent that the device was compared with.
    """

    network: Identifier
    device: str
    environment: str
    intent: int
    outcome: Literal["applied", "not applied", "partly applied", "something else"]
    snapshot: str
    remaining: tuple[str, ...] = ()


class LocalTarget(Value):
    """The machine that deploys is the one that is deployed to."""

    kind: Literal["local"] = "local"


class RemoteTarget(Value):
    """A machine reached over SSH: its host name or address, and the user to log in as."""

    kind: Literal["remote"] = "remote"
    host: Line
    user: Line


DeploymentTarget = Annotated[LocalTarget | RemoteTarget, Field(discriminator="kind")]
"""Where a whole configuration is deployed to; match on its class."""


class ConfigurationDeployed(Event):
    """A whole configuration was deployed to a device or host, and how that ended.

    `generation` counts the configurations that the target keeps, nothing where it keeps none. `result` is "activated"
    (it runs now), "staged" (it runs after the next boot), "unchanged" (it ran already), "rolled back" (it did not work,
    and the generation before runs again) or "failed"; `reason` says why for the last two. Its PushStarted is its cause.
    """

    network: Identifier
    device: Identifier
    environment: str
    method: Line
    target: DeploymentTarget
    generation: Annotated[int, Field(ge=1)] | None = None
    result: Literal["activated", "staged", "unchanged", "rolled back", "failed"]
    reason: str = ""


class HostDeploymentAdvanced(Event):
    """One step of a deployment to a host was done. Its PushStarted is its cause.

    `step` is "built" (its system is there, and does not run), "armed" (it goes back by itself unless it is told to keep
    what comes), "activated" (what was built runs), "confirmed" (its timer was stopped), "kept" (it boots this from now
    on, as its `generation`) or "reverted" (it runs again what it ran before). `system` is the store path of what was
    built.
    """

    network: Identifier
    device: Identifier
    environment: str
    step: Literal["built", "armed", "activated", "confirmed", "kept", "reverted"]
    system: str = ""
    generation: Annotated[int, Field(ge=1)] | None = None


EVENTS: tuple[type[Event], ...] = (
    DeploymentStarted,
    TransactionDecided,
    DeploymentFinished,
    PushStarted,
    RouterConfigurationApplied,
    SwitchConfigurationApplied,
    HostConfigurationApplied,
    RouterConfigurationFailed,
    SwitchConfigurationFailed,
    HostConfigurationFailed,
    HostDeploymentAdvanced,
    RecoveryStarted,
    PushSettled,
    ConfigurationDeployed,
)
