"""Access lists of a configuration as the domain knows them, as far as they say something of SSH."""

import re
from collections.abc import Iterator
from typing import Final

from pydantic import ValidationError

from cimnet_nornir.domain.access_lists import AccessList, AclRule
from cimnet_nornir.errors import InvalidValue
from cimnet_nornir.ios.tree import Config, Node

_HEADER: Final = re.compile(r"ip access-list (?P<kind>standard|extended) (?P<name>\S+)")
_ADDRESS: Final = r"(?:any|host \S+|\d\S+(?: \d\S+)?)"
_PORTS: Final = r"(?: (?:(?:eq|gt|lt|neq) [\w-]+(?: \d[\w-]*)*|range \S+ \S+))?"
_STANDARD: Final = re.compile(rf"(?P<action>permit|deny) (?P<source>{_ADDRESS})(?: log)?")
_EXTENDED: Final = re.compile(
    rf"(?P<action>permit|deny) (?P<protocol>\S+) (?P<source>{_ADDRESS})(?P<source_ports>{_PORTS})"
    rf" (?P<destination>{_ADDRESS})(?P<destination_ports>{_PORTS})(?P<options>(?: (?:log|established))*)"
)
_ABOUT_SSH: Final = frozenset({"ip", "tcp"})
# SSH has no name: a port that is named is another one.
_NAMED: Final = re.compile(r"eq [a-z][\w-]*")


def read_list(config: Config, name: str) -> AccessList | None:
    """The list of that name; None where there is none, or it has no entry and lets everything through.

    Raises InvalidValue where an entry says something that is not understood.
    """
    node = next((n for n in config.nodes if (m := _HEADER.fullmatch(n.text)) and m["name"] == name), None)
    if node is None or not any(child.text.startswith(("permit", "deny")) for child in node.children):
        return None
    kind = node.text.split(" ")[2]
    rules = tuple(_rules(node, standard=kind == "standard"))
    try:
        # Where nothing is said of SSH, the denial at the end of every list is all that is left.
        entries = rules or (AclRule(sequence=10, action="deny"),)
        return AccessList.model_validate({"name": name, "kind": kind, "entries": entries})
    except (ValidationError, InvalidValue) as error:
        raise InvalidValue(f"access list {name} is not understood", subject=name) from error


def _rules(node: Node, *, standard: bool) -> Iterator[AclRule]:
    for number, child in enumerate(node.children, start=1):
        if child.text.startswith("remark"):
            continue
        match = (_STANDARD if standard else _EXTENDED).fullmatch(child.text)
        if match is None:
            raise InvalidValue(f"{child.text!r} is not understood", subject=node.text)
        fields = {name: value.strip() for name, value in match.groupdict().items() if value and value.strip()}
        if standard or _concerns_ssh(fields):
            yield _rule(number * 10, fields)


def _concerns_ssh(fields: dict[str, str]) -> bool:
    named = any(_NAMED.fullmatch(fields.get(key, "")) for key in ("source_ports", "destination_ports"))
    return fields["protocol"] in _ABOUT_SSH and not named


def _rule(sequence: int, fields: dict[str, str]) -> AclRule:
    options = fields.pop("options", "")
    try:
        return AclRule.model_validate({"sequence": sequence, "established": "established" in options, **fields})
    except (ValidationError, InvalidValue) as error:
        raise InvalidValue(f"entry {sequence} is not understood", subject=str(sequence)) from error
