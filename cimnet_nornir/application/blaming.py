"""The story behind each line of a device's configuration: who put it there, and what brought it to the device."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from cimnet_nornir.application.host_site import of_intent
from cimnet_nornir.application.out_of_band import out_of_band
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.comparison import Path
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.domain.events import ConfiguredBy, DeploymentStarted, IntentRestored, PushStarted
from cimnet_nornir.domain.network import Network
from cimnet_nornir.errors import NotFound
from cimnet_nornir.projections.applied import runs_intent
from cimnet_nornir.projections.blame import DeviceBlame, load_blame
from cimnet_nornir.projections.deployments import RESULT_TYPES


@dataclass(frozen=True, slots=True)
class BlamedLine:
    """A line of a configuration: its text with indentation, the event that put it there, what pushed it last.

    `origin` is None for a line that no intent speaks of; `seen` is then the event whose snapshot of the device showed
    it first, and `configured` is what the device's log says of who may have typed it. `site` tells a line that only the
    site's own templates bring, `template` which of them, in the bundle of the digest `bundle`. `pushed` is None for a
    line that no deployment brought yet. `first` is the event that put it there before, where a rollback or an undoing
    brought it back. `by_hand` tells a line that runs in the place of an intended one.
    """

    line: str
    path: Path
    origin: StoredEvent | None
    pushed: StoredEvent | None
    seen: StoredEvent | None = None
    site: bool = False
    first: StoredEvent | None = None
    template: str = ""
    bundle: str = ""
    configured: tuple[ConfiguredBy, ...] = ()
    by_hand: bool = False


def blame_lines(service: NetworkService, name: str, *, text: str = "", at: int | None = None) -> tuple[BlamedLine, ...]:
    """The configuration of a device, line by line with its story; only lines that contain `text`, if given.

    First what is intended, then what the device showed last besides and nobody's intent owns.
    A line in a section is shown when it or its section matches. Raises NotFound where no line contains the text.
    """
    device, network = service.device_within(name, at)
    engine = service.engine_of(device)
    rendered = engine.render(device, network)
    causes = engine.site_causes(device, network)
    site = frozenset(causes)
    pushes = load_pushes(service, device.id, at)
    restorers = Restorers(service, device.id)
    # What is kept is of the present; in the past nobody waits for all the other devices to be rendered.
    blame = service.blame().get(device.id, DeviceBlame()) if at is None else restorers.blame(at)
    lines = [
        BlamedLine(
            indented(path),
            path,
            origin,
            pushes.of(path, origin),
            site=path in site,
            first=restorers.first(path, origin),
            template=causes.get(path, ""),
            bundle=engine.templates if path in site else "",
        )
        for path, origin in _origins(service, device, rendered, site, blame).items()
    ]
    lines += [
        BlamedLine(
            indented(found.path),
            found.path,
            None,
            None,
            found.seen,
            configured=found.configured,
            by_hand=found.by_hand,
        )
        for found in out_of_band(service, device, rendered, at)
    ]
    chosen = tuple(line for line in lines if not text or any(text.lower() in part.lower() for part in line.path))
    if not chosen:
        raise NotFound(f"no line of {device.name}'s configuration contains {text!r}", subject=text)
    return chosen


@dataclass(slots=True)
class Restorers:
    """From a line that a rollback or an undoing brought back to the event that put it there in the first place."""

    service: NetworkService
    device: str
    _known: dict[int, DeviceBlame] = field(default_factory=dict)

    def first(self, path: Path, origin: StoredEvent | None) -> StoredEvent | None:
        """The event behind the line before it was gone; None where nobody brought it back."""
        found: StoredEvent | None = None
        while origin is not None and (to := self._restored(origin)) is not None:
            identity = self.blame(to).explain(path, adds=True)
            origin = self.service.store.find(identity) if identity else None
            found = origin or found
        return found

    def _restored(self, origin: StoredEvent) -> int | None:
        cause = self.service.store.find(origin.causation_id)
        return cause.event.to if cause is not None and isinstance(cause.event, IntentRestored) else None

    def blame(self, position: int) -> DeviceBlame:
        """The events behind the lines of the one device as of a position."""
        if position not in self._known:
            engines = self.service.engines
            found = load_blame(
                self.service.store,
                self.service.network_name,
                self._lines,
                templates=engines.templates,
                until=position,
                hosts=engines.hosts is not None,
            )
            self._known[position] = found.get(self.device, DeviceBlame())
        return self._known[position]

    def _lines(self, device: Device, network: Network) -> Sequence[Path]:
        """Those of the one device that is asked about: no other is rendered for it."""
        engine = self.service.engine_of(device)
        return of_intent(engine.paths(engine.render(device, network))) if device.id == self.device else ()


def indented(path: Path) -> str:
    return "  " * (len(path) - 1) + path[-1]


def _origins(
    service: NetworkService, device: Device, rendered: str, site: frozenset[Path], blame: DeviceBlame
) -> dict[Path, StoredEvent | None]:
    """The event behind each line; None for one that a template of the site brings."""
    paths = service.engine_of(device).paths(rendered)
    events = {path: None if path in site else blame.explain(path, adds=True) for path in paths}
    stored = {identity: service.store.find(identity) for identity in set(events.values()) if identity is not None}
    return {path: stored.get(identity) if identity else None for path, identity in events.items()}


@dataclass(frozen=True, slots=True)
class Pushes:
    """What reached a device: the deployment that carried each path last, and all that were applied, oldest first."""

    carried: dict[Path, StoredEvent]
    applied: tuple[StoredEvent, ...]

    def of(self, path: Path, origin: StoredEvent | None) -> StoredEvent | None:
        """The deployment that brought a line.

        A line that needed no command (a default, or one that was there) came with the first deployment that found the
        device to run the intent which has it.
        """
        carrier = self.carried.get(path)
        # What carried the same line before it was intended anew brought an older one.
        if origin is None or (carrier is not None and _intent_of(carrier) >= origin.position):
            return carrier
        return next((stored for stored in self.applied if _intent_of(stored) >= origin.position), None)


def _intent_of(started: StoredEvent) -> int:
    return started.event.position if isinstance(started.event, DeploymentStarted) else 0


def load_pushes(service: NetworkService, device: str, at: int | None = None) -> Pushes:
    """What deployments of this network and environment brought to a device, up to a position."""
    carried: dict[Path, StoredEvent] = {}
    applied: list[StoredEvent] = []
    deployments: dict[UUID, StoredEvent] = {}
    waiting: dict[UUID, PushStarted] = {}
    here = (service.network_name, service.environment)
    for stored in service.store.read_all(types=("DeploymentStarted", "PushStarted", *RESULT_TYPES), until=at):
        event = stored.event
        if isinstance(event, DeploymentStarted) and (event.network, event.environment) == here:
            deployments[stored.correlation_id] = stored
        elif isinstance(event, PushStarted) and event.device == device:
            waiting[stored.event_id] = event
        elif runs_intent(event) and stored.causation_id in waiting and stored.correlation_id in deployments:
            applied.append(deployments[stored.correlation_id])
            _take_in(carried, waiting.get(stored.causation_id), applied[-1])
    return Pushes(carried, tuple(applied))


def _take_in(carried: dict[Path, StoredEvent], push: PushStarted | None, deployment: StoredEvent) -> None:
    for line in push.carries if push else ():
        if line.adds:
            carried[line.path] = deployment
        else:
            # Taken away: should it be intended again, nobody has brought it yet.
            carried.pop(line.path, None)
