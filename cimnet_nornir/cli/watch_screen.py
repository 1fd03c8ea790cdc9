"""What `cimnet watch` shows: one frame, as wide and as high as the terminal is."""

from collections import Counter

from rich.console import Group, RenderableType
from rich.text import Text

from cimnet_nornir.application.watching import WORST_FIRST, View
from cimnet_nornir.cli.output import count, one_line
from cimnet_nornir.cli.watch_deployments import deployment_lines
from cimnet_nornir.cli.watch_devices import HEALTH_LOOKS, device_table
from cimnet_nornir.cli.watch_events import event_lines
from cimnet_nornir.cli.watch_words import cut

_HEAD = 3
# Of what is left of the terminal's height: deployments have no more than half, events no less than a third.
_LEAST = 4
_APART = 2
_KEYS = "q ends it"


def screen(view: View, width: int, height: int | None = None, *, state: str = "") -> RenderableType:
    """A frame of that width; of no more than `height` lines where one is given, else with all devices.

    `state` says whether it is live, or why not.
    """
    deployments = deployment_lines(view, width, None if height is None else max(_LEAST, (height - _HEAD) // 2))
    left = None if height is None else height - _HEAD - len(deployments) - bool(deployments)
    devices, events = _shares(len(view.devices), len(view.events), left)
    parts: list[RenderableType] = [_head(view, width, state), _summary(view, width, keys=bool(state)), Text("")]
    parts += [device_table(view, width, devices)] if view.devices else [_nothing(width)]
    parts += [Text(""), *deployments] if deployments else []
    if events:
        parts += [Text(""), *event_lines(view, width, events)]
    return Group(*parts)


def _shares(devices: int, events: int, left: int | None) -> tuple[int | None, int]:
    """How many lines the devices have, and how many events are shown below a blank line and a heading."""
    if left is None:
        return None, events
    wanted = max(devices, 1) + 1
    least = min(events + 2, max(_LEAST, left // 3)) if events else 0
    for_devices = max(min(wanted, left - least), min(wanted, 2))
    return for_devices, max(0, min(events, left - for_devices - 2))


def _head(view: View, width: int, state: str) -> Text:
    """The network on the left, how far it is on the right; what does not fit is left out from the right."""
    left = Text.assemble((one_line(view.network), "bold"), f" · {view.environment}")
    parts = [Text(f"event {view.position}"), Text(f"{view.at.astimezone():%H:%M:%S}")]
    parts = [_state(state), *parts] if state else parts
    while parts:
        right = Text("  ").join(parts)
        space = width - left.cell_len - right.cell_len
        if space >= _APART:
            return Text.assemble(left, " " * space, right)
        parts.pop()
    return cut(left, width)


def _state(state: str) -> Text:
    return Text("● live", style="green") if state == "live" else Text(f"○ {state}", style="yellow")


def _summary(view: View, width: int, *, keys: bool) -> Text:
    """How many devices are in which health, the worst first; what can be pressed on the right."""
    counts = Counter(status.health for status in view.devices)
    line = Text(count(len(view.devices), "device"))
    for place, health in enumerate(name for name in WORST_FIRST if counts[name]):
        line.append(": " if place == 0 else ", ")
        line.append(f"{counts[health]} {health}", style=HEALTH_LOOKS[health].style)
    waiting = sum(status.pending for status in view.devices)
    if waiting:
        line.append(f"; change pending on {waiting}", style="cyan")
    space = width - line.cell_len - len(_KEYS)
    return line.append(" " * space + _KEYS, style="dim") if keys and space >= _APART else cut(line, width)


def _nothing(width: int) -> Text:
    return cut(Text("nothing is declared yet: cimnet declare inventory/network.yaml", style="dim"), width)
