"""A flowchart of Mermaid: boxes in frames, and lines between them, in a form that Mermaid always draws."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from math import inf

from cimnet_nornir.projections.mermaid.text import escaped, label, size

MOST_LINES = 500
"""How many lines Mermaid draws (its `maxEdges`), unless the page that it is on allows more."""
MOST_TEXT = 50_000
"""How many characters it takes (its `maxTextSize`)."""
READABLE = 150
"""How many boxes a person can still read."""
MOST_BOXES = 4_000
"""No text of so many boxes is short enough, whatever stands in them: it need not be made."""

_SHAPES: Mapping[str, tuple[str, str]] = {
    "router": ("{{", "}}"),
    "switch": ("[", "]"),
    "layer-3 switch": ("[[", "]]"),
    "host": ("(", ")"),
    "group": ("([", "])"),
    "vlan": ("[/", "\\]"),
    "subnet": ("([", "])"),
    "network": ("[(", ")]"),
    "container": (">", "]"),
    "vm": ("[/", "/]"),
    "event": ("[", "]"),
    "request": ("([", "])"),
}
_STROKES: Mapping[str, str] = {
    "link": "---",
    "bundle": "===",
    "dotted": "-.-",
    "arrow": "-->",
    "dotted arrow": "-.->",
}


@dataclass(frozen=True, slots=True)
class Box:
    """A box of a chart. `key` names it within the chart; what Mermaid calls it is generated.

    `shape` is a kind of device or one of the other shapes, `style` one of the chart's; `frames` are the titles of the
    frames around it, the outermost first.
    """

    key: str
    lines: tuple[str, ...]
    shape: str
    style: str = ""
    frames: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A line from one box to another, by their keys; `stroke` is link, bundle, dotted, arrow or dotted arrow."""

    a: str
    b: str
    text: str = ""
    stroke: str = "link"


@dataclass(frozen=True, slots=True)
class Chart:
    """A flowchart. `about` says what it shows, `folded` what it leaves out and how to see that; both in a sentence.

    `folded` is written as it is: it has no names of others in it, and no quotes. `styles` are CSS by name, as Mermaid's
    classDef takes it; the boxes of the `legend` have frames of their own. Lines of a box that are wider than `width`
    pixels (Mermaid's 200) are wrapped.
    """

    about: str
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...] = ()
    folded: str = ""
    legend: tuple[Box, ...] = ()
    width: int = 0
    styles: Mapping[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How much there is to look at."""
        return len(self.boxes) + len(self.lines)

    @property
    def shown(self) -> tuple[Box, ...]:
        """All boxes: an empty chart says that it is, since a page with nothing on it tells nobody anything."""
        return (*self.boxes, *self.legend) or (Box("nothing", ("nothing to show",), "event"),)


def first_that_fits(charts: Iterable[Chart], *, most: int | None = None) -> str:
    """The text of the first chart that is inside Mermaid's limits and has no more than `most` boxes (150).

    Nor has it more than twice as many lines. The most detailed come first; where none is small enough, the smallest is
    taken.
    """
    most = READABLE if most is None else most
    text, least = "", inf
    for chart in charts:
        if chart.size < least and (written := _written_if_it_fits(chart)):
            text, least = written, chart.size
            if len(chart.boxes) <= most and len(chart.lines) <= 2 * most:
                break
    return text


def _written_if_it_fits(chart: Chart) -> str:
    # Writing ten thousand boxes takes time, and most of the charts that are too large show it at once.
    least = sum(len(line) for box in chart.boxes for line in box.lines[:1])
    if len(chart.lines) > MOST_LINES or least > MOST_TEXT:
        return ""
    written = written_chart(chart)
    return written if size(written) <= MOST_TEXT else ""


def written_chart(chart: Chart) -> str:
    """A chart as Mermaid text."""
    names = {box.key: f"n{number}" for number, box in enumerate(chart.shown, start=1)}
    return "\n".join([*_head(chart), *_framed(chart, names), *_lines(chart, names), *_styles(chart), ""])


def _head(chart: Chart) -> Iterator[str]:
    title = (f'title: "{chart.folded}"',) if chart.folded else ()
    width = ("config:", "  flowchart:", f"    wrappingWidth: {chart.width}") if chart.width else ()
    if title or width:
        yield from ("---", *title, *width, "---")
    yield "flowchart LR"
    yield f"  accTitle: {escaped(chart.about)}"


@dataclass(slots=True)
class _Frame:
    """A frame with the boxes and frames in it, in order."""

    inside: list["Box | _Frame"] = field(default_factory=list)
    frames: dict[str, "_Frame"] = field(default_factory=dict)
    title: str = ""

    def frame(self, title: str) -> "_Frame":
        """The frame of that title in it, made where there is none."""
        if title not in self.frames:
            self.frames[title] = _Frame(title=title)
            self.inside.append(self.frames[title])
        return self.frames[title]


def _framed(chart: Chart, names: Mapping[str, str]) -> Iterator[str]:
    numbers = count(1)
    for boxes in (chart.shown[: len(chart.shown) - len(chart.legend)], chart.legend):
        outermost = _Frame()
        for box in boxes:
            frame = outermost
            for title in box.frames:
                frame = frame.frame(title)
            frame.inside.append(box)
        yield from _inside(outermost, names, numbers, "  ")


def _inside(frame: _Frame, names: Mapping[str, str], numbers: Iterator[int], margin: str) -> Iterator[str]:
    for item in frame.inside:
        if isinstance(item, Box):
            yield f"{margin}{_box(item, names[item.key])}"
        else:
            yield f"{margin}subgraph s{next(numbers)}[{label(item.title)}]"
            yield from _inside(item, names, numbers, f"{margin}  ")
            yield f"{margin}end"


def _box(box: Box, name: str) -> str:
    before, after = _SHAPES[box.shape]
    style = f":::{box.style}" if box.style else ""
    return f"{name}{before}{label(*box.lines)}{after}{style}"


def _lines(chart: Chart, names: Mapping[str, str]) -> Iterator[str]:
    for line in chart.lines:
        text = f"|{label(line.text)}|" if line.text else ""
        yield f"  {names[line.a]} {_STROKES[line.stroke]}{text} {names[line.b]}"


def _styles(chart: Chart) -> Iterator[str]:
    used = {box.style for box in chart.shown}
    return (f"  classDef {name} {css}" for name, css in chart.styles.items() if name in used)
