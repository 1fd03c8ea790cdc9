"""The options of NixOS that may be written: a table of paths and types of the project's own, read from the modules.

A stand-in for nixpkgs accepts any option, and so does a person who reads; what is not in options.txt is not written.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from cimnet_nornir.nix.expressions import Code, Value
from cimnet_nornir.nix.option_types import fits

Shape = tuple[str, ...]
"""A path as the table has it: `<name>` stands for any name, `*` for each of a list."""

_STEP = re.compile(r'"((?:[^"\\]|\\.)*)"|([^."]+)')
_NAMED, _EACH = "<name>", "*"
_SUBMODULES = ("attribute set of (submodule)", "list of (submodule)")
_ONE_SUBMODULE = re.compile(r"submodule|null or \(*\(?submodule\).*")


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a file of systemd-networkd: the option of NixOS for it, its own name, and its keys."""

    option: str
    name: str
    keys: frozenset[str]


def unknown_options(value_by_path: Mapping[str, Value]) -> tuple[str, ...]:
    """The paths, of what is set, that are no option of NixOS, or no key of systemd-networkd."""
    return tuple(path for path, problem in _findings(value_by_path) if problem is None)


def wrong_values(value_by_path: Mapping[str, Value]) -> tuple[str, ...]:
    """A line for each option, of what is set, that has a value of another type: where, what, and what it should be."""
    return tuple(f"{path} {problem}" for path, problem in _findings(value_by_path) if problem is not None)


@cache
def networkd_sections(kind: str) -> Mapping[str, Section]:
    """By their options the sections of a kind of file, "netdev" or "network", in their order."""
    rows = [row for row in _rows("networkd-sections.txt") if row[0] == kind]
    return {option: Section(option, name, frozenset(keys.split())) for _, option, name, keys in rows}


@cache
def option_types() -> Mapping[Shape, str]:
    """The types of all options by their paths."""
    return {tuple(path.split(".")): kind for path, kind in _rows("options.txt")}


@cache
def _inner() -> frozenset[Shape]:
    """The paths that lead to options."""
    return frozenset(shape[:length] for shape in option_types() for length in range(1, len(shape)))


def _rows(name: str) -> list[list[str]]:
    text = files("cimnet_nornir.nix").joinpath(name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if not line.startswith("#")]


_Finding = tuple[str, str | None]
"""A path, and what is wrong with its value; None where there is no such option."""


def _findings(value_by_path: Mapping[str, Value]) -> Iterator[_Finding]:
    for path, value in value_by_path.items():
        steps = [quoted or plain for quoted, plain in _STEP.findall(path)]
        shape, rest = _leading(steps)
        if rest and shape not in option_types():
            yield path, None
            continue
        for step in reversed(rest):
            value = {step: value}  # noqa: PLW2901 - what stands below an option is a part of its value
        yield from _check(path if not rest else ".".join(shape), shape, value)


def _leading(steps: Sequence[str]) -> tuple[Shape, Sequence[str]]:
    """The longest beginning of a path that leads to an option, and what is left of it."""
    shape: Shape = ()
    for number, step in enumerate(steps):
        below = _below(shape, step)
        if below is None:
            return shape, steps[number:]
        shape = below
    return shape, ()


def _below(shape: Shape, step: str) -> Shape | None:
    """The path one step on; None where there is nothing of that name."""
    for name in (step, _NAMED):
        longer = (*shape, name)
        if longer in option_types() or longer in _inner():
            return longer
    return None


def _check(path: str, shape: Shape | None, value: Value) -> Iterator[_Finding]:
    if shape is None:
        yield path, None
        return
    kind = option_types().get(shape)
    if isinstance(value, Code):
        return
    if kind is None or _ONE_SUBMODULE.fullmatch(kind):
        yield from _check_set(path, shape, kind, value)
    elif kind in _SUBMODULES:
        yield from _check_submodules(path, shape, kind, value)
    elif (section := _section(shape)) is not None:
        yield from _check_section(path, section, kind, value)
    elif not fits(kind, value):
        yield path, f"is {_shown(value)}; it should be {kind}"


def _check_set(path: str, shape: Shape, kind: str | None, value: Value) -> Iterator[_Finding]:
    """A set of options."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from _check(f"{path}.{name}", _below(shape, name), item)
    elif kind is None or not ((value is None and "null" in kind) or (isinstance(value, str) and "string" in kind)):
        yield path, f"is {_shown(value)}; it should be a set of options"


def _check_submodules(path: str, shape: Shape, kind: str, value: Value) -> Iterator[_Finding]:
    """Sets of options by names that anybody chooses, or in a list."""
    if isinstance(value, Mapping) and kind == _SUBMODULES[0]:
        for name, item in value.items():
            yield from _check(f"{path}.{name}", (*shape, _NAMED), item)
    elif isinstance(value, Sequence) and not isinstance(value, str) and kind == _SUBMODULES[1]:
        for number, item in enumerate(value):
            yield from _check(f"{path}.{number}", (*shape, _EACH), item)
    else:
        yield path, f"is {_shown(value)}; it should be {kind}"


def _section(shape: Shape) -> Section | None:
    """The section of systemd-networkd that an option is, where its keys are known."""
    if len(shape) != 5 or shape[:2] != ("systemd", "network") or shape[3] != _NAMED:
        return None
    return networkd_sections(shape[2].removesuffix("s")).get(shape[4])


def _check_section(path: str, section: Section, kind: str, value: Value) -> Iterator[_Finding]:
    if not fits(kind, value):
        yield path, f"is {_shown(value)}; it should be {kind}"
        return
    for item in sections_of(value):
        yield from ((f"{path}.{key}", None) for key in item if key not in section.keys)


def sections_of(value: Value) -> tuple[Mapping[str, Value], ...]:
    """The sections that the value of an option of systemd-networkd stands for: one, or as many as its list has."""
    if isinstance(value, Mapping):
        return (value,)
    items = value if isinstance(value, Sequence) and not isinstance(value, str) else ()
    return tuple(item for item in items if isinstance(item, Mapping))


def _shown(value: Value) -> str:
    return "a set" if isinstance(value, Mapping) else repr(value)
