"""The documents that the API answers with: their models are its description (OpenAPI), and its tests."""

from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from cimnet_nornir.application.observations import DeviceStatus
from cimnet_nornir.application.overview import DeviceCount


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
