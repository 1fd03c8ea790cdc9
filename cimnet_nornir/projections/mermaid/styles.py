"""How devices look in a chart: shapes by kind, colours by health that can be read on a light and on a dark page."""

from collections.abc import Iterable, Mapping
from typing import Any

from cimnet_nornir.projections.mermaid.flowchart import Box

# From the best to the worst; each has its own text colour, and a border that stands out on both pages.
_HEALTH: Mapping[str, tuple[str, str]] = {
    "ok": ("ok", "fill:#1a7f37,stroke:#2da44e,color:#ffffff"),
    "unknown": ("unknown", "fill:#d0d7de,stroke:#6e7781,stroke-dasharray:4 2,color:#1f2328"),
    "deploying": ("deploying", "fill:#0969da,stroke:#54aeff,color:#ffffff"),
    "drift": ("drift", "fill:#ffd33d,stroke:#9a6700,color:#1f2328"),
    "in doubt": ("doubt", "fill:#8250df,stroke:#c297ff,color:#ffffff"),
    "failed": ("failed", "fill:#cf222e,stroke:#ff8182,color:#ffffff"),
    "unreachable": ("unreachable", "fill:#24292f,stroke:#ff8182,stroke-width:3px,color:#ffffff"),
}
STYLES: Mapping[str, str] = {
    **dict(_HEALTH.values()),
    "island": "fill:#ffd33d,stroke:#9a6700,color:#1f2328",
    "focus": "stroke:#0969da,stroke-width:4px",
}
"""The styles of all charts, by name."""


def health_style(health: str) -> str:
    """The name of the style of a health; that of a health nobody knows is that of "unknown"."""
    return _HEALTH.get(health, _HEALTH["unknown"])[0]


def worst(healths: Iterable[str]) -> str:
    """The worst of some healths; empty where there is none."""
    order = list(_HEALTH)
    return max(healths, key=lambda health: order.index(health) if health in order else 1, default="")


def legend(healths: Iterable[str]) -> tuple[Box, ...]:
    """A box for each health that a chart shows, in a frame of their own."""
    there = set(healths)
    shown = [health for health in _HEALTH if health in there]
    return tuple(Box(f"legend {health}", (health,), "switch", health_style(health), ("Health",)) for health in shown)


def kind_of(device: Mapping[str, Any]) -> str:
    """The kind of a device by the attributes of its node: router, switch, layer-3 switch or host."""
    kind = str(device.get("device", ""))
    if kind == "switch" and device.get("routing"):
        return "layer-3 switch"
    return kind if kind in ("router", "switch", "host") else "switch"


def counted(kinds: Iterable[str]) -> str:
    """How many there are of each kind: "2 routers, 12 switches"."""
    numbers: dict[str, int] = {}
    for kind in kinds:
        numbers[kind] = numbers.get(kind, 0) + 1
    return ", ".join(how_many(number, kind) for kind, number in sorted(numbers.items()))


def how_many(number: int, thing: str) -> str:
    """A number with its thing: 1 switch, 12 switches, 1,000 devices."""
    plural = f"{thing}es" if thing.endswith(("ch", "s")) else f"{thing}s"
    return f"{number:,} {thing if number == 1 else plural}"
