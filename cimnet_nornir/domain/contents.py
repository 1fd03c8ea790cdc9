"""An intent as a flat table: what stands at each place of it. Two intents are compared, and parts restored, by it.

The table is made by going through the fields of a network and its devices, whatever they are, so that a new field is
compared and restored without being named here.
"""

import re
from collections.abc import Collection, Hashable, Iterator, Mapping, MutableMapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from pydantic import BaseModel

from cimnet_nornir.domain.network import Network

Place = tuple[Hashable, ...]
"""Where something stands: fields and keys from the network down, ("devices", "sw1", "vlans", 10)."""


_DIGITS = 10


class Presence(Enum):
    """What stands at the place of a thing that has places of its own, and at a place where nothing stands."""

    THERE = "there"
    ABSENT = "absent"


NOT_INTENT: Mapping[tuple[str, str], str] = {
    ("Network", "name"): "a network keeps its name",
    ("Device", "network"): "a device stays in its network",
    ("Device", "id"): "a device keeps its id",
    ("Device", "removed"): "a removed device is none of the network's",
    ("ContainerNetwork", "network"): "it stays in its network",
    ("ContainerNetwork", "name"): "it keeps its name",
    ("ContainerNetwork", "removed"): "a removed one is none of the network's",
    ("VmNetwork", "network"): "it stays in its network",
    ("VmNetwork", "name"): "it keeps its name",
    ("VmNetwork", "removed"): "a removed one is none of the network's",
    ("Device", "host_keys"): "a pinned host key is trust, not intent: cimnet trust pins it again",
}
"""Fields, by class and name, that no comparison and no rollback is about, each with the reason."""


def contents(thing: object, place: Place = ()) -> dict[Place, object]:
    """What stands at each place of a network, or of a part of it that stands at `place`.

    The order of a tuple's items means nothing: each is a place of its own.
    """
    return dict(_walk(thing, place))


def _walk(thing: object, place: Place) -> Iterator[tuple[Place, object]]:
    if is_dataclass(thing) and not isinstance(thing, type):
        if place:
            yield place, Presence.THERE
        for name in _field_names(thing):
            yield from _inside(getattr(thing, name), (*place, name))
    else:
        yield place, thing


def _inside(value: object, place: Place) -> Iterator[tuple[Place, object]]:
    """What a field holds: things by their keys, members of a set or tuple, or one value."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _walk(item, (*place, key))
    elif isinstance(value, AbstractSet | tuple | list):
        yield from (((*place, item), item) for item in value)
    else:
        yield place, value


def _field_names(thing: object) -> tuple[str, ...]:
    kind = type(thing)
    return tuple(item.name for item in fields(kind) if (kind.__name__, item.name) not in NOT_INTENT)  # type: ignore[arg-type]  # the caller has seen that it is a dataclass


def differences(before: Mapping[Place, object], after: Mapping[Place, object]) -> tuple[Place, ...]:
    """The places where two intents differ, in an order that people can follow."""
    found = [place for place in after if before.get(place, Presence.ABSENT) != after[place]]
    found += [place for place in before if place not in after]
    return tuple(sorted(found, key=sort_key))


def sort_key(place: Place) -> tuple[str, ...]:
    """What places are sorted by: as text, but numbers in it by their value (Gi0/2 before Gi0/10)."""
    return tuple(re.sub(r"\d+", lambda digits: digits[0].zfill(_DIGITS), str(part)) for part in place)


def with_places(now: Network, then: Network, places: Collection[Place]) -> Network:
    """A network like `now`, but as in `then` at these places. Neither of the two is changed."""
    result: Network = fork(now)
    for place in sorted(places, key=len):
        _take(result, then, place)
    return result


def _take(now: Any, then: Any, place: Place) -> None:
    """Make one place below `now`, which may be changed, what it is below `then`."""
    key, rest = place[0], place[1:]
    if is_dataclass(now):
        _take_field(now, then, str(key), rest)
    elif isinstance(now, MutableMapping):
        _take_key(now, then, key, rest)


def _take_field(now: Any, then: Any, name: str, rest: Place) -> None:
    ours, theirs = getattr(now, name), getattr(then, name)
    if not rest:
        setattr(now, name, fork(theirs))
    elif isinstance(ours, AbstractSet | tuple | list):
        setattr(now, name, _with_member(ours, theirs, rest[0]))
    else:
        _take(ours, theirs, rest)


def _take_key(now: MutableMapping[Any, Any], then: Mapping[Any, Any], key: Hashable, rest: Place) -> None:
    if key not in then:
        if not rest:
            now.pop(key, None)
    elif not rest:
        # A thing with places of its own that is there already stays; its places are taken one by one.
        if key not in now or not is_dataclass(now[key]):
            now[key] = fork(then[key])
    elif key in now:
        _take(now[key], then[key], rest)


def _with_member(ours: Any, theirs: Any, item: Hashable) -> Any:
    """A set or tuple with the item, or without it, as the other has it; in a tuple it comes last."""
    others = [other for other in ours if other != item]
    if item not in theirs:
        return type(ours)(others)
    return ours if item in ours else type(ours)([*others, item])


def fork(thing: Any) -> Any:
    """A copy that can be changed: things and containers are copied, values are shared."""
    if isinstance(thing, BaseModel):
        return thing
    if is_dataclass(thing) and not isinstance(thing, type):
        return _fork_dataclass(thing)
    if isinstance(thing, Mapping):
        return {key: fork(item) for key, item in thing.items()}
    return set(thing) if isinstance(thing, set) else thing


def _fork_dataclass(thing: Any) -> Any:
    if type(thing).__dataclass_params__.frozen:
        return thing
    return type(thing)(**{item.name: fork(getattr(thing, item.name)) for item in fields(thing) if item.init})
