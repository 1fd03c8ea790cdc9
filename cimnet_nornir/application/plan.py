"""Plans: the remediation of several devices, with all that it was computed from; a document that can be kept."""

import hashlib
import json
from datetime import datetime
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from cimnet_nornir.domain.events import Carried
from cimnet_nornir.errors import InvalidInput

if TYPE_CHECKING:
    from cimnet_nornir.application.ports import ConfigurationEngine

FORMAT: Literal["cimnet.plan/2"] = "cimnet.plan/2"


class PlanPart(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class DevicePlan(PlanPart):
    """What is to be sent to one device. `device` is its id, `name` its host name, digests are of the texts.

    `commands` are without secrets, which are put in when they are sent; so are `inverse`, which take it back. `running`
    is the digest of the configuration that it was computed from, `touched` that of the sections in it that the commands
    go into: what else changes meanwhile is nobody's harm. `checks` are those that are made before and after, in words.
    `cuts` says what in it would cut the way to the device. `timer` tells that the device can take the change back by
    itself, `unprotected` why it cannot, `exclusive` how its configuration mode can be locked.
    """

    device: str
    name: str
    kind: Literal["router", "switch", "host"]
    commands: tuple[str, ...]
    carries: tuple[Carried, ...]
    diff: str
    running: str
    rendered: str
    unmodelled: tuple[tuple[str, ...], ...] = ()
    warnings: tuple[str, ...] = ()
    inverse: tuple[str, ...] = ()
    touched: str = ""
    checks: tuple[str, ...] = ()
    cuts: tuple[str, ...] = ()
    timer: bool = False
    unprotected: str = ""
    exclusive: Literal["", "auto", "manual"] = ""

    @property
    def changed(self) -> bool:
        """Whether there is anything to send."""
        return bool(self.commands)

    @property
    def destructive(self) -> tuple[str, ...]:
        """The commands that take something away from the device, in order."""
        return tuple(item.line for item in self.carries if takes_away(item))


class Unread(PlanPart):
    """A device that could not be read, and so is not planned; `outcome` is "unreachable", "refused" or "failed"."""

    device: str
    name: str
    kind: Literal["router", "switch", "host"]
    outcome: Literal["unreachable", "refused", "failed"]
    reason: str

    @property
    def nothing(self) -> DevicePlan:
        """A plan for the device with nothing in it, for telling what became of it."""
        whose = {"device": self.device, "name": self.name, "kind": self.kind}
        return DevicePlan.model_validate(
            {**whose, "commands": (), "carries": (), "diff": "", "running": "", "rendered": ""}
        )


class Plan(PlanPart):
    """The remediation of several devices. `position` is the event up to which intent was read."""

    format: Literal["cimnet.plan/2"] = FORMAT
    network: str
    environment: str
    position: int
    created: datetime
    author: str
    templates: str
    devices: tuple[DevicePlan, ...]
    unread: tuple[Unread, ...] = ()

    @property
    def changes(self) -> tuple[DevicePlan, ...]:
        """The devices that something is to be sent to."""
        return tuple(device for device in self.devices if device.changed)

    @property
    def digest(self) -> str:
        """SHA-256 over the plan's canonical text: what an approval and a deployment name."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return "sha256:" + hashlib.sha256(text.encode()).hexdigest()

    def device(self, identity: str) -> DevicePlan | None:
        """The part for one device, by id or host name."""
        return next((item for item in self.devices if identity in (item.device, item.name)), None)


class PlanFile(PlanPart):
    """A plan as it stands in a file, with its digest, so that a changed file is noticed."""

    plan: Plan
    digest: str


def takes_away(item: Carried) -> bool:
    """Whether a command takes something away: what was shut or denied comes to life where that goes."""
    last = item.path[-1] if item.path else ""
    return not item.adds and last != "shutdown" and not last.startswith("no ")


def write_plan(plan: Plan, path: FilePath) -> None:
    """Write the plan to a file that only its owner reads."""
    text = PlanFile(plan=plan, digest=plan.digest).model_dump_json(indent=2) + "\n"
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(text, encoding="utf-8")


def read_plan(path: FilePath) -> Plan:
    """A plan from its file. Raises InvalidInput where the file is no plan, or was changed since it was written."""
    try:
        document = PlanFile.model_validate_json(path.read_bytes())
    except OSError as error:
        raise InvalidInput(f"{path}: {error.strerror}", subject=str(path)) from error
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise InvalidInput(
            f"{path}: this is no plan of the form {FORMAT} ({where or 'the file'}: {error.errors()[0]['msg']})",
            subject=str(path),
        ) from error
    if document.digest != document.plan.digest:
        raise InvalidInput(f"{path}: the plan was changed after it was written; plan again", subject=str(path))
    return document.plan


def text_digest(text: str) -> str:
    """How plans and events name a text they do not hold."""
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def require_secrets(plan: Plan, engine: "ConfigurationEngine") -> None:
    """Refuse a plan before the first byte where a secret that it is to send is not there. Raises ConfigurationError."""
    commands = (command for device in plan.changes if device.kind != "host" for command in device.commands)
    for command in dict.fromkeys(commands):
        engine.reveal(command)
