"""Drift made intent: the lines that somebody typed are read in as an import would, and the rest of the intent stays."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cimnet_nornir.application.changes import ChangeResult, preview
from cimnet_nornir.application.drift import DeviceDrift
from cimnet_nornir.application.drift_lines import chosen_lines, places_of
from cimnet_nornir.application.importing import SECRETS, FaithfulAdmission, reader_of
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.adopting import adopted
from cimnet_nornir.domain.comparison import Path
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.envelope import Event
from cimnet_nornir.domain.events import DriftedLine
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.reading import Reading
from cimnet_nornir.domain.taking_over import commands_taking_over
from cimnet_nornir.errors import NotFound


@dataclass(frozen=True, slots=True)
class Adoption:
    """A device as intent is to have it, what it runs, and the lines that become intent.

    `secrets` are those that stood in the lines, by the references that intent has for them.
    """

    device: Device
    running: str = field(repr=False)
    lines: tuple[DriftedLine, ...]
    secrets: dict[str, str] = field(default_factory=dict, repr=False)

    def commands(self, network: Network) -> tuple[c.Command, ...]:
        """What makes it intent."""
        return commands_taking_over(network, (self.device,))


def adoption(
    service: NetworkService, drift: DeviceDrift, running: str, texts: Sequence[str], *, unmodelled: bool = False
) -> Adoption:
    """What it comes to to make lines of a device intent: those that texts mean, all drifted ones without texts.

    With `unmodelled` also those that no intent speaks of. Raises NotFound where there is none, ConfigurationError.
    """
    beside = tuple(DriftedLine(path=path, adds=False) for path in drift.plan.unmodelled)
    known = (*drift.lines, *beside) if texts or unmodelled else drift.lines
    lines = chosen_lines(drift.plan.name, known, texts) if texts else known
    if not lines:
        raise NotFound(f"{drift.plan.name} has no drifted line to make intent of", subject=drift.plan.name)
    planner = service.planner()
    present = planner.device(drift.plan.device)
    reader = reader_of(service)
    both = reader.adopting(present, running, planner.intended(present.id), tuple(places_of(lines)))
    place = SECRETS.format(present.name)
    before, after = (reader.read(text, name=present.name, details=present.details, place=place) for text in both)
    device = adopted(present, before.device, after.device)
    return Adoption(device, running, lines, _needed(device, present, after))


def _needed(device: Device, present: Device, reading: Reading) -> dict[str, str]:
    """Of the secrets that were moved out those that the intent refers to, and did not before."""
    said, before = repr(device), repr(present)
    return {name: value for name, value in reading.secrets.items() if name in said and name not in before}


def would_record(service: NetworkService, found: Adoption) -> tuple[tuple[str, Event], ...]:
    """The events that it would make; nothing is recorded. Raises a DomainError where a rule refuses."""
    return tuple(preview(service.store, service.intent(), found.commands).events)


def adopt(service: NetworkService, found: Adoption) -> ChangeResult:
    """Make it intent. What validation finds is told, and refuses nothing: the device runs it.

    Raises ImportRefused where the lines would not come out as they run, or something else would be sent.
    """
    admission = FaithfulAdmission(
        service.rules, service.judgement(), accepted=True, look=lambda network: _unfaithful(service, found, network)
    )
    arguments = {"device": found.device.id, "lines": len(found.lines)}
    return service.change(found.commands, command="drift adopt", arguments=arguments, admission=admission)


def _unfaithful(service: NetworkService, found: Adoption, network: Network) -> Iterator[str]:
    """What would be sent of the adopted lines, or what would not be sent without them."""
    device = network.devices[found.device.id]
    engine = service.engine_of(device)
    planner = service.planner()
    formerly = planner.formerly(device.id)

    def changes(of: Device, among: Network) -> dict[Path, str]:
        told = engine.compare(of, found.running, engine.render(of, among), formerly=formerly).changes
        return {tuple(map(engine.mask, change.path)): engine.mask(change.command) for change in told}

    before = changes(planner.device(device.id), planner.network)
    adopted_places = set(places_of(found.lines))
    for path, command in changes(device, network).items():
        if path not in before:
            yield f"{device.name}: {command!r} would be sent to it"
        elif path in adopted_places:
            yield f"{device.name}: {command!r} would be sent still: nothing reads that line into intent"
