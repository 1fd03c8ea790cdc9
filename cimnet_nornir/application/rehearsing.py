"""Configurations of real devices for the devices of the lab: a copy of the network, to rehearse on."""

from collections import defaultdict, deque
from collections.abc import Iterable

from cimnet_nornir.application.importing import Source, reader_of
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.comparison import Path
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.network import Network
from cimnet_nornir.errors import InvalidInput


def copies_of(service: NetworkService, sources: Iterable[Source]) -> dict[str, str]:
    """The configurations by the ids of the devices whose host names stand in them.

    Secrets that were masked when a configuration was kept are those of the intent again. Raises InvalidInput for a
    configuration of no device of the network, and for a second one of a device.
    """
    network, reader = service.network(), reader_of(service)
    found: dict[str, Source] = {}
    texts: dict[str, str] = {}
    for source in sources:
        known = reader.identify(source.text)
        name = known.name or source.name.rpartition("/")[2].partition(".")[0]
        device = network.device_named(name)
        if device is None or device.is_host:
            raise InvalidInput(
                f"{source.name}: it is that of {name}, which is no router or switch of the network; "
                f"take it over first: cimnet import {source.name}",
                subject=name,
            )
        before = found.setdefault(device.id, source)
        if before is not source:
            raise InvalidInput(
                f"{source.name}: it is that of {name}, and so is {before.name}; leave one out", subject=name
            )
        texts[device.id] = _unmasked(service, network, device, known.text or source.text)
    return texts


def _unmasked(service: NetworkService, network: Network, device: Device, text: str) -> str:
    """The text with the secrets of the intent in the lines that are the intent's but for a mask."""
    engine = service.engine_of(device)
    clear: dict[Path, deque[str]] = defaultdict(deque)
    for path in engine.paths(engine.reveal(engine.render(device, network))):
        masked = tuple(map(engine.mask, path))
        if masked != path:
            clear[masked].append(path[-1])
    paths = iter(engine.paths(text))
    lines = text.splitlines()
    for number, line in enumerate(lines):
        word = line.strip()
        if not word or word == "!":
            continue
        meant = clear.get(next(paths))
        if meant:
            lines[number] = line.replace(word, meant.popleft())
    return "\n".join(lines) + "\n"
