"""Reads definition files: text to tree, tree to models, models to the desired network, and the rules over all of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path as FilePath
from types import MappingProxyType
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from cimnet_nornir.definition.compile import Compiler
from cimnet_nornir.definition.model import DeviceEntry, NetworkFile
from cimnet_nornir.definition.positions import Node, Path, Positions
from cimnet_nornir.definition.problems import Problems, shape_problem
from cimnet_nornir.definition.rules import check_rules
from cimnet_nornir.definition.yaml_text import compose
from cimnet_nornir.domain.desired import DesiredNetwork
from cimnet_nornir.errors import DefinitionError

_NO_IDS: Mapping[str, str] = MappingProxyType({})
# Fields of a device that others do not depend on: wrong ones are left out, and the rest is still checked.
_APART = frozenset(
    {"model", "role", "site", "management", "vendor", "platform", "spanning_tree", "bgp", "eigrp", "features"}
)
_LISTED = frozenset({"interfaces", "routes"})


@dataclass(frozen=True, slots=True)
class Definition:
    """A network definition that holds together, and where each thing in it was written."""

    desired: DesiredNetwork
    positions: Positions

    def locate(self, device: str, subject: str) -> tuple[int, str]:
        """Line and field (`devices.r2.interfaces.Vlan10.address`) of what an error names: the best match."""
        position = self.positions.locate(device, subject)
        return position.line, position.field


def check_definition(
    text: str, *, file: str, ids: Mapping[str, str] = _NO_IDS
) -> tuple[Definition | None, tuple[DefinitionError, ...]]:
    """The definition, and all its problems in the order of the file; None where there are any.

    `ids` maps the host names of the present network to device ids: by it a device of the file is known again.
    """
    root, syntax = compose(text, file=file)
    if root is None:
        return None, syntax or (DefinitionError(_EMPTY, file=file, line=1),)
    problems = Problems(file, root)
    for error in syntax:
        problems.found[(error.line, error.field)] = error
    if not isinstance(root.data, dict):
        problems.add(_EMPTY if root.data is None else f"a definition is a mapping; {_EXAMPLE}", ())
        return None, problems.sorted()
    definition = _definition(root, problems, ids)
    return (None if problems.found else definition), problems.sorted()


_EXAMPLE = "begin it with a line such as network: campus"
_EMPTY = f"the file is empty; {_EXAMPLE}"


def load_definition(text: str, *, file: str, ids: Mapping[str, str] = _NO_IDS) -> Definition:
    """The definition in a text; `file` names it in messages. Raises DefinitionError, the first there is."""
    definition, problems = check_definition(text, file=file, ids=ids)
    if definition is None:
        raise problems[0]
    return definition


def read_definition(path: FilePath, *, ids: Mapping[str, str] = _NO_IDS) -> Definition:
    """The definition in a file (UTF-8). Raises DefinitionError, also where the file cannot be read."""
    return load_definition(read_text(path), file=str(path), ids=ids)


def read_text(path: FilePath) -> str:
    """The text of a definition file. Raises DefinitionError where it is not there, not readable or not UTF-8."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise DefinitionError(f"cannot be read: {error.strerror}", file=str(path), line=1) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise DefinitionError("the file is not UTF-8; save it as UTF-8", file=str(path), line=line) from error


def _definition(root: Node, problems: Problems, ids: Mapping[str, str]) -> Definition | None:
    checked = _checked_shape(root.data, problems)
    if checked is None:
        return None
    file, damaged = checked
    compiler = Compiler(file, ids, problems, damaged)
    desired = compiler.network()
    positions = compiler.positions()
    check_rules(desired, file, positions, problems, fresh=not ids)
    return Definition(desired, positions)


def _checked_shape(data: object, problems: Problems) -> tuple[NetworkFile, frozenset[str]] | None:
    """The models, without the parts that are misshapen, and the hosts of which something needed is missing.

    None where what is misshapen is needed everywhere (the catalogue, the defaults).
    """
    try:
        return NetworkFile.model_validate(data), frozenset()
    except ValidationError as error:
        paths = list(_note(error, problems))
    pruned, damaged = data, set()
    for path in paths:
        part, host = _part(path)
        if part is None:
            return None
        damaged |= host
        pruned = _without(pruned, part)
    try:
        return NetworkFile.model_validate(pruned), frozenset(damaged)
    except ValidationError:
        return None


def _note(error: ValidationError, problems: Problems) -> Iterator[Path]:
    for details in error.errors(include_url=False):
        message, path = shape_problem(details, _known_fields(details["loc"]))
        problems.add(message, path)
        yield path


def _part(path: Path) -> tuple[Path | None, set[str]]:
    """The part of the file to leave out for a misshapen path, and the host that is damaged by it, if one is."""
    match path:
        case ("links", int(), *_):
            return path[:2], set()
        case ("devices", str(), field, _, *_) if field in _LISTED:
            return path[:4], set()
        case ("devices", str(), field, *_) if field in _APART or _is_stray(field):
            return path[:3], set()
        case ("defaults", field, *_) if _is_stray(field):
            return path[:2], set()
        case ("devices", host, *_):
            return path[:2], {str(host)}
        case ("container_networks" | "vm_networks", _, *_):
            return path[:2], set()
        case ("port_profiles" | "vlans" | "defaults" | "network" | "links" | "devices", *_):
            return None, set()
        case _:
            return path[:1], set()


def _is_stray(name: object) -> bool:
    """Whether it is no field of a device, nor like one that others depend on: then nothing is missing without it."""
    return name not in DeviceEntry.model_fields and not get_close_matches(
        str(name), set(DeviceEntry.model_fields) - _APART
    )


def _without(data: object, path: Path) -> object:
    """A copy of the data without what stands at the path; an item of a list gives way to an empty one."""
    head, rest = path[0], path[1:]
    if isinstance(data, dict):
        if not rest:
            return {key: value for key, value in data.items() if key != head}
        return {key: _without(value, rest) if key == head else value for key, value in data.items()}
    if isinstance(data, list):
        return [item if index != head else _without(item, rest) if rest else None for index, item in enumerate(data)]
    return data


def _known_fields(path: tuple[int | str, ...]) -> tuple[str, ...]:
    """The fields that there are at a path's last part, by walking the models."""
    model: type[BaseModel] | None = NetworkFile
    for part in path[:-1]:
        if model is not None and part in model.model_fields:
            model = _model_in(model.model_fields[str(part)].annotation)
    return tuple(model.model_fields) if model else ()


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for item in get_args(annotation) if (found := _model_in(item))), None)
