"""Two moments compared: what was intended, what the inventory said, what was to be configured."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from difflib import unified_diff
from typing import Any, Literal

from cimnet_nornir.application.operations.core import Core
from cimnet_nornir.application.place_words import changed_words, device_words, place_words
from cimnet_nornir.domain.contents import Place, Presence, contents, differences
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.interfaces import short_interface
from cimnet_nornir.domain.network import Link, Network
from cimnet_nornir.errors import RenderError
from cimnet_nornir.projections.inventory import HostView, hosts_of

# Where a device or a network of a host stands as a whole: a field of the network, and a name in it.
_WHOLE = 2

Change = Literal["added", "removed", "changed"]
Of = Literal["intent", "inventory", "configuration"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: where it stands, what it was and is (None where it was or is not), and words for it."""

    change: Change
    place: Place
    before: object
    after: object
    words: str


@dataclass(frozen=True, slots=True)
class DeviceDifference:
    """All that differs on a device: `name` is its host name at the later moment, `formerly` at the earlier one.

    `device` is its id, empty for what belongs to no single device. `change` tells whether it came or went as a whole.
    """

    device: str
    name: str
    formerly: str
    change: Change
    differences: tuple[Difference, ...] = ()
    diff: str = ""
    problem: str = ""


def compare_intent(
    core: Core, a: int, b: int | None, *, devices: Collection[str] | None = None
) -> tuple[DeviceDifference, ...]:
    """What was intended at two positions (None: now), device by device in the order of their names, links last."""
    before, after = core.intent(a).network, core.intent(b).network
    was, is_now = contents(before), contents(after)
    found: dict[str, list[Difference]] = {}
    for place in differences(was, is_now):
        for owner in _owners(place):
            if devices is None or owner in devices or (not owner and _touches(place, devices)):
                found.setdefault(owner, []).append(_difference(place, was, is_now))
    groups = [_group(owner, before, after, items) for owner, items in found.items()]
    return tuple(sorted(groups, key=lambda group: (not group.device, group.name)))


def _owners(place: Place) -> tuple[str, ...]:
    return (str(place[1]),) if place[0] == "devices" else ("",)


def _touches(place: Place, devices: Collection[str]) -> bool:
    link = place[-1]
    return isinstance(link, Link) and bool({link.a[0], link.b[0]} & set(devices))


def _group(owner: str, before: Network, after: Network, items: list[Difference]) -> DeviceDifference:
    if not owner:
        named = [_with_host_names(item, before, after) for item in items if not _is_whole_network(item.place)]
        return DeviceDifference("", "", "", "changed", tuple(named))
    was, is_now = before.devices.get(owner), after.devices.get(owner)
    present = is_now or was
    name = present.name if present else owner
    formerly = was.name if was else ""
    if was and is_now:
        return DeviceDifference(owner, name, formerly, "changed", tuple(items))
    change: Change = "added" if is_now else "removed"
    return DeviceDifference(owner, name, formerly, change, tuple(_of_whole(owner, present, change, items)))


def _of_whole(owner: str, device: Device | None, change: Change, items: Iterable[Difference]) -> Iterator[Difference]:
    """The device itself, then what is configured on it; what makes it up is in the words for it."""
    whole = ("devices", owner)
    for item in items:
        if item.place == whole and device is not None:
            yield Difference(change, whole, item.before, item.after, device_words(device))
        elif len(item.place) > len(whole) + 1 and item.place[2] != "ports":
            yield item


def _is_whole_network(place: Place) -> bool:
    """Whether it says only that a network of containers or machines is there; its settings say it too, and how."""
    return place[0] in ("container_networks", "vm_networks") and len(place) == _WHOLE


def _with_host_names(item: Difference, before: Network, after: Network) -> Difference:
    link = item.place[-1]
    if not isinstance(link, Link):
        return item
    network = after if item.change == "added" else before
    ends = [f"{_host_name(network, end[0])} {short_interface(end[1])}" for end in (link.a, link.b)]
    return Difference(item.change, item.place, item.before, item.after, f"link {ends[0]} - {ends[1]}")


def _host_name(network: Network, identity: str) -> str:
    device = network.devices.get(identity)
    return device.name if device else identity


def _difference(place: Place, was: Mapping[Place, object], is_now: Mapping[Place, object]) -> Difference:
    before, after = was.get(place, Presence.ABSENT), is_now.get(place, Presence.ABSENT)
    if before is Presence.ABSENT:
        return Difference("added", place, None, after, place_words(place, after))
    if after is Presence.ABSENT:
        return Difference("removed", place, before, None, place_words(place, before))
    return Difference("changed", place, before, after, changed_words(place, before, after))


# --- inventory --------------------------------------------------------------------------------------------------------


def compare_inventory(
    core: Core, a: int, b: int | None, *, devices: Collection[str] | None = None
) -> tuple[DeviceDifference, ...]:
    """What the inventory said at two positions: hosts, their groups and facts."""
    before, after = ({host.device: host for host in _hosts(core, at)} for at in (a, b))
    groups = [
        _host_difference(identity, before.get(identity), after.get(identity))
        for identity in {**before, **after}
        if devices is None or identity in devices
    ]
    return tuple(sorted((group for group in groups if group.differences), key=lambda group: group.name))


def _hosts(core: Core, at: int | None) -> tuple[HostView, ...]:
    return hosts_of(core.intent(at).network, core.environment)


def _host_difference(identity: str, was: HostView | None, is_now: HostView | None) -> DeviceDifference:
    name = is_now.name if is_now else was.name if was else identity
    formerly = was.name if was else ""
    change: Change = "changed" if was and is_now else "added" if is_now else "removed"
    old, new = _told(was), _told(is_now)
    if was is None or is_now is None:
        whole = Difference(change, (identity,), old or None, new or None, f"host {name}")
        return DeviceDifference(identity, name, formerly, change, (whole,))
    items = tuple(
        Difference("changed", place, old.get(place), new.get(place), _fact_words(place, old.get(place), new.get(place)))
        for place in differences(old, new)
    )
    return DeviceDifference(identity, name, formerly, change, items)


def _told(host: HostView | None) -> dict[Place, object]:
    if host is None:
        return {}
    rows: dict[Place, object] = {
        (item.name,): getattr(host, item.name) for item in fields(HostView) if item.name not in ("device", "facts")
    }
    # The name and the management address stand among the facts too.
    facts: dict[Place, object] = {("facts", key): value for key, value in host.facts.items() if (key,) not in rows}
    return rows | facts


def _fact_words(place: Place, before: object, after: object) -> str:
    name = str(place[-1])
    if isinstance(before, tuple) and isinstance(after, tuple):
        gone = [f"-{item}" for item in before if item not in after]
        new = [f"+{item}" for item in after if item not in before]
        return f"{name}: {' '.join((*gone, *new))}"
    return changed_words(place, before, after)


# --- configurations ---------------------------------------------------------------------------------------------------


def compare_configurations(
    core: Core, a: int, b: int | None, *, devices: Collection[str] | None = None
) -> tuple[DeviceDifference, ...]:
    """What was to be configured at two positions, as unified diffs; rendered with the templates as they are now."""
    before, after = core.intent(a).network, core.intent(b).network
    # Servers that nothing is deployed to have no text of a configuration that could differ.
    devices_of_both = {**before.devices, **after.devices}
    present = {name: device for name, device in devices_of_both.items() if core.configures(device)}
    identities = [name for name in present if devices is None or name in devices]
    groups = [_configuration(core, identity, before, after) for identity in identities]
    return tuple(sorted((group for group in groups if group.diff or group.problem), key=lambda group: group.name))


def _configuration(core: Core, identity: str, before: Network, after: Network) -> DeviceDifference:
    was, is_now = before.devices.get(identity), after.devices.get(identity)
    present = is_now or was
    name = present.name if present else identity
    change: Change = "changed" if was and is_now else "added" if is_now else "removed"
    found = DeviceDifference(identity, name, was.name if was else "", change)
    try:
        old = core.engine_of(was).render(was, before) if was else ""
        new = core.engine_of(is_now).render(is_now, after) if is_now else ""
    except RenderError as error:
        return DeviceDifference(identity, name, found.formerly, change, problem=error.message)
    lines = unified_diff(
        old.splitlines(), new.splitlines(), f"{found.formerly or name} before", f"{name} after", lineterm=""
    )
    engine = core.engine_of(present) if present else core.engine
    return DeviceDifference(identity, name, found.formerly, change, diff=engine.mask("\n".join(lines)))


Compare = Callable[..., tuple[DeviceDifference, ...]]
COMPARISONS: Mapping[Of, Compare] = {
    "intent": compare_intent,
    "inventory": compare_inventory,
    "configuration": compare_configurations,
}


def as_plain(value: object) -> Any:
    """A value of a difference as JSON can hold it."""
    from pydantic_core import to_jsonable_python

    if value is Presence.THERE:
        return True
    return to_jsonable_python(value, fallback=str)
