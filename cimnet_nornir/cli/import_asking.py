"""Devices that `cimnet import` asks for what they run: those of the network, and those at addresses."""

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import click

from cimnet_nornir.cli.output import count, note, odd, table
from cimnet_nornir.cli.progress import progress

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from ipaddress import IPv4Address

    from cimnet_nornir.application.importing import Source
    from cimnet_nornir.application.observations import Observed
    from cimnet_nornir.application.ports import ReadResult
    from cimnet_nornir.cli.import_sources import How
    from cimnet_nornir.cli.options import Options
    from cimnet_nornir.errors import DeviceError
    from cimnet_nornir.tasks.port import NornirDevices


class Answers(NamedTuple):
    """What devices run, whom they hear, and why others were not read."""

    sources: "Sequence[Source]" = ()
    observed: "Mapping[str, Observed]" = MappingProxyType({})
    unread: "Sequence[DeviceError]" = ()


class _Asked(NamedTuple):
    """The texts and observations of those that answered, by id, and the errors of the others."""

    texts: "Mapping[str, str]"
    observed: "Mapping[str, Observed]"
    unread: "Sequence[DeviceError]"


def ask_hosts(options: "Options", hosts: "Sequence[str]", how: "How") -> Answers:
    """What devices of the network run, and whom they hear; those that do not answer are told of and left out."""
    from cimnet_nornir.application.importing import Source

    names = options.chosen(tuple(hosts))
    ids = {device.id: device.name for device in options.service.devices(names)}
    if not options.json:
        note(f"environment: {options.settings.environment}, {options.tally(names)}")
    with options.devices() as devices:
        asked = _ask(options, devices, list(ids), how)
    sources = [Source(ids[device], text, device) for device, text in asked.texts.items()]
    return Answers(sources, asked.observed, asked.unread)


def ask_addresses(options: "Options", addresses: "Sequence[IPv4Address]", how: "How") -> Answers:
    """The same of devices that are in no network yet, once somebody trusts the host keys that they show."""
    from ipaddress import IPv4Address

    from cimnet_nornir.application.importing import Source
    from cimnet_nornir.bootstrap import strange_devices

    settings = options.settings
    if settings.environment == "lab":
        raise click.UsageError(f"{addresses[0]} is the address of a real device, and this is the lab: --env real")
    names = [str(address) for address in addresses]
    if not options.json:
        note(f"environment: {settings.environment}, {count(len(names), 'device')}")
    platform = how.platform or "ios"
    with (
        strange_devices(settings, addresses, {}, platform=platform) as devices,
        progress("asking", len(names), verbose=options.verbose > 0) as tell,
    ):
        shown = devices.host_keys(names, progress=tell)
    keys = {name: key for name, key in shown.items() if isinstance(key, str)}
    unread = _told(shown)
    _trust(options, keys, trusting=how.trusting)
    with strange_devices(settings, addresses, keys, platform=platform) as devices:
        asked = _ask(options, devices, list(keys), how)
    sources = [Source(name, text, management=IPv4Address(name), key=keys[name]) for name, text in asked.texts.items()]
    return Answers(sources, asked.observed, (*unread, *asked.unread))


def _ask(options: "Options", devices: "NornirDevices", ids: "Sequence[str]", how: "How") -> _Asked:
    with progress("reading", len(ids), verbose=options.verbose > 0) as tell:
        readings = devices.read(ids, method=how.method, progress=tell)
    texts = {device: reading for device, reading in readings.items() if isinstance(reading, str)}
    with progress("asking", len(texts), verbose=options.verbose > 0) as tell:
        answers = devices.collect(list(texts), method=how.method, progress=tell)
    observed = {device: each for device, each in answers.items() if not isinstance(each, Exception)}
    return _Asked(texts, observed, _told(readings))


def _told(readings: "Mapping[str, ReadResult]") -> "Sequence[DeviceError]":
    """The errors, each told in a line."""
    unread = [reading for reading in readings.values() if not isinstance(reading, str)]
    for error in unread:
        note(f"cimnet: error: {error.message}")
    return unread


def _trust(options: "Options", keys: "Mapping[str, str]", *, trusting: bool) -> None:
    """Show the keys, and go on when somebody says that they are right: no password is sent before."""
    from cimnet_nornir.application.host_keys import fingerprint

    for line in table([(name, odd("new"), fingerprint(key)) for name, key in keys.items()]):
        note(line)
    if not keys or trusting:
        return
    if not options.interactive:
        raise click.ClickException("no password was sent: nobody is there to trust these host keys; say --yes")
    click.confirm(f"Trust {count(len(keys), 'key')} and log in?", abort=True, err=True)
