"""Writes the reference pages that follow from the source: commands, definition, events, errors, tables, templates.

`python docs/generate.py` writes them; a test compares, so that none can go stale. In a page, what stands between
`<!-- generated: NAME -->` and `<!-- end -->` is made here; all else is written by hand.
"""  # noqa: INP001 - a program, not a package

import inspect
import re
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from docs.feature_pages import features

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
_PART = re.compile(r"(?P<head><!-- generated: (?P<name>\w+) -->\n).*?(?P<tail><!-- end -->)", re.DOTALL)


# --- commands ---------------------------------------------------------------------------------------------------------


def commands() -> str:
    """Each command with what it says of itself, and the options that are its own."""
    from cimnet_nornir.cli import cli
    from cimnet_nornir.cli.options import Options

    context = click.Context(cli, info_name="cimnet", obj=Options(), **cli.context_settings)
    names = cli.list_commands(context)
    common = {parameter.name for parameter in cli.params}
    found = [(name, command) for name in names if (command := cli.get_command(context, name))]
    return "\n".join(part for name, command in found for part in _command(f"cimnet {name}", command, common))


def _command(name: str, command: click.Command, common: Collection[str | None], *, level: int = 2) -> Iterator[str]:
    context = click.Context(command, info_name=name)
    usage = " ".join(word for word in command.collect_usage_pieces(context) if word)
    yield f"{'#' * level} {name}\n\n```text\n{name} {usage}\n```\n"
    text, _, more = inspect.cleandoc(command.help or "").partition("\b\n")
    yield re.sub(r"[ \n]+", " ", text.strip().replace("\n\n", "\0")).replace("\0", "\n\n") + "\n"
    for block in (part.strip("\n") for part in more.split("\b\n")):
        if block:
            yield f"```text\n{block}\n```\n"
    own = [parameter for parameter in command.params if parameter.name not in common]
    shown = [option for option in own if isinstance(option, click.Option) and not option.hidden]
    rows = [_option(context, option) for option in shown]
    if rows:
        yield _table(("option", "what it does"), rows)
    if isinstance(command, click.Group):
        for child in sorted(command.commands.values(), key=lambda item: item.name or ""):
            yield from _command(f"{name} {child.name}", child, common, level=level + 1)


def _option(context: click.Context, option: click.Option) -> tuple[str, str]:
    shown, said = option.get_help_record(context) or ("", "")
    return f"`{' '.join(shown.split())}`", " ".join(said.split())


def options() -> str:
    """The options that every command takes."""
    from cimnet_nornir.cli import cli

    context = click.Context(cli, info_name="cimnet", **cli.context_settings)
    return _table(
        ("option", "what it does"),
        [_option(context, item) for item in cli.get_params(context) if isinstance(item, click.Option)],
    )


# --- the definition file ----------------------------------------------------------------------------------------------


def definition() -> str:
    """Each part of a definition file with its fields."""
    from cimnet_nornir.definition.model import NetworkFile
    from cimnet_nornir.definition.schema import json_schema

    schema = json_schema()
    # What features are made of stands in a page of its own.
    own = NetworkFile.model_json_schema()["$defs"]
    parts = {"The file": {**schema, "description": inspect.getdoc(NetworkFile)}}
    parts |= {_PARTS.get(name, name): schema["$defs"][name] for name in _ordered(own)}
    return "\n".join(_fields(title, part) for title, part in parts.items())


# How the parts are headed, in the order in which a reader meets them.
_PARTS = {
    "Defaults": "defaults",
    "PortProfile": "port_profiles",
    "DeviceEntry": "devices",
    "InterfaceEntry": "interfaces of a device",
    "InterfaceOspf": "ospf of an interface",
    "OspfEntry": "ospf of a device",
    "RouteEntry": "routes of a device",
    "BgpEntry": "bgp of a router",
    "BgpNeighborEntry": "neighbors of bgp",
    "EigrpEntry": "eigrp of a router",
    "AccessListEntry": "access_lists of a device",
    "FilterEntry": "entries of an access list",
    "SpanningTreeEntry": "spanning_tree of a device",
    "ContainerNetworkEntry": "container_networks",
    "HostEntry": "hosts of a container network",
    "ContainerEntry": "containers of a container network",
    "VmNetworkEntry": "vm_networks",
    "VmHostEntry": "hosts of a VM network",
    "VmEntry": "machines of a VM network",
    "BandwidthEntry": "bandwidth of a VM network",
}


def _ordered(names: Mapping[str, object]) -> list[str]:
    known = [name for name in _PARTS if name in names]
    return [*known, *(name for name in names if name not in _PARTS)]


def _fields(title: str, part: Mapping[str, Any]) -> str:
    required = part.get("required", ())
    rows = [
        (f"`{name}`" + (" (needed)" if name in required else ""), field.get("description", ""), _example(field))
        for name, field in part["properties"].items()
    ]
    return f"## {title}\n\n{part.get('description', '')}\n\n" + _table(("field", "what it is", "example"), rows)


def _example(field: Mapping[str, Any]) -> str:
    return ", ".join(f"`{_flow(value)}`" for value in field.get("examples", ()))


def _flow(value: object) -> str:
    """A value as it stands in YAML, on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    return "nothing" if value in (None, "") else str(value)


# --- events and errors ------------------------------------------------------------------------------------------------


def events() -> str:
    """Every event type with its fields, and the values that fields are made of."""
    from cimnet_nornir.domain.events import EVENT_TYPES

    schemas = {name: kind.model_json_schema(mode="serialization") for name, kind in EVENT_TYPES.items()}
    found = [_event(name, _told(EVENT_TYPES[name]), schema) for name, schema in schemas.items()]
    values = {name: part for schema in schemas.values() for name, part in schema.get("$defs", {}).items()}
    found += [
        "## Values\n",
        *(_event(name, part.get("description", ""), part, level=3) for name, part in values.items()),
    ]
    return "\n".join(found)


def _told(kind: type[Any]) -> str:
    """What the type's docstring says, or that of the base that two types share."""
    said = [item.__doc__ for item in kind.__mro__ if item.__module__ == kind.__module__ and item.__doc__]
    text = inspect.cleandoc(said[0]).removeprefix("Base of both: ") if said else ""
    return text[:1].upper() + text[1:]


def _event(name: str, text: str, schema: Mapping[str, Any], *, level: int = 2) -> str:
    required = schema.get("required", ())
    rows = [
        (f"`{field}`", _kind(part), "" if field in required else _flow(part.get("default")))
        for field, part in schema.get("properties", {}).items()
    ]
    table = _table(("field", "what it holds", "if left out"), rows) if rows else "No fields.\n"
    return "\n\n".join(part for part in (f"{'#' * level} {name}", text, table) if part)


_KINDS = {"string": "text", "integer": "number", "number": "number", "boolean": "true or false", "null": "nothing"}


def _kind(part: Mapping[str, Any]) -> str:
    """What a JSON Schema allows, in words."""
    if "$ref" in part:
        name = part["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "const" in part or "enum" in part:
        return " or ".join(f'"{value}"' for value in part.get("enum", (part.get("const"),)))
    if choices := part.get("anyOf") or part.get("oneOf"):
        return " or ".join(_kind(choice) for choice in choices)
    if part.get("type") == "array":
        return f"list of {_kind(part.get('items', {}))}"
    if part.get("type") == "object":
        inner = part.get("additionalProperties")
        return f"mapping to {_kind(inner if isinstance(inner, dict) else {})}"
    return _KINDS.get(part.get("type", ""), "anything")


def lifecycle() -> str:
    """The states of a device: the diagram, what leads where, and the events behind it."""
    from cimnet_nornir.domain.events import EVENT_TYPES
    from cimnet_nornir.domain.lifecycle import ANNOUNCEMENTS, TRANSITIONS, LifecycleState, Trigger, lifecycle_mermaid

    def ways(trigger: Trigger) -> str:
        after: dict[LifecycleState, list[str]] = {}
        for (before, what), to in TRANSITIONS.items():
            if what is trigger:
                after.setdefault(to, []).append(before.value)
        return "; ".join(f"{', '.join(before)} → {to.value}" for to, before in after.items())

    def told_by(trigger: Trigger) -> str:
        base = ANNOUNCEMENTS.get(trigger)
        names = [name for name, kind in EVENT_TYPES.items() if base and issubclass(kind, base)]
        return ", ".join(f"[{name}](events.md#{name.lower()})" for name in names) or "the events of the push"

    rows = [(trigger.value, ways(trigger), told_by(trigger)) for trigger in Trigger]
    return f"```mermaid\n{lifecycle_mermaid()}```\n\n" + _table(("what happens", "from → to", "told by"), rows)


def errors() -> str:
    """The tree of errors as their module draws it, and what each says."""
    from cimnet_nornir import errors as module

    tree = (inspect.getdoc(module) or "").partition("\n\n")[2]
    rows = [
        (f"`{name}`", (inspect.getdoc(kind) or "").replace("\n", " "))
        for name, kind in vars(module).items()
        if inspect.isclass(kind) and issubclass(kind, Exception)
    ]
    return f"```text\n{inspect.cleandoc(tree)}\n```\n\n" + _table(("error", "when"), rows)


# --- rules of validation ----------------------------------------------------------------------------------------------


def rules() -> str:
    """Each rule of validation with its severity and what it finds."""
    from cimnet_nornir.application.host_rule import HOST_RULES
    from cimnet_nornir.domain.validation import ChangeRule
    from cimnet_nornir.domain.validation.standard import STANDARD_RULES
    from cimnet_nornir.ios.validate import IOS_RULES

    known = sorted((*STANDARD_RULES, *IOS_RULES, *HOST_RULES), key=lambda rule: rule.id)
    rows = [
        (f"`{rule.id}`", rule.severity, "change" if isinstance(rule, ChangeRule) else "network", rule.description)
        for rule in known
    ]
    return _table(("rule", "severity", "looks at a", "what it finds"), rows)


def audit_rules() -> str:
    """Each packaged rule of audit: what it finds, why, where it is asked for, and what mends it."""
    from cimnet_nornir.bootstrap.audit import packaged_rules

    rows = [
        (f"`{rule.id}`", rule.severity, ", ".join(rule.hosts) or "all", rule.description, rule.reason, rule.source)
        for rule in packaged_rules()
    ]
    return _table(("rule", "severity", "hosts", "what it finds", "why", "source"), rows)


# --- the store, and what templates see --------------------------------------------------------------------------------


_TABLES = {
    "stored_events": "the events; nothing else is needed to make all other tables again, but for `blobs`",
    "streams": "the last version and hash of each stream",
    "reservations": "host names and addresses that must be unique, with the event that took them",
    "blobs": "configurations and templates that events name by their digest, compressed",
    "projections": "what was computed from events, to go on from; may be dropped",
    "leases": "who is pushing to a device at the moment",
    "observations": "what devices said of themselves, by moment, compressed; old ones are dropped",
    "observed": "the moment of the latest observation of each subject and kind",
    "checkpoints": "count and root of the log at some positions",
    "meta": "the version of these tables",
}


def tables() -> str:
    """The tables of the store with their columns."""
    from cimnet_nornir.store.tables import METADATA

    found = METADATA.tables
    rows = [
        (f"`{name}`", said, ", ".join(f"`{column.name}`" for column in found[name].columns))
        for name, said in _TABLES.items()
    ]
    notes = [(f"`{column.name}`", str(column.comment)) for column in found["stored_events"].columns if column.comment]
    unknown = found.keys() - _TABLES.keys()
    if unknown:
        raise ValueError(f"say what the tables {sorted(unknown)} hold")
    heads = ("table", "what it holds", "columns")
    return f"{_table(heads, rows)}\nOf `stored_events`:\n\n{_table(('column', 'what it is'), notes)}"


def values() -> str:
    """What a template may ask for."""
    from cimnet_nornir.ios import template_values as module

    kinds = [kind for kind in vars(module).values() if inspect.isclass(kind) and kind in module.VALUE_TYPES]
    found = []
    for kind in kinds:
        fields = ", ".join(f"`{name}`" for name in inspect.signature(kind).parameters)
        text = (inspect.getdoc(kind) or "").replace("\n\n", "\0").replace("\n", " ").replace("\0", "\n\n")
        found.append(f"### {kind.__name__.removesuffix('Values')}\n\n{text}\n\nFields: {fields}.\n")
    return "\n".join(found)


# --- pages ------------------------------------------------------------------------------------------------------------


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


# --- the web API ------------------------------------------------------------------------------------------------------

# Every route may answer so; the page says it once.
_NEVER = {"401", "503", "422"}


def api() -> str:
    """Each route with its parameters and answers, and the documents that go back and forth."""
    from cimnet_nornir.web.app import create_api

    description = create_api().openapi()
    routes = [
        _route(method.upper(), path, item)
        for path, methods in description["paths"].items()
        for method, item in methods.items()
    ]
    documents = [_document(name, schema) for name, schema in description["components"]["schemas"].items()]
    return "\n".join((*routes, "## Documents\n", *(text for text in documents if text)))


def _route(method: str, path: str, item: Mapping[str, Any]) -> str:
    rows = [
        (f"`{each['name']}`", each["in"], _api_kind(each["schema"]), each.get("description", ""))
        for each in item.get("parameters", ())
    ]
    answers = [_answer(status, found) for status, found in item["responses"].items() if status not in _NEVER]
    table = _table(("parameter", "in", "kind", "what it is"), rows) + "\n" if rows else ""
    said = f"{table}{_body(item.get('requestBody', {}))}Answers: {', '.join(answers)}."
    return f"### {method} {path}\n\n{item['description']}\n\n{said}\n"


def _body(found: Mapping[str, Any]) -> str:
    """What is sent with a request, by its media types."""
    kinds = [
        f"{_api_kind(content['schema'])} as `{media}`" if "schema" in content else f"`{media}`"
        for media, content in found.get("content", {}).items()
    ]
    return f"Body: {' or '.join(kinds)}.\n\n" if kinds else ""


def _answer(status: str, found: Mapping[str, Any]) -> str:
    schemas = [content["schema"] for content in found.get("content", {}).values() if "schema" in content]
    named = [_api_kind(schema) for schema in schemas if "$ref" in schema]
    if status < "300":
        given = [f"({named[0]})"] if named else [f"`{media}`" for media in found.get("content", {})]
        return " ".join((status, *given))
    return f"{status} {_lower(found['description'])}"


def _lower(sentence: str) -> str:
    first = sentence.partition(" ")[0]
    # A header's name stays as it is written.
    return (sentence if "-" in first else sentence[:1].lower() + sentence[1:]).rstrip(".")


def _document(name: str, schema: Mapping[str, Any]) -> str:
    fields = schema.get("properties", {})
    if not fields or name in ("HTTPValidationError", "ValidationError"):
        return ""
    rows = [(f"`{field}`", _api_kind(found), found.get("description", "")) for field, found in fields.items()]
    said = " ".join(inspect.cleandoc(schema.get("description", "")).split())
    return f"### {name}\n\n{said}\n\n{_table(('field', 'kind', 'what it is'), rows)}\n"


def _api_kind(schema: Mapping[str, Any]) -> str:
    """What may stand there, in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_api_kind(part) for part in schema["anyOf"]))
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_api_kind(schema.get('items', {}))}"
    if isinstance(more := schema.get("additionalProperties"), Mapping) and more:
        return f"mapping to {_api_kind(more)}"
    return str(schema.get("format") or schema.get("type", "anything"))


PARTS: Mapping[str, Callable[[], str]] = {
    "api": api,
    "commands": commands,
    "options": options,
    "definition": definition,
    "events": events,
    "lifecycle": lifecycle,
    "errors": errors,
    "features": features,
    "rules": rules,
    "audit_rules": audit_rules,
    "tables": tables,
    "values": values,
}


def generated(page: str) -> str:
    """The page with its generated parts made afresh."""
    return _PART.sub(lambda found: f"{found['head']}\n{PARTS[found['name']]()}\n{found['tail']}", page)


def main() -> int:
    """Write the pages."""
    for path in sorted(REFERENCE.glob("*.md")):
        path.write_text(generated(path.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
