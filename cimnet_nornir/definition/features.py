"""Settings of features in a definition file: under `features` of a device, or of one of its interfaces.

How a feature is written follows from its key: one setting is a mapping of its fields; several are mappings by their
key, or a list where the key is more than one field. That of an interface stands below the interface.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from cimnet_nornir.definition.positions import Path
from cimnet_nornir.definition.problems import Problems, shape_problem, suggest
from cimnet_nornir.domain.features import FEATURES, setting_class
from cimnet_nornir.domain.features.model import InterfaceSetting, Setting
from cimnet_nornir.domain.features.per_vrf import PerVrfSetting

Fields = Mapping[str, Any]


def compile_features(
    written: Fields, here: Path, problems: Problems, *, interfaces: Iterable[str] = ()
) -> dict[str, Setting]:
    """The settings below `features`, by identity; what is wrong is noted and left out.

    `interfaces` are the names of those that they are said of; none at the device itself.
    """
    names = tuple(interfaces)
    found: dict[str, Setting] = {}
    for feature, told in written.items():
        path = (*here, "features", feature)
        kind = _kind(feature, path, problems, of_interface=bool(names))
        if kind is None:
            continue
        for place, fields in _entries(kind, told, path, problems):
            for base in [{"interface": name} for name in names] or [{}]:
                setting = _setting(kind, {**base, **fields}, place, problems)
                if setting is not None:
                    found[setting.identity] = setting
    return found


def _kind(feature: str, path: Path, problems: Problems, *, of_interface: bool) -> type[Setting] | None:
    if feature not in FEATURES:
        problems.add(f"there is no feature {feature!r}{suggest(feature, FEATURES)}", path)
        return None
    kind = setting_class(feature)
    if issubclass(kind, InterfaceSetting) != of_interface:
        where = "of an interface: write it below interfaces.NAME.features" if not of_interface else "of the device"
        problems.add(f"{feature} is {where}", path)
        return None
    return kind


def written_key(kind: type[Setting]) -> tuple[str, ...]:
    """The fields that tell settings of a feature apart where they stand: without the interface they stand below."""
    return tuple(name for name in kind.KEY if not (name == "interface" and issubclass(kind, InterfaceSetting)))


def _entries(kind: type[Setting], told: object, path: Path, problems: Problems) -> Iterator[tuple[Path, Fields]]:
    """Each setting as its place in the file and its fields."""
    key = written_key(kind)
    match key:
        case () if isinstance(told, Mapping) or told is None:
            yield path, told or {}
        case (_,) if isinstance(told, Mapping):
            for value, fields in told.items():
                yield from _keyed(kind, value, fields, (*path, value), problems)
        case (_, _, *_) if isinstance(told, list):
            for index, fields in enumerate(told):
                if isinstance(fields, Mapping):
                    yield (*path, index), fields
                else:
                    problems.add("a mapping of fields is expected", (*path, index))
        case _:
            form = {0: "a mapping of its fields", 1: f"a mapping of each {key[0] if key else ''} to its fields"}
            problems.add(f"{form.get(len(key), 'a list of mappings')} is expected", path)


def _keyed(
    kind: type[Setting], value: object, fields: object, path: Path, problems: Problems
) -> Iterator[tuple[Path, Fields]]:
    (name,) = written_key(kind)
    if fields is not None and not isinstance(fields, Mapping):
        problems.add("a mapping of its fields is expected", path)
    elif fields and name in fields:
        problems.add(f"{name} stands before the colon already; leave it out here", (*path, name))
    else:
        yield path, {name: _text(kind, name, value), **(fields or {})}


def _text(kind: type[Setting], name: str, value: object) -> object:
    """A name that looks like a number (line 2), which YAML takes for one."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number and kind.model_fields[name].annotation is str else value


def _setting(kind: type[Setting], fields: Fields, path: Path, problems: Problems) -> Setting | None:
    try:
        return kind.model_validate(
            {name: item for name, item in fields.items() if item is not None or _says(kind, name)}
        )
    except ValidationError as error:
        key = written_key(kind)
        known = tuple(name for name in kind.model_fields if name not in (*kind.KEY, "interface"))
        for details in error.errors(include_url=False):
            message, place = shape_problem(details, known)
            if place and place[0] in key and len(key) == 1:
                place = ()
            problems.add(message, (*path, *place))
        return None


def _says(kind: type[Setting], name: str) -> bool:
    """Whether null says something of a field: it may be null, and is not by itself."""
    field = kind.model_fields.get(name)
    return field is not None and field.default is not None and type(None) in get_args(field.annotation)


def feature_fields(settings: Iterable[Setting]) -> dict[str, Any]:
    """Settings as they are written below `features`."""
    found: dict[str, Any] = {}
    for setting in settings:
        fields = _tagged(setting, setting.model_dump(mode="json", exclude_defaults=True, exclude=_below(setting)))
        match written_key(type(setting)):
            case ():
                found[setting.FEATURE] = fields
            case (name,):
                value = fields.pop(name, getattr(setting, name))
                if isinstance(setting, PerVrfSetting) and setting.by_vrf:
                    value = setting.own_key
                found.setdefault(setting.FEATURE, {})[value] = fields
            case _:
                key = {name: getattr(setting, name) for name in written_key(type(setting))}
                told = {name: value for name, value in {**key, **fields}.items() if value is not None}
                found.setdefault(setting.FEATURE, []).append(told)
    return found


def _tagged(setting: Setting, fields: dict[str, Any]) -> dict[str, Any]:
    """With the kind of each part that may be of several: it is the default of its class, and tells which that is."""
    for name, part in setting:
        if name in fields and isinstance(part, BaseModel) and "kind" in type(part).model_fields:
            fields[name] = {**part.model_dump(mode="json", include={"kind"}), **fields[name]}
    return fields


def _below(setting: Setting) -> set[str]:
    """The fields that the place of a setting tells, or its key."""
    if isinstance(setting, PerVrfSetting) and setting.by_vrf:
        return {"vrf", "by_vrf"}
    return {"interface"} if isinstance(setting, InterfaceSetting) else set()
