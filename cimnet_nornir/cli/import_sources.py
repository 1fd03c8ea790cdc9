"""What `cimnet import` is given: files and folders, hosts of the network, addresses of devices that are new."""

from collections.abc import Sequence
from ipaddress import AddressValueError, IPv4Address
from pathlib import Path
from typing import NamedTuple

import click

from cimnet_nornir.cli.options import Options


class How(NamedTuple):
    """How configurations are asked for and read."""

    method: str
    identity: str | None
    platform: str | None
    management: str | None
    trusting: bool


class Sources(NamedTuple):
    """The sources by what they are."""

    files: tuple[Path, ...]
    hosts: tuple[str, ...]
    addresses: tuple[IPv4Address, ...]


def sorted_out(options: Options, sources: Sequence[str]) -> Sources:
    """Each source as what it is; what is none is said in a line."""
    views = options.service.hosts()
    names = {name for host in views for name in (host.name, host.device)}
    managed = {host.management: host.name for host in views if host.management}
    files, hosts, addresses = [], [], []
    for source in sources:
        if Path(source).exists():
            files.append(Path(source))
        elif source in names or source in managed:
            hosts.append(managed.get(source, source))
        elif (address := _address(source)) is not None:
            addresses.append(address)
        else:
            raise click.UsageError(f"{source!r} is no file, no folder, no device of the network and no address")
    return Sources(tuple(files), tuple(dict.fromkeys(hosts)), tuple(dict.fromkeys(addresses)))


def _address(text: str) -> IPv4Address | None:
    try:
        return IPv4Address(text)
    except AddressValueError:
        return None
