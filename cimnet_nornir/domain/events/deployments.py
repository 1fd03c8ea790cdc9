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


class DeploymentFinished(Event):
    """How it ended, devices by outcome ("applied", "failed", "unreachable", "in doubt", "unchanged")."""

    outcomes: Mapping[str, str]
    seconds: float


class PushStarted(Event):
    """The first line is about to be sent; durable before it is. `before` is the digest of the running configuration."""

    network: Identifier
    device: str
    environment: str
    method: str
    before: str
    carries: tuple[Carried, ...]


class ConfigurationApplied(Event):
    """Base of both: the device holds what was intended, read back after the push.

    `intent` is the position of the last event of that intent; `snapshot` and `rendered` name blobs.
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


class RouterConfigurationApplied(ConfigurationApplied):
    pass


class SwitchConfigurationApplied(ConfigurationApplied):
    pass


class ConfigurationFailed(Event):
    """Base of both: what went wrong, the line and the answer where one was refused, the state read back if any.

    `outcome` is "unreachable" (nothing was sent), "refused" (credentials or host key; nothing was sent), "failed" (what
    runs could not be understood; nothing was sent), "stale" (running or intent changed since the plan; nothing was
    sent), "busy" (another deployment holds the device; nothing was sent), "rejected" (the device refused a line),
    "differs" (taken, but running is not what was intended), "not saved" (taken and right, but not written to startup),
    "not recorded" (the start could not be made durable; nothing was sent), "in doubt" (sent, and the outcome is not
    known). `intent` as in ConfigurationApplied.
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
        "in doubt",
    ]
    reason: str
    line: str = ""
    answer: str = ""
    sent: tuple[str, ...] = ()
    snapshot: str | None = None
    remaining: tuple[str, ...] = ()
    seconds: float


class RouterConfigurationFailed(ConfigurationFailed):
    pass


class SwitchConfigurationFailed(ConfigurationFailed):
    pass


class PushSettled(Event):
    """A push in doubt was settled by reading the device: "applied", "not applied" or "partly applied".

    `intent` is the position of the intent that the device was compared with.
    """

    network: Identifier
    device: str
    environment: str
    intent: int
    outcome: Literal["applied", "not applied", "partly applied"]
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


EVENTS: tuple[type[Event], ...] = (
    DeploymentStarted,
    DeploymentFinished,
    PushStarted,
    RouterConfigurationApplied,
    SwitchConfigurationApplied,
    RouterConfigurationFailed,
    SwitchConfigurationFailed,
    PushSettled,
    ConfigurationDeployed,
)
