"""The reference of features: each with its fields, and an example of its intent beside the lines that come of it."""  # noqa: INP001 - part of a program, not a package

import inspect
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_MOST_LINES = 24


def features() -> str:
    """Every feature, in the order in which a configuration shows them."""
    from cimnet_nornir.domain.features import all_features

    examples = _examples()
    return "\n".join(part for kind in all_features() for part in _feature(kind, examples.get(kind.FEATURE)))


def _feature(kind: Any, example: tuple[str, str] | None) -> Iterator[str]:
    from cimnet_nornir.definition.features import written_key
    from cimnet_nornir.domain.features.model import InterfaceSetting

    place = "of an interface" if issubclass(kind, InterfaceSetting) else "of a device"
    key = written_key(kind)
    several = {0: "one", 1: f"several, a mapping of each `{key[0] if key else ''}` to the rest"}
    form = several.get(len(key), f"several, a list; told apart by {', '.join(f'`{name}`' for name in key)}")
    yield f"## {kind.FEATURE}\n\n{inspect.getdoc(kind) or ''}\n\nSaid {place}; {form}.\n"
    yield from _fields(kind.model_json_schema(), "interface" if issubclass(kind, InterfaceSetting) else "")
    if example is not None:
        yield f"```yaml\n{example[0]}```\n\n```text\n{example[1]}```\n"


def _fields(schema: Mapping[str, Any], hidden: str) -> Iterator[str]:
    properties = {name: field for name, field in schema.get("properties", {}).items() if name != hidden}
    if not properties:
        return
    required = schema.get("required", ())
    yield "| field | what it holds | if left out |\n| --- | --- | --- |"
    for name, field in properties.items():
        usual = "needed" if name in required else _shown(field.get("default"))
        said = field.get("description", "")
        kind = _kind(field, schema.get("$defs", {}))
        yield f"| `{name}` | {f'{said} ' if said else ''}{kind} | {usual} |".replace("\n", " ")
    yield ""


def _kind(field: Mapping[str, Any], parts: Mapping[str, Any]) -> str:
    if "$ref" in field:
        return _of_part(parts[field["$ref"].rpartition("/")[2]], parts)
    if "const" in field or "enum" in field:
        # In one order: types that list the same words in two are one type to Python.
        return " or ".join(f"`{value}`" for value in sorted(map(str, field.get("enum", (field.get("const"),)))))
    if choices := field.get("anyOf") or field.get("oneOf"):
        return " or ".join(_kind(choice, parts) for choice in choices if choice.get("type") != "null")
    if field.get("type") == "array":
        return f"list of {_kind(field.get('items', {}), parts)}"
    if field.get("type") == "object":
        inner = field.get("additionalProperties")
        return f"mapping to {_kind(inner if isinstance(inner, dict) else {}, parts)}"
    return (
        _number(field) if field.get("type") in ("integer", "number") else _PLAIN.get(str(field.get("type")), "anything")
    )


_PLAIN = {"boolean": "true or false", "string": "text"}


def _number(field: Mapping[str, Any]) -> str:
    low, high = field.get("minimum"), field.get("maximum")
    return f"number from {low} to {high}" if low is not None and high is not None else "number"


def _of_part(part: Mapping[str, Any], parts: Mapping[str, Any]) -> str:
    if "properties" not in part:
        return _kind(part, parts)
    names = (f"`{name}`" for name in part["properties"])
    return f"a mapping of {', '.join(names)}"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict) and not any(value.values()):
        return "nothing"
    return "nothing" if value in (None, "", []) else str(value)


def _examples() -> dict[str, tuple[str, str]]:
    """An intent and its lines for each feature that a golden case has, the shortest that says something."""
    sys.path.insert(0, str(ROOT))
    from tests.golden_features import CASES, FeatureCase

    found: dict[str, tuple[str, str]] = {}
    for case in map(FeatureCase, CASES):
        for setting in case.device.features.values():
            lines = _lines(case, setting)
            known = found.get(setting.FEATURE)
            if known is None or _better(lines, known[1]):
                found[setting.FEATURE] = (_yaml(setting), lines)
    return found


def _better(lines: str, known: str) -> bool:
    """Longer says more, up to what one reads at a glance."""
    return len(known.splitlines()) < len(lines.splitlines()) <= _MOST_LINES


def _lines(case: Any, setting: Any) -> str:
    from tests.golden_features import GENERATOR

    return str(GENERATOR.setting_lines(case.device, setting))


def _yaml(setting: Any) -> str:
    from cimnet_nornir.definition.dump import nested
    from cimnet_nornir.definition.features import feature_fields

    return "".join(f"{line}\n" for line in nested({"features": feature_fields([setting])}, ""))
