"""The documents that the API answers with: their models are its description (OpenAPI), and its tests."""

from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from cimnet_nornir.application.deployment_list import DeploymentLine
from cimnet_nornir.application.device_configuration import IntendedLine
from cimnet_nornir.application.device_page import VlanOnDevice
from cimnet_nornir.application.observations import DeviceStatus
from cimnet_nornir.application.overview import DeviceCount
from cimnet_nornir.application.plan_folder import KeptPlan
from cimnet_nornir.application.telling import ToldEvent


class Document(BaseModel):
    """Base of the answers: exactly these fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Problem(Document):
    """What is wrong, in one line; `kind` is the error's name, `subject` what it is about."""

    kind: str
    message: str
    subject: str
    problems: list[str] | None = None


class ProblemAnswer(Document):
    error: Problem


class NetworkAnswer(Document):
    """A network in a few figures. `actor` and `may_change` are those of the caller."""

    name: str
    environment: str
    position: int
    at: AwareDatetime | None
    first: int
    now: int
    devices: DeviceCount
    in_doubt: int
    drifted: int
    running: list[str]
    may_change: bool
    actor: str | None
    version: str


class DevicesAnswer(Document):
    """All devices as they stand."""

    position: int
    devices: list[DeviceStatus]


class GraphAnswer(Document):
    """The context graph: nodes with `id`, `kind`, `label`, edges with `source`, `target`, `relation`, and more."""

    position: int
    nodes: list[dict[str, Any]]
    edges: list[dict[str, Any]]


class Health(Document):
    """Whether the store can be read."""

    status: Literal["ok"]
    position: int
    lag: int


class SessionAnswer(Document):
    """Who the caller is; `csrf` goes with each change as X-CSRF-Token where a browser is logged in."""

    actor: str | None
    may: Literal["read", "change"] | None
    csrf: str | None


class HeardPeer(Document):
    """What a device says that it is, at the other end of a cable."""

    name: str
    port: str


class PeerDocument(Document):
    """The declared other end of a cable: a host name, and its port."""

    device: str
    port: str


class PortDocument(Document):
    """A port or interface: what is declared of it, and what the device says of it; None where nobody asked.

    `mode` is "access", "trunk", "routed", or empty where nothing is declared; `vlans` a list as IOS writes it, "all",
    or empty. Rates are bits a second between the last two readings, `speed` is in Mbit/s.
    """

    name: str
    kind: str
    declared: bool
    description: str
    mode: str
    vlans: str
    native: int | None
    addresses: list[str]
    shut: bool
    bundle: str
    peer: PeerDocument | None
    enabled: bool
    up: bool | None
    speed: int | None
    in_bps: float | None
    out_bps: float | None
    in_errors: int | None
    out_errors: int | None
    heard: HeardPeer | None
    cabling: Literal["ok", "missing", "unexpected", "wrong", "unknown"]
    cabling_reason: str


class DeviceAnswer(Document):
    """A device as it stands; `observed` is when its ports were looked at last, `routing` is in words."""

    position: int
    status: DeviceStatus
    observed: AwareDatetime | None
    ports: list[PortDocument]
    vlans: list[VlanOnDevice]
    routing: list[str]


class ConfigurationAnswer(Document):
    """What is intended, line by line with its story; what the device showed last; and what differs."""

    position: int
    environment: str
    intended: list[IntendedLine]
    running: str | None
    running_at: AwareDatetime | None
    diff: str


class EventAnswer(ToldEvent):
    """An event with all that it says."""

    version: int
    timestamp: AwareDatetime
    data: dict[str, Any]


class TraceNode(EventAnswer):
    """An event with those it caused."""

    caused: list["TraceNode"]


class CarriedBy(Document):
    """A deployment that brought it to a device."""

    request: EventAnswer
    push: EventAnswer
    result: EventAnswer | None


class TraceAnswer(Document):
    """One chain of causes, what it carried to devices or what carried it, and what took it back."""

    focus: str
    chain: TraceNode
    carries: list[EventAnswer]
    carried_by: list[CarriedBy]
    undoes: list[EventAnswer]
    undone_by: list[EventAnswer]


class DeploymentsAnswer(Document):
    """The newest deployments."""

    position: int
    deployments: list[DeploymentLine]


class PlansAnswer(Document):
    """The plans that are kept."""

    plans: list[KeptPlan]


class PlanAnswer(Document):
    """A plan (as `cimnet plan --json` gives it), and how it stands."""

    state: KeptPlan
    plan: dict[str, Any]


class JobAnswer(Document):
    """What was begun."""

    job: str


class JobDocument(Document):
    """A job: `result` has the plan's `digest`, or the id of the `deployment`."""

    id: str
    kind: Literal["plan", "apply"]
    actor: str
    state: Literal["running", "done", "failed"]
    started: AwareDatetime
    finished: AwareDatetime | None
    told: list[str]
    result: dict[str, str]


class JobsAnswer(Document):
    jobs: list[JobDocument]


class DeclaredAnswer(Document):
    """What a definition came to: the request (None where nothing is recorded), its changes in words, and findings.

    `position` is the last event of intent, the ETag of the definition.
    """

    request: str | None
    events: int
    position: int
    changes: list[str]
    findings: list[str]


class VlanLine(Document):
    """A VLAN: on how many switches, and whether all of them reach one another in it."""

    vlan: int
    name: str | None
    switches: list[str]
    continuous: bool


class VlansAnswer(Document):
    position: int
    vlans: list[VlanLine]


class SiteLine(Document):
    name: str
    devices: int


class SitesAnswer(Document):
    position: int
    sites: list[SiteLine]
