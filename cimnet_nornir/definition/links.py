"""Links of a definition file: each end a device and a port that are there, and a port holds one cable."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches

from cimnet_nornir.definition.problems import Problems, suggest
from cimnet_nornir.domain.desired import DesiredDevice
from cimnet_nornir.domain.network import Link
from cimnet_nornir.domain.values import Endpoint, port_name
from cimnet_nornir.errors import InvalidValue

_End = tuple[str, str]


def compile_links(
    links: tuple[tuple[_End, ...] | None, ...],
    devices: Mapping[str, DesiredDevice],
    left_out: Collection[str],
    ids: Mapping[str, str],
    problems: Problems,
) -> frozenset[Link]:
    """The links of the file, by device ids. A device that the file leaves out may be one of `ids`, present already.

    `left_out` are hosts of the file that could not be compiled; links to them are passed over.
    """
    found: set[Link] = set()
    taken: dict[_End, int] = {}
    for index, ends in enumerate(links):
        if ends is None or any(host in left_out for host, _ in ends):
            continue
        resolved = [_resolve(end, (index, side), devices, ids, problems) for side, end in enumerate(ends)]
        named = [(host, end.port if end else port) for (host, port), end in zip(ends, resolved, strict=True)]
        free = [_is_free(end, (index, side), taken, problems) for side, end in enumerate(named)]
        one, other = resolved[0], resolved[-1]
        if one is not None and other is not None and all(free):
            found.add(Link.between(one, other))
    return frozenset(found)


def _resolve(
    end: _End,
    at: tuple[int, int],
    devices: Mapping[str, DesiredDevice],
    ids: Mapping[str, str],
    problems: Problems,
) -> Endpoint | None:
    host, written = end
    path = ("links", *at)
    device = devices.get(host)
    if device is None:
        if host not in ids:
            problems.add(f"there is no device {host}{suggest(host, devices)}", path)
            return None
        # What kind of device it is, is known where it is: the port is read there.
        return Endpoint(device=ids[host], port=written)
    try:
        port = port_name(device.kind, written)
    except InvalidValue as error:
        problems.add(error.message, path)
        return None
    if port not in device.ports:
        near = get_close_matches(port, device.ports, n=1)
        hint = f"; did you mean {near[0]}?" if near else "; add it to its ports"
        problems.add(f"{host} has no port {port}{hint}", path)
        return None
    return Endpoint(device=device.id, port=port)


def _is_free(end: _End, at: tuple[int, int], taken: dict[_End, int], problems: Problems) -> bool:
    index = at[0]
    first = taken.setdefault(end, index)
    if first != index:
        line = problems.line(("links", first))
        problems.add(f"{' '.join(end)} is linked in line {line} already; a port holds one cable", ("links", *at))
    return first == index
