"""Code of the user's own: objects in files of a project's folder and from entry points, none stopping the others."""

import re
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Generic, TypeVar

Own = TypeVar("Own")

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}")


@dataclass(frozen=True, slots=True)
class Place(Generic[Own]):
    """Where objects of a kind are looked for, and what makes one.

    `kind` is the word for one in messages, `folder` the folder in a project, `group` the group of entry points.
    `is_one` tells an object from whatever else stands at the top of a file, `wrong_with` what is wrong with one (empty
    where nothing is), and `example` where a reader finds what one must have.
    """

    kind: str
    folder: str
    group: str
    is_one: Callable[[object], bool]
    wrong_with: Callable[[Own], str]
    id_of: Callable[[Own], object]
    example: str
    reserved: frozenset[str] = frozenset()


@dataclass(slots=True)
class Gathered(Generic[Own]):
    """Objects in the making, with what is wrong with some of them; `taken` holds those whose ids are taken."""

    place: Place[Own]
    taken: dict[str, Own]
    found: list[tuple[Own, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def take(self, source: str, load: Callable[[], object]) -> None:
        """Take all that a source holds; `source` names it in messages."""
        try:
            held = self._held(load())
        except Exception as error:  # noqa: BLE001 - a stranger's code may raise anything
            self.problems.append(f"{source}: {said(error, source)}")
            return
        if not held:
            self.problems.append(f"{source}: it holds no {self.place.kind}; see {self.place.example}")
        for own in held:
            problem = self._wrong_with(own)
            if problem:
                self.problems.append(f"{source}: {problem}")
            elif not any(own is other for other in self.taken.values()):
                self.taken[str(self.place.id_of(own))] = own
                self.found.append((own, source))

    def _held(self, loaded: object) -> tuple[Own, ...]:
        if isinstance(loaded, ModuleType):
            values: Iterable[object] = vars(loaded).values()
        else:
            values = loaded if isinstance(loaded, list | tuple) else (loaded,)
        # One that has two names is one.
        return tuple({id(own): own for own in self._ones(values)}.values())

    def _ones(self, values: Iterable[object]) -> Iterator[Own]:
        for value in values:
            if self.place.is_one(value) and not isinstance(value, type):
                yield value  # type: ignore[misc]  # is_one has told

    def _wrong_with(self, own: Own) -> str:
        """What is wrong with one; empty where nothing is. One that is in force already may be imported."""
        name = self.place.id_of(own)
        if not _ID.fullmatch(str(name)):
            return f"the id {name!r} is none; write it like no-vlan-1"
        wrong = self.place.wrong_with(own)
        if wrong:
            return wrong
        if str(name) in self.place.reserved or self.taken.get(str(name), own) is not own:
            return f"there is a {self.place.kind} {name!r} already; give this one another id"
        return ""


def gather(place: Place[Own], project: Path, known: Iterable[Own] = ()) -> Gathered[Own]:
    """All that the project's folder and the installed packages hold; `known` are in force anyway, their ids taken.

    A file or a loaded entry point may hold any number: every object at its top that is one.
    """
    gathered = Gathered(place, {str(place.id_of(own)): own for own in known})
    for path in sorted((project / place.folder).glob("*.py")):
        gathered.take(str(path.relative_to(project)), partial(_load_file, path, place.folder))
    for entry in sorted(entry_points(group=place.group), key=lambda each: each.name):
        gathered.take(f"entry point {entry.name} ({entry.value})", entry.load)
    return gathered


def _load_file(path: Path, folder: str) -> ModuleType:
    module = ModuleType(f"cimnet_{folder}_{path.stem}")
    module.__file__ = str(path)
    exec(compile(path.read_bytes(), str(path), "exec"), vars(module))  # noqa: S102 - the user's own code is what is asked for
    return module


def said(error: Exception, file: str) -> str:
    """An error in one line: its kind, what it says, and the line of the file where it happened."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if file and frame.filename.endswith(file)]
    line = error.lineno if isinstance(error, SyntaxError) else frames[-1].lineno if frames else None
    where = f"line {line}: " if line is not None else ""
    return f"{where}{type(error).__name__}: {' '.join(str(error).split())}".rstrip(": ")
