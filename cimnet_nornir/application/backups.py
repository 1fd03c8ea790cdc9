"""Running configurations kept, secrets masked: an event where one differs from the last, the text once in the store."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cimnet_nornir.application.changes import open_request
from cimnet_nornir.application.plan import Unread
from cimnet_nornir.application.planning import unread_device
from cimnet_nornir.application.ports import ReadResult
from cimnet_nornir.application.section_diff import section_diff
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.envelope import Append, StoredEvent
from cimnet_nornir.domain.events import ConfigurationBackedUp
from cimnet_nornir.domain.streams import backup_stream
from cimnet_nornir.errors import ConcurrencyConflict, DeviceError, InvalidInput, NotFound

_TRIES = 5
_PAUSE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Backup:
    """A configuration of a device, by host name, that was kept; `diff` is what differs from the one before."""

    name: str
    stored: StoredEvent
    text: str
    diff: tuple[str, ...] = ()

    @property
    def snapshot(self) -> str:
        """By which the text is kept."""
        return str(getattr(self.stored.event, "snapshot", ""))


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What came of reading devices: what was kept anew, the names of those without change, and those not read."""

    kept: tuple[Backup, ...]
    unchanged: tuple[str, ...]
    unread: tuple[Unread, ...]


def back_up(service: NetworkService, readings: Mapping[str, ReadResult]) -> BackupReport:
    """Keep what devices run, by their ids, where it differs from what was kept last.

    Raises ConcurrencyConflict where others keep backups of the same devices all the time.
    """
    network = service.network()
    devices = {identity: network.devices[identity] for identity in readings}
    unread = [
        unread_device(devices[identity], reading)
        for identity, reading in readings.items()
        if isinstance(reading, DeviceError)
    ]
    texts = {
        identity: _text(service, devices[identity], reading)
        for identity, reading in readings.items()
        if isinstance(reading, str)
    }
    before = {identity: latest(service, identity) for identity in texts}
    stored = _record(service, texts)
    kept = tuple(_kept(service, devices[each], before[each], stored[each], texts[each]) for each in stored)
    same = tuple(devices[identity].name for identity in texts if identity not in stored)
    return BackupReport(kept, same, tuple(unread))


def _text(service: NetworkService, device: Device, reading: str) -> str:
    engine = service.engine_of(device)
    return engine.mask(engine.stable(reading))


def _kept(
    service: NetworkService, device: Device, before: StoredEvent | None, stored: StoredEvent, text: str
) -> Backup:
    was = text_of(service, before) if before else ""
    return Backup(device.name, stored, text, section_diff(was, text) if before else ())


def _record(service: NetworkService, texts: Mapping[str, str]) -> dict[str, StoredEvent]:
    """The events of what changed, by device id; decided again where somebody else was first."""
    for left in reversed(range(_TRIES)):
        batch, devices = _batch(service, texts)
        if batch is None:
            return {}
        try:
            return dict(zip(devices, service.store.append(batch)[1:], strict=True))
        except ConcurrencyConflict:
            if not left:
                raise
        time.sleep(_PAUSE_SECONDS)
    return {}


def _batch(service: NetworkService, texts: Mapping[str, str]) -> tuple[Append | None, list[str]]:
    names = {identity: service.store.put_blob(text.encode()) for identity, text in texts.items()}
    read: dict[str, int] = {}
    changed: list[tuple[str, str, ConfigurationBackedUp]] = []
    for identity, snapshot in names.items():
        stream = backup_stream(service.environment, service.network_name, identity)
        last = latest(service, identity)
        if last is not None and getattr(last.event, "snapshot", None) == snapshot:
            continue
        event = ConfigurationBackedUp(
            network=service.network_name, device=identity, environment=service.environment, snapshot=snapshot
        )
        changed.append((identity, stream, event))
        read[stream] = last.version if last else 0
    if not changed:
        return None, []
    arguments = {"environment": service.environment, "devices": sorted(identity for identity, _, _ in changed)}
    chain, request = open_request(service.actor, "backup", arguments, dict(read))
    records = [chain.record(stream, event, cause=request.event_id) for _, stream, event in changed]
    batch = Append(events=(request, *records), read={**read, request.aggregate_id: 0})
    return batch, [identity for identity, _, _ in changed]


# --- what was kept ----------------------------------------------------------------------------------------------------


def latest(service: NetworkService, device: str, at: int | None = None) -> StoredEvent | None:
    """The last configuration of a device, by its id, that was kept, now or at a position."""
    stream = backup_stream(service.environment, service.network_name, device)
    version = service.store.versions(stream, until=at).get(stream, 0)
    return next(iter(service.store.read_stream(stream, after=version - 1)), None) if version else None


def history(service: NetworkService, device: str, at: int | None = None) -> tuple[StoredEvent, ...]:
    """All configurations of a device, by its id, that were kept, oldest first."""
    stream = backup_stream(service.environment, service.network_name, device)
    return tuple(service.store.read_stream(stream, until=at))


def text_of(service: NetworkService, stored: StoredEvent) -> str:
    """A configuration that was kept. Raises NotFound where the store does not have it any more."""
    return service.store.get_blob(str(getattr(stored.event, "snapshot", ""))).decode()


def kept_at(service: NetworkService, devices: Sequence[Device], at: int | None = None) -> tuple[Backup, ...]:
    """The last configuration of each device that was kept, with what it changed; without those of which there is none.

    Raises NotFound where there is none of any.
    """
    found = tuple(backup for device in devices for backup in _backups(service, device, at))
    if not found:
        names = ", ".join(device.name for device in devices[:3]) + (" …" if len(devices) > 3 else "")
        raise NotFound(f"no configuration of {names} was kept {'yet' if at is None else 'then'}; cimnet backup does it")
    return found


def _backups(service: NetworkService, device: Device, at: int | None) -> Iterator[Backup]:
    kept = history(service, device.id, at)
    if kept:
        text = text_of(service, kept[-1])
        was = text_of(service, kept[-2]) if len(kept) > 1 else text
        yield Backup(device.name, kept[-1], text, section_diff(was, text))


def difference(service: NetworkService, device: Device, since: int, at: int | None = None) -> tuple[str, ...] | None:
    """What changed between the configurations that were kept at two positions; None where there is none of one."""
    before, after = latest(service, device.id, since), latest(service, device.id, at)
    if before is None or after is None:
        return None
    return section_diff(text_of(service, before), text_of(service, after))


def write_files(folder: Path, backups: Sequence[Backup]) -> int:
    """Write each configuration to HOST.cfg in a folder, where it differs from what is there; how many were written.

    Raises InvalidInput where the folder cannot be written.
    """
    written = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for backup in backups:
            path = folder / f"{backup.name}.cfg"
            if not path.exists() or path.read_text(encoding="utf-8") != backup.text:
                path.write_text(backup.text, encoding="utf-8")
                written += 1
    except OSError as error:
        raise InvalidInput(f"{error.filename}: {error.strerror}", subject=str(folder)) from error
    return written
