"""Deployments in `cimnet watch`: how far each is, and where each of its devices stands."""

from collections import Counter
from collections.abc import Iterator

from rich.text import Text

from cimnet_nornir.application.progress_view import PUSHING, WAITING, DeploymentProgress, DeviceProgress
from cimnet_nornir.application.watching import Running, View
from cimnet_nornir.cli.output import count, one_line
from cimnet_nornir.cli.watch_words import cut

_BAR = 20
# A device with what it is doing fits into so many cells, unless there is a reason to be told.
_CELL = 36
_GAP = 2
_FINE = frozenset({"applied", "unchanged"})
# The steps of a host's deployment, in their order.
_STEPS = ("built", "armed", "activated", "confirmed", "kept")


def deployment_lines(view: View, width: int, lines: int | None) -> list[Text]:
    """All deployments in sight; where lines are few, devices that wait or are done go first."""
    found: list[Text] = []
    for item in sorted(view.deployments, key=lambda item: not item.running):
        found += [cut(line, width) for line in _lines(item, view, width)]
    if lines is None or len(found) <= lines:
        return found
    return [*found[: lines - 1], cut(Text(f"  … {count(len(found) - lines + 1, 'more line')}", style="dim"), width)]


def _lines(item: Running, view: View, width: int) -> Iterator[Text]:
    progress = item.progress
    yield _title(item, view)
    yield _bar(progress)
    shown = [device for device in progress.devices.values() if item.running or device.stage not in _FINE]
    told = [_device(device, view) for device in sorted(shown, key=_interest)]
    yield from (line for line in told if line.cell_len > _CELL)
    yield from _beside_each_other([line for line in told if line.cell_len <= _CELL], width)


def _beside_each_other(cells: list[Text], width: int) -> Iterator[Text]:
    """Short lines in columns, as many as there is room for."""
    size = max((cell.cell_len for cell in cells), default=0) + _GAP
    columns = max(1, width // size)
    for first in range(0, len(cells), columns):
        row = Text()
        for cell in cells[first : first + columns]:
            row.append_text(cell).pad_right(size - cell.cell_len)
        row.rstrip()
        yield row


def _title(item: Running, view: View) -> Text:
    progress = item.progress
    said = [f"by {one_line(progress.actor)}", one_line(progress.reason)]
    said += [f"wave {progress.wave} of {progress.waves}"] if progress.waves else []
    said += [f"transaction: {progress.decision}"] if progress.decision else []
    line = Text.assemble((f"deployment {progress.id[:8]}", "bold"), "  ", _state(item, view))
    return line.append("  " + ", ".join(word for word in said if word), style="dim")


def _state(item: Running, view: View) -> tuple[str, str]:
    progress = item.progress
    if item.broken:
        return "broken off: cimnet recover", "bold magenta"
    if progress.finished is None:
        return f"running for {(view.at - progress.started).total_seconds():.0f} s", "cyan"
    took = f"{progress.seconds:.1f} s" if progress.seconds is not None else ""
    fine = all(device.stage in _FINE for device in progress.devices.values())
    return (f"done in {took}", "green") if fine else (f"ended in {took}", "red")


def _bar(progress: DeploymentProgress) -> Text:
    """How many devices have an outcome, and how many have which."""
    total = max(len(progress.devices), 1)
    full = _BAR * progress.done // total
    fine = all(device.stage in _FINE for device in progress.devices.values() if device.done)
    line = Text.assemble("  ", ("━" * full, "green" if fine else "red"), ("─" * (_BAR - full), "dim"))
    line.append(f" {progress.done}/{len(progress.devices)}")
    counts = Counter(device.stage for device in progress.devices.values())
    words = ", ".join(f"{number} {stage}" for stage, number in counts.most_common())
    return line.append(f"  {words}", style="dim") if words else line


def _interest(device: DeviceProgress) -> tuple[int, str]:
    """What is under way first, then what went wrong, what waits, and what is well."""
    if not device.done and device.stage != WAITING:
        return 0, device.device
    if device.done and device.stage not in _FINE:
        return 1, device.device
    return (3 if device.done else 2), device.device


def _device(device: DeviceProgress, view: View) -> Text:
    sign, style = _sign(device)
    name = one_line(view.names.get(device.device, device.device))
    line = Text.assemble("  ", (f"{sign} {name}", style), "  ", device.stage)
    if device.stage in _STEPS:
        line.append(f" ({_STEPS.index(device.stage) + 1} of {len(_STEPS)} steps)")
    if not device.done and device.since is not None:
        line.append(f" for {(view.at - device.since).total_seconds():.0f} s")
    elif device.seconds:
        line.append(f" in {device.seconds:.1f} s")
    return line.append(f": {one_line(device.reason)}", style="dim") if device.reason else line


def _sign(device: DeviceProgress) -> tuple[str, str]:
    if device.done:
        return ("✓", "green") if device.stage in _FINE else ("✕", "red")
    return ("▶", "cyan") if device.stage in (PUSHING, *_STEPS, "reverted") else ("\N{EN DASH}", "dim")
