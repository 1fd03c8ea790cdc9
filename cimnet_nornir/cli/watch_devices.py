"""The table of devices in `cimnet watch`: as many columns as the width has room for, the worst devices first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.text import Text

from cimnet_nornir.application.observations import DeviceStatus
from cimnet_nornir.application.watching import View
from cimnet_nornir.cli.output import count, one_line
from cimnet_nornir.cli.watch_words import ago, cut, percent, uptime


class Look(NamedTuple):
    """How a health is shown: a sign, as on the dashboard, and a colour; it can be told without colours too."""

    sign: str
    style: str


HEALTH_LOOKS = {
    "ok": Look("✓", "green"),
    "deploying": Look("▶", "cyan"),
    "drift": Look("≠", "yellow"),
    "failed": Look("✕", "red"),
    "in doubt": Look("?", "bold magenta"),
    "unreachable": Look("!", "bold red"),
    "unknown": Look("\N{EN DASH}", "dim"),
}
_GAP = "  "
_BUSY = 90
# A name is cut, if need be, to no fewer cells.
_SHORTEST = 6


@dataclass(frozen=True, slots=True)
class _Column:
    """A column: what it shows, and whether figures stand at its right edge."""

    title: str
    cell: Callable[[DeviceStatus, View], Text]
    right: bool = False


def device_table(view: View, width: int, lines: int | None) -> RenderableType:
    """The devices in as many lines, the heading among them; the last line tells how many are left out."""
    rows = len(view.devices) if lines is None else max(0, lines - 1)
    left_out = len(view.devices) - rows
    shown = view.devices if left_out <= 0 else view.devices[: max(0, rows - 1)]
    columns = _that_fit(shown, view, width)
    cells = [_cells(columns, status, view) for status in shown]
    widths = _widths(columns, cells, width)
    titles = (_placed(column.title, column, size) for column, size in zip(columns, widths, strict=True))
    heading = Text(_GAP.join(titles).rstrip(), style="dim")
    found = [cut(heading, width), *(_row(columns, row, widths, width) for row in cells)]
    if left_out > 0:
        found.append(cut(Text(f"… and {count(len(view.devices) - len(shown), 'more device')}", style="dim"), width))
    return Group(*found)


def _cells(columns: Sequence[_Column], status: DeviceStatus, view: View) -> list[Text]:
    """What a device has in each column; figures are faint where it does not answer any more, and may be old."""
    cells = [column.cell(status, view) for column in columns]
    if status.reachability != "up":
        for column, cell in zip(columns, cells, strict=True):
            if column.right:
                cell.stylize("dim")
    return cells


def _placed(text: str, column: _Column, size: int) -> str:
    space = " " * (size - cell_len(text))
    return space + text if column.right else text + space


def _row(columns: Sequence[_Column], cells: Sequence[Text], widths: Sequence[int], width: int) -> Text:
    placed = []
    for column, cell, size in zip(columns, cells, widths, strict=True):
        cut(cell, size)
        space = " " * (size - cell.cell_len)
        placed.append(Text.assemble(space, cell) if column.right else Text.assemble(cell, space))
    line = Text(_GAP).join(placed)
    line.rstrip()
    return cut(line, width)


def _that_fit(shown: Sequence[DeviceStatus], view: View, width: int) -> list[_Column]:
    """The columns for which there is room; those that can be missed most easily go first."""
    columns = list(_COLUMNS)
    for title in _CAN_BE_MISSED:
        cells = [[column.cell(status, view) for column in columns] for status in shown]
        if sum(_natural(columns, cells)) + len(_GAP) * (len(columns) - 1) <= width:
            break
        columns = [column for column in columns if column.title != title]
    return columns


def _natural(columns: Sequence[_Column], cells: Sequence[Sequence[Text]]) -> list[int]:
    return [
        max([cell_len(column.title), *(row[place].cell_len for row in cells)]) for place, column in enumerate(columns)
    ]


def _widths(columns: Sequence[_Column], cells: Sequence[Sequence[Text]], width: int) -> list[int]:
    """As wide as need be; where that is too wide, the names are cut."""
    sizes = _natural(columns, cells)
    over = sum(sizes) + len(_GAP) * (len(sizes) - 1) - width
    names = next(place for place, column in enumerate(columns) if column.title == "DEVICE")
    if over > 0:
        sizes[names] = max(min(_SHORTEST, sizes[names]), sizes[names] - over)
    return sizes


# --- cells ------------------------------------------------------------------------------------------------------------


def _health(status: DeviceStatus, _: View) -> Text:
    look = HEALTH_LOOKS.get(status.health, HEALTH_LOOKS["unknown"])
    return Text(f"{look.sign} {status.health}", style=look.style)


def _name(status: DeviceStatus, _: View) -> Text:
    return Text(one_line(status.name))


def _seen(status: DeviceStatus, view: View) -> Text:
    return Text(ago(status.seen, view.at))


def _uptime(status: DeviceStatus, _: View) -> Text:
    return Text(uptime(status.facts.uptime if status.facts else None))


def _load(value: float | None) -> Text:
    return Text(percent(value), style="red" if value is not None and value >= _BUSY else "")


def _cpu(status: DeviceStatus, _: View) -> Text:
    facts = status.facts
    return _load(None if facts is None else facts.cpu if facts.cpu_minute is None else facts.cpu_minute)


def _memory(status: DeviceStatus, _: View) -> Text:
    return _load(status.facts.memory if status.facts else None)


def _ports(status: DeviceStatus, _: View) -> Text:
    """How many of the enabled ports are up: 20/22, with a mark where ports count errors."""
    if status.ports_up is None:
        return Text("-")
    down = status.ports_down or 0
    found = Text(f"{status.ports_up}/{status.ports_up + down}", style="yellow" if down else "")
    return found.append("!", style="red") if status.port_errors else found


def _drift(status: DeviceStatus, _: View) -> Text:
    if not status.drift and status.ignored:
        return Text(f"({status.ignored})", style="dim")
    return Text(str(status.drift), style="yellow") if status.drift else Text("-")


def _lifecycle(status: DeviceStatus, _: View) -> Text:
    """Where it is in its life; a change that is pending is told in its place where it is simply active."""
    if not status.pending:
        return Text(status.lifecycle or "-")
    found = Text("" if status.lifecycle == "active" else f"{status.lifecycle or '-'}, ")
    return found.append("change pending", style="cyan")


_COLUMNS = (
    _Column("HEALTH", _health),
    _Column("DEVICE", _name),
    _Column("SEEN", _seen, right=True),
    _Column("UPTIME", _uptime, right=True),
    _Column("CPU", _cpu, right=True),
    _Column("MEM", _memory, right=True),
    _Column("PORTS", _ports, right=True),
    _Column("DRIFT", _drift, right=True),
    _Column("LIFE", _lifecycle),
)
_CAN_BE_MISSED = ("UPTIME", "MEM", "LIFE", "CPU", "PORTS", "DRIFT", "SEEN")
