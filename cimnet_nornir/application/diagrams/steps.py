"""The steps of a deployment as messages between the operator, cimnet and each device."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from cimnet_nornir.application.describe import describe
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.projections.mermaid.text import escaped

OPERATOR, CIMNET = "operator", "cimnet"
# So many lines of a push are told, each of so many characters: what is sent fills pages.
_LINES = 4
_LONGEST = 60


@dataclass(slots=True)
class Cast:
    """Who takes part: the operator, cimnet, and the devices with the names that Mermaid has for them."""

    actor: str
    devices: Mapping[str, str]
    names: Mapping[str, str]
    active: set[str] = field(default_factory=set)
    """The devices that are being worked on."""

    @classmethod
    def of(cls, started: e.DeploymentStarted, events: Iterable[StoredEvent], names: Mapping[str, str]) -> "Cast":
        """Those of a deployment, in its own order; what was left out at its start is told of afterwards."""
        told = [stored.event for stored in events]
        devices = dict.fromkeys((*started.devices, *(str(event.device) for event in told if hasattr(event, "device"))))
        actor = next(stored.actor for stored in events)
        return cls(actor, {device: f"d{number}" for number, device in enumerate(devices, start=1)}, names)

    def name(self, device: str) -> str:
        return self.names.get(device, device)

    def head(self) -> Iterator[str]:
        yield f"actor {OPERATOR} as {escaped(self.actor)}"
        yield f"participant {CIMNET}"


def steps(cast: Cast, events: Iterable[StoredEvent]) -> Iterator[str]:
    """Each event as the messages it stands for, in the order in which they happened."""
    finished = False
    for stored in events:
        yield from about_all(stored)
        yield from _about_one(cast, stored)
        finished = finished or isinstance(stored.event, e.DeploymentFinished)
    if not finished:
        yield UNFINISHED


UNFINISHED = f"note over {CIMNET}: not finished: cimnet recover settles what is in doubt"


def about_all(stored: StoredEvent) -> Iterator[str]:
    """What an event tells of the deployment as a whole."""
    event = stored.event
    match event:
        case e.ChangeRequested() if stored.caused_itself:
            reason = f"<br/>{escaped(stored.reason)}" if stored.reason else ""
            yield f"{OPERATOR}->>{CIMNET}: {escaped(describe(event))}{reason}"
        case e.DeploymentStarted():
            identity, number = str(stored.correlation_id)[:8], len(event.devices)
            words = f"deployment {identity} in {event.environment} by {event.method}: {how_many(number, 'device')}"
            yield _note(words)
        case e.WaveStarted():
            yield _note(f"wave {event.number} of {event.of}: {how_many(len(event.devices), 'device')}")
        case e.WaveDecided() | e.TransactionDecided():
            yield _note(describe(event))
        case e.DeploymentFinished():
            yield f"{CIMNET}-->>{OPERATOR}: {escaped(describe(event))}"
        case _:
            pass


def how_many(number: int, thing: str) -> str:
    """A number with its thing: 1 device, 3 devices."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _note(text: str) -> str:
    return f"note over {CIMNET}: {escaped(text)}"


def _about_one(cast: Cast, stored: StoredEvent) -> Iterator[str]:
    """What an event tells of one device."""
    event = stored.event
    match event:
        case e.PushStarted():
            yield from _push(cast, event)
        case e.HostDeploymentAdvanced():
            yield f"{cast.devices[event.device]}-->>{CIMNET}: {escaped(describe(event))}"
        case e.ConfigurationApplied():
            # A host tells of that as a step.
            if event.confirmed and not isinstance(event, e.HostConfigurationApplied):
                yield f"{CIMNET}->>{cast.devices[event.device]}: confirmed, its timer is stopped"
            yield _answer(cast, event.device, "-->>", f"{describe(event)} ({event.seconds:.1f} s)")
        case e.ConfigurationFailed():
            yield from _failure(cast, event)
        case e.RecoveryStarted():
            yield f"{CIMNET}->>{cast.devices[event.device]}: recovery by {escaped(stored.actor)}, {_found(event)}"
        case e.PushSettled():
            yield _answer(cast, event.device, "-->>", describe(event))
        case _:
            pass


def _found(event: e.RecoveryStarted) -> str:
    return escaped(f"found {event.found}: {event.action}")


def _push(cast: Cast, event: e.PushStarted) -> Iterator[str]:
    device = cast.devices[event.device]
    cast.active.add(device)
    lines = [escaped(carried.line.strip(), most=_LONGEST) for carried in event.carries]
    more = [f"… {len(lines) - _LINES} more"] if len(lines) > _LINES else []
    yield f"{CIMNET}->>+{device}: {'<br/>'.join([how_many(len(lines), 'line'), *lines[:_LINES], *more])}"
    if event.protection in ("revert timer", "reload timer"):
        yield f"note over {device}: {event.protection} armed, {event.minutes} min"


def _answer(cast: Cast, device: str, arrow: str, text: str) -> str:
    """What a device is told to have come to; it is not worked on any more."""
    short = cast.devices[device]
    ends = "-" if short in cast.active else ""
    cast.active.discard(short)
    return f"{short}{arrow}{ends}{CIMNET}: {escaped(text)}"


def _failure(cast: Cast, event: e.ConfigurationFailed) -> Iterator[str]:
    device = cast.devices[event.device]
    if device not in cast.active:
        yield f"{CIMNET}-x{device}: nothing sent, {escaped(f'{event.outcome}: {event.reason}')}"
        return
    if event.outcome == "in doubt":
        # It is still held, as far as anybody knows.
        yield f"{device}--x{CIMNET}: {escaped(f'in doubt: {event.reason}')}"
        return
    yield _answer(cast, event.device, "--x", f"{event.outcome}: {event.reason}")
    if event.reverted:
        yield f"note over {device}: brought back by {event.reverted}"
