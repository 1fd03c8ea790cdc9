"""What a plan is about, in words that the command line and the reports share."""

from collections.abc import Iterable, Iterator

from cimnet_nornir.application.order import hosts_first, hosts_last
from cimnet_nornir.application.outcomes import PushOutcome
from cimnet_nornir.application.plan import DevicePlan, Plan, Unread, takes_away
from cimnet_nornir.domain.events import Carried


def count(number: int, thing: str) -> str:
    """A number with its thing: 1 device, 3 devices."""
    return f"{number} {thing if number == 1 else thing + 's'}"


def tally(devices: Iterable[DevicePlan | Unread]) -> str:
    """How many there are: "3 devices", or "3 devices and 1 host" where hosts are among them."""
    return tally_of(device.kind == "host" for device in devices)


def tally_of(are_hosts: Iterable[bool]) -> str:
    """The same, told of each whether it is a host."""
    found = list(are_hosts)
    hosts = sum(found)
    parts = [count(len(found) - hosts, "device")] if len(found) > hosts or not found else []
    return " and ".join([*parts, *([count(hosts, "host")] if hosts else [])])


def done_of(outcomes: Iterable[PushOutcome]) -> str:
    """How many hold what was intended: "7 of 8 devices", or "8 of 8 devices and 1 of 1 host"."""
    kinds: dict[bool, list[bool]] = {False: [], True: []}
    for outcome in outcomes:
        kinds[outcome.device.kind == "host"].append(outcome.applied)
    said = [
        f"{sum(applied)} of {count(len(applied), 'host' if is_host else 'device')}"
        for is_host, applied in kinds.items()
        if applied
    ]
    return " and ".join(said or ["0 of 0 devices"])


def changed_lines(device: DevicePlan) -> int:
    """The lines of its difference that come or go."""
    return sum(line.startswith(("+", "-")) for line in device.diff.splitlines())


def destructive_words(device: DevicePlan) -> Iterator[str]:
    """The commands that take something away from the device, a text for each section of it; none of a host's."""
    sections: dict[tuple[str, ...], list[str]] = {}
    for item in device.carries if device.kind != "host" else ():
        if takes_away(item):
            sections.setdefault(_place_of(item), []).append(item.line.strip())
    for section, lines in sections.items():
        yield ": ".join((*section, "; ".join(lines)))


def _place_of(item: Carried) -> tuple[str, ...]:
    """Where a command is typed; what it is about is told where the command does not name it, as `shutdown`."""
    names_it = set(item.line.split()) & set(item.path[-1].split()) if item.path else True
    return item.path[:-1] if names_it else item.path


def by_how_much(devices: Iterable[DevicePlan]) -> str:
    """Devices with the commands that they get, and hosts with the lines of their modules that change."""
    kinds: dict[bool, list[DevicePlan]] = {False: [], True: []}
    for device in devices:
        kinds[device.kind == "host"].append(device)
    said = [
        f"{count(len(group), 'host' if is_host else 'device')}{'' if is_host and kinds[False] else ' to change'}"
        f" by {_changes(group, are_hosts=is_host)}"
        for is_host, group in kinds.items()
        if group
    ]
    return " and ".join(said)


def _changes(group: Iterable[DevicePlan], *, are_hosts: bool) -> str:
    if are_hosts:
        return count(sum(map(changed_lines, group)), "line")
    return count(sum(len(device.commands) for device in group), "command")


def order_words(plan: Plan) -> str:
    """In which order hosts and switches are changed; empty where there is nothing to say of it."""
    hosts = [device for device in plan.changes if device.kind == "host"]
    if not hosts or len(plan.changes) == 1:
        return ""
    return "order: " + ", then ".join(_steps(plan, others=len(plan.changes) > len(hosts)))


def _steps(plan: Plan, *, others: bool) -> Iterator[str]:
    first, last = hosts_first(plan), hosts_last(plan)
    if first:
        yield f"{', '.join(first)} (taking away only)"
    if others:
        yield "switches and routers"
    if last:
        yield ", ".join(last)
