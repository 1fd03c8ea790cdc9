"""Configurations taken over: read, made intent of, and shown to come out again as they went in."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address
from typing import Any

from cimnet_nornir.application.changes import ChangeResult, preview
from cimnet_nornir.application.import_links import FoundLinks, find_links
from cimnet_nornir.application.import_management import Managed, managed, suggestions
from cimnet_nornir.application.observations import Observed
from cimnet_nornir.application.ports import ConfigurationReader
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.application.validation import Admission
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.envelope import Event
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.platforms import check_platform, platforms_of
from cimnet_nornir.domain.reading import Reading
from cimnet_nornir.domain.taking_over import commands_taking_over, share_addresses
from cimnet_nornir.domain.values import DeviceKind, hostname
from cimnet_nornir.errors import CimnetError, ConfigurationError, ImportRefused

_FEW = 10
SECRETS = "file:inventory/secrets/{}/"


@dataclass(frozen=True, slots=True)
class Source:
    """A configuration to take in; `name` says where it is from, `device` is the id of the device that was asked.

    `encoding` is that of the file that it stood in, `management` the address at which a new device was asked, which
    showed the host `key` there.
    """

    name: str
    text: str = field(repr=False)
    device: str | None = None
    encoding: str = ""
    management: IPv4Address | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """A configuration that was read, and the device that it becomes."""

    source: Source
    device: Device
    reading: Reading = field(repr=False)


@dataclass(frozen=True, slots=True)
class Import:
    """What an import comes to: the devices, the links that were found, and what is left open in a line each.

    `unmanaged` are devices that have no management address, with what it could be.
    """

    taken: tuple[Taken, ...]
    links: FoundLinks
    shared: tuple[str, ...] = ()
    unmanaged: tuple[Managed, ...] = ()

    @property
    def devices(self) -> tuple[Device, ...]:
        """The devices as intent is to have them."""
        return tuple(item.device for item in self.taken)

    @property
    def secrets(self) -> Mapping[str, str]:
        """The secrets that were in the configurations, by the references that intent has for them."""
        return {reference: value for item in self.taken for reference, value in item.reading.secrets.items()}

    @property
    def keys(self) -> Mapping[str, str]:
        """The host keys that devices which are new showed where they were asked, by their ids."""
        return {item.device.id: item.source.key for item in self.taken if item.source.key}

    def commands(self, network: Network) -> tuple[c.Command, ...]:
        """What makes it intent; nothing where all is intent already."""
        return commands_taking_over(network, self.devices, self.links.links)


def read_in(
    service: NetworkService,
    sources: Iterable[Source],
    *,
    identity: str | None = None,
    platform: str | None = None,
    observed: Mapping[str, Observed] | None = None,
    management: str | None = None,
) -> Import:
    """Read configurations, and find the links between their devices; nothing is recorded.

    `identity` is the id of a single one's device (without it: its host name), `platform` that of devices which are not
    known yet, `observed` what devices that were asked say of themselves, by their ids (new ones: by the names of their
    sources). `management` is the interface
    whose address is that of the management where a device has none yet, or AUTO.
    Raises ImportRefused, with a line for each thing that stands in the way.
    """
    network = service.intent().network
    taken: list[Taken] = []
    problems: list[str] = []
    for source in sources:
        try:
            taken.append(_read(service, network, source, identity=identity, platform=platform))
        except CimnetError as error:
            problems.append(f"{source.name}: {error.message}")
    problems += [line for item in taken for line in _unfaithful(service, item)]
    problems += _twice(taken)
    if problems:
        raise _refused(problems)
    if management is not None:
        chosen = suggestions(_whole(network, taken), [item.device for item in taken], management)
        taken = [replace(item, device=managed(item.device, chosen)) for item in taken]
    whole = _whole(network, taken)
    devices = {item.device.id: item.device for item in taken}
    shared = share_addresses(devices.values(), whole)
    unmanaged = suggestions(whole, tuple(devices.values()))
    heard = _by_device(taken, observed or {})
    return Import(tuple(taken), find_links(whole, devices, heard), shared, unmanaged)


def _by_device(taken: Iterable[Taken], observed: Mapping[str, Observed]) -> dict[str, Observed]:
    """What devices said, by their ids: those that are new were asked before they had one."""
    new = {item.device.id: observed[item.source.name] for item in taken if item.source.name in observed}
    return {**observed, **new}


def _whole(network: Network, taken: Iterable[Taken]) -> Network:
    """The network with the devices as they are to be."""
    devices = {item.device.id: item.device for item in taken}
    return Network(network.name, created=True, links=set(network.links), devices={**network.devices, **devices})


def _read(
    service: NetworkService, network: Network, source: Source, *, identity: str | None, platform: str | None
) -> Taken:
    engine = reader_of(service)
    known = engine.identify(source.text)
    if known.system and platform is None:
        raise ConfigurationError(_of_another_system(known.system), subject=source.name)
    source = source if known.text is None else replace(source, text=known.text)
    name = hostname(known.name or source.name.rpartition("/")[2].partition(".")[0])
    present = network.devices.get(source.device or identity or "") or network.device_named(name)
    _require_key(present, source, service.environment)
    details = _managed(present.details if present else _details(platform or known.platform), source)
    reading = engine.read(source.text, name=name, details=details, place=SECRETS.format(name))
    device = replace(reading.device, network=network.name, id=present.id if present else identity or name)
    if present is not None and present.kind is not device.kind:
        raise ConfigurationError(
            f"it is that of a {device.kind.value}, and {present.name} is a {present.kind.value} in the intent; "
            "take the configuration in under another id (--as), or remove the device first",
            subject=name,
        )
    return Taken(source, device, reading)


def _details(platform: str) -> DeviceDetails:
    """What is known of a new device; its vendor is the one that has the platform."""
    vendors = platforms_of(DeviceKind.ROUTER)
    vendor = next((vendor for vendor, platforms in vendors.items() if platform in platforms), "cisco")
    check_platform(DeviceKind.ROUTER, vendor, platform)
    return DeviceDetails(vendor=vendor, platform=platform)


def _require_key(present: Device | None, source: Source, environment: str) -> None:
    """A device that is known shows the host key that is pinned, at whatever address."""
    pinned = present.host_keys.get(environment) if present is not None else None
    if present is not None and pinned and source.key and pinned.split()[:2] != source.key.split()[:2]:
        raise ConfigurationError(
            f"it says it is {present.name}, whose pinned host key is another; if it is: cimnet trust {present.name} "
            "--replace",
            subject=present.name,
        )


def _managed(details: DeviceDetails, source: Source) -> DeviceDetails:
    """With the address at which the device was asked, where it has no other one."""
    if source.management is None or details.management is not None:
        return details
    return details.model_copy(update={"management": source.management})


def _of_another_system(system: str) -> str:
    return (
        f"it is a configuration of {system}, which is not read as IOS; with a driver for it installed, name its "
        "platform (--platform); if it is of IOS all the same: --platform ios"
    )


def reader_of(service: NetworkService) -> ConfigurationReader:
    """What reads configurations in. Raises ConfigurationError where the platform's driver does not."""
    engine = service.engine
    if not isinstance(engine, ConfigurationReader):
        raise ConfigurationError("the driver of this platform reads no configurations in", subject="import")
    return engine


def _unfaithful(service: NetworkService, item: Taken) -> Iterator[str]:
    """Lines that would not come out as they went in: a fault of the reader, which must not reach a device."""
    mask = service.engine.mask
    for what, paths in (("would be lost", item.reading.left), ("would be added", item.reading.surplus)):
        for path in paths[:_FEW]:
            yield f"{item.source.name}: {mask(' / '.join(path))!r} {what}"
        if len(paths) > _FEW:
            yield f"{item.source.name}: {len(paths) - _FEW} more lines {what}"


def _twice(taken: Sequence[Taken]) -> Iterator[str]:
    """Two configurations of one device."""
    first: dict[str, str] = {}
    for item in taken:
        before = first.setdefault(item.device.id, item.source.name)
        if before != item.source.name:
            yield f"{item.source.name}: it is that of {item.device.name}, and so is {before}; leave one out"


def _refused(problems: Sequence[str]) -> ImportRefused:
    count = "a problem stands" if len(problems) == 1 else f"{len(problems)} problems stand"
    return ImportRefused(f"{count} in the way: nothing was recorded", subject="import", problems=problems)


# --- recording --------------------------------------------------------------------------------------------------------


def would_record(service: NetworkService, found: Import) -> tuple[tuple[str, Event], ...]:
    """The events that an import would make; nothing is recorded. Raises a DomainError where a rule refuses."""
    return tuple(preview(service.store, service.intent(), found.commands).events)


def record_import(service: NetworkService, found: Import, *, arguments: Mapping[str, Any]) -> ChangeResult:
    """Make intent of what was read, in one transaction; nothing where it is intent already.

    What validation finds is told, and refuses nothing: the devices run it. The secrets have to be where their
    references say. Raises ImportRefused where a device would not come out as it went in, or a rule refuses.
    """
    admission = FaithfulAdmission(
        service.rules, service.judgement(), accepted=True, look=lambda network: _sent(service, found, network)
    )
    return service.change(found.commands, command="import", arguments=dict(arguments), admission=admission)


@dataclass(slots=True)
class FaithfulAdmission(Admission):
    """Refuses a change after which a device would be sent anything."""

    look: Callable[[Network], Iterable[str]] = lambda _: ()

    def end(self, network: Network) -> None:
        """Look at the network after the change. Raises ImportRefused."""
        problems = tuple(self.look(network))
        if problems:
            raise _refused(problems)
        # A dataclass with slots is another class than the one that super() knows.
        Admission.end(self, network)


def _sent(service: NetworkService, found: Import, network: Network) -> Iterator[str]:
    """What would be sent to the devices although nothing should be."""
    for item in found.taken:
        device = network.devices[item.device.id]
        engine = service.engine_of(device)
        comparison = engine.compare(device, item.source.text, engine.render(device, network))
        for line in comparison.commands[:_FEW]:
            yield f"{item.source.name}: {engine.mask(line)!r} would be sent to it"
        for path in comparison.unmodelled[:_FEW]:
            yield f"{item.source.name}: {engine.mask(' / '.join(path))!r} is not in the intent"
