"""Lines of a device that nobody's intent owns: when each was seen first, and who typed it, if its log says so."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cimnet_nornir.application.drift import recorded_drift
from cimnet_nornir.application.drift_lines import diff_paths
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.comparison import Path
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.domain.events import ConfiguredBy, DriftDetected
from cimnet_nornir.errors import ConfigurationError, NotFound
from cimnet_nornir.projections.deployments import RESULT_TYPES

_SNAPSHOTS = ("DriftDetected", "DriftResolved", "ConfigurationBackedUp", *RESULT_TYPES)
# So many configurations of a device are looked through for the first that shows a line.
_MOST = 200


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A line that runs and is not intended; `by_hand` tells one that runs in the place of an intended line.

    `seen` is the event whose snapshot of the device showed it first, `configured` what its log says of who did it.
    """

    path: Path
    seen: StoredEvent
    configured: tuple[ConfiguredBy, ...]
    by_hand: bool


def out_of_band(service: NetworkService, device: Device, intended: str, at: int | None) -> Iterator[FoundLine]:
    """The lines of the device's last snapshot in this environment that nobody's intent owns."""
    drift = recorded_drift(service, at).get(device.id)
    changed = _changed(drift)
    unowned = tuple(path for path in _unmodelled(service, device, intended, at) if path not in changed)
    first = _first_seen(service, device, (*changed, *unowned), at)
    for path in (*changed, *unowned):
        seen = first.get(path) or drift
        if seen is not None:
            yield FoundLine(path, seen, _people(path, seen), path in changed)


def _changed(drift: StoredEvent | None) -> tuple[Path, ...]:
    """The lines that run in the place of intended ones, as the drift says that is known."""
    if drift is None or not isinstance(drift.event, DriftDetected):
        return ()
    return tuple(path for mark, path in diff_paths("\n".join(drift.event.diff)) if mark == "-")


def _unmodelled(service: NetworkService, device: Device, intended: str, at: int | None) -> tuple[Path, ...]:
    text = _text(service, last_snapshot(service, device.id, at))
    return service.engine_of(device).compare(device, text, intended).unmodelled if text is not None else ()


def _first_seen(
    service: NetworkService, device: Device, paths: Iterable[Path], at: int | None
) -> dict[Path, StoredEvent]:
    """By line the earliest of the snapshots up to now that show it, one after the other."""
    wanted, found = set(paths), dict[Path, StoredEvent]()
    engine = service.engine_of(device)
    for number, stored in enumerate(snapshots(service, device.id, at) if wanted else ()):
        text = _text(service, stored)
        if not wanted or text is None or number >= _MOST:
            break
        try:
            wanted &= engine.lines(device, text)
        except ConfigurationError:
            break  # what cannot be read says nothing about what stood there before
        found |= dict.fromkeys(wanted, stored)
    return found


def _people(path: Path, seen: StoredEvent) -> tuple[ConfiguredBy, ...]:
    """Who may have typed a line: whoever typed that command, else all who configured the device then."""
    configured: tuple[ConfiguredBy, ...] = getattr(seen.event, "configured", ())
    typed = tuple(entry for entry in configured if " ".join(entry.command.split()) == path[-1])
    if typed:
        return typed[-1:]
    # One entry each: the last that he made.
    return tuple({entry.who: entry for entry in configured if not entry.command}.values())


def snapshots(service: NetworkService, device: str, at: int | None) -> Iterator[StoredEvent]:
    """The events in which a device, by its id, showed its configuration in this environment, newest first."""
    wanted = (service.network_name, service.environment, device)
    for stored in service.store.read_all(types=_SNAPSHOTS, until=at, newest_first=True):
        event = stored.event
        here = tuple(getattr(event, name, None) for name in ("network", "environment", "device"))
        if here == wanted and getattr(event, "snapshot", None):
            yield stored


def last_snapshot(service: NetworkService, device: str, at: int | None) -> StoredEvent | None:
    """The last event in which a device, by its id, showed its configuration in this environment."""
    return next(snapshots(service, device, at), None)


def _text(service: NetworkService, stored: StoredEvent | None) -> str | None:
    snapshot = getattr(stored.event, "snapshot", None) if stored else None
    try:
        return service.store.get_blob(snapshot).decode() if snapshot else None
    except NotFound:
        return None


def person_words(entry: ConfiguredBy) -> str:
    """Who it was, as the device's log says: `bob on vty0 (192.0.2.9) at *Nov 29 20:11:33.123`."""
    where = f" on {entry.line}" if entry.line else ""
    whence = f" ({entry.address})" if entry.address else ""
    return f"{entry.who}{where}{whence}" + (f" at {entry.at}" if entry.at else "")
