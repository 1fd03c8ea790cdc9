"""`| include`, `| exclude`, `| begin`, `| section`, `| count` behind a show command."""

import re
from dataclasses import dataclass
from typing import Final

_FILTERS: Final = ("begin", "count", "exclude", "include", "section")
_FILTER: Final = re.compile(r"\s\|\s*([a-z]+)\s+(.*\S)\s*$")


@dataclass(frozen=True, slots=True)
class Filter:
    """What to keep of an output."""

    kind: str
    pattern: re.Pattern[str]


def split_filter(line: str) -> tuple[str, Filter | None]:
    """The command and the filter behind it, if there is one that is well formed."""
    found = _FILTER.search(line)
    kinds = [kind for kind in _FILTERS if found and kind.startswith(found[1])]
    if found is None or len(kinds) != 1 or "|" in line[: found.start()]:
        return line, None
    text = found[2]
    if kinds[0] == "section" and text.split()[0] in {"include", "exclude"} and " " in text:
        kinds[0], _, text = f"section {text}".rpartition(" ")
    try:
        return line[: found.start()], Filter(kinds[0], re.compile(text))
    except re.error:
        return line[: found.start()], Filter(kinds[0], re.compile(re.escape(text)))


def apply_filter(text: str, wanted: Filter) -> str:
    """The lines of the output that the filter keeps."""
    lines = text.split("\n")
    hits = [wanted.pattern.search(line) is not None for line in lines]
    match wanted.kind:
        case "count":
            return f"Number of lines which match regexp = {sum(hits)}"
        case "begin":
            kept = lines[hits.index(True) :] if True in hits else []
        case "exclude":
            kept = [line for line, hit in zip(lines, hits, strict=True) if not hit]
        case "include":
            kept = [line for line, hit in zip(lines, hits, strict=True) if hit]
        case _:
            kept = _sections(lines, hits, inverse=wanted.kind == "section exclude")
    return "\n".join(kept)


def _sections(lines: list[str], hits: list[bool], *, inverse: bool) -> list[str]:
    """Each line that matches with the lines indented below it; or all the others."""
    kept: list[str] = []
    inside: int | None = None
    for line, hit in zip(lines, hits, strict=True):
        indent = len(line) - len(line.lstrip())
        if inside is not None and indent <= inside:
            inside = None
        if inside is None and hit:
            inside = indent
        if (inside is not None) != inverse:
            kept.append(line)
    return kept
