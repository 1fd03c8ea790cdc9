"""What runs, in the words of intent: with what no device shows, and marks for the secrets that tell lines apart."""

import re
from collections.abc import Iterator

from cimnet_nornir.errors import ConfigurationError
from cimnet_nornir.ios.references import Resolver, has_mark, references_in, revealed, secret_mark
from cimnet_nornir.ios.rules.model import TOP
from cimnet_nornir.ios.rules.table import identity_of, rule_for
from cimnet_nornir.ios.service_lines import service_line
from cimnet_nornir.ios.steps import Caution, Finding
from cimnet_nornir.ios.tree import Config, Node


def as_told(running: Config, intended: Config, former: Config | None, resolve: Resolver | None) -> Config:
    """A running configuration as it is compared with what is intended, and with what was when it was pushed to last."""
    return with_unshown(_marked(running, intended, resolve), former)


def with_unshown(running: Config, former: Config | None) -> Config:
    """Running with the lines that no device shows, taken to be what they were when it was pushed to last."""
    if former is None:
        return running
    there = {_identity(node) for node in running.nodes if is_unshown(node.text)}
    kept = (node for node in former.nodes if is_unshown(node.text) and _identity(node) not in there)
    return Config((*running.nodes, *kept))


def shown(config: Config) -> Config:
    """A configuration as a device shows it."""
    return Config(tuple(node for node in config.nodes if not is_unshown(node.text)))


def is_unshown(line: str) -> bool:
    """Whether a device takes a line of the top level and never shows it."""
    return rule_for(TOP, line).unshown


def _identity(node: Node) -> tuple[str, ...]:
    return identity_of(TOP, node.text)


def _marked(running: Config, intended: Config, resolve: Resolver | None) -> Config:
    """Running with the mark of a community in the place of its name, where intent has one of that name."""
    known = {}
    for node in intended.nodes:
        shown = _revealed(node.text, resolve)
        if shown is not None and identity_of(TOP, shown) != _identity(node):
            known[identity_of(TOP, shown)] = node.text
    if not known:
        return running
    return Config(tuple(_with_marks(node, known.get(_identity(node)), resolve) for node in running.nodes))


def _revealed(text: str, resolve: Resolver | None) -> str | None:
    """The line with its secrets; None where it has none, or where one is not there."""
    if not has_mark(text):
        return None
    try:
        return service_line(revealed(text, resolve))
    except ConfigurationError:
        return None


def _with_marks(node: Node, wanted: str | None, resolve: Resolver | None) -> Node:
    text = node.text
    for reference in references_in(wanted or ""):
        secret = (resolve(reference) if resolve is not None else None) or ""
        # A mark has no backslash, so that it stands for itself in a replacement.
        text = re.sub(rf"(?<= ){re.escape(secret)}(?= |$)", secret_mark(reference), text, count=1)
    return Node(text, node.children)


def newcomers(running: Config, intended: Config) -> Iterator[Finding]:
    """A caution for each line that is new and that no device shows: whether it was there before is not known."""
    there = {_identity(node) for node in running.nodes}
    for node in intended.nodes:
        rule = rule_for(TOP, node.text)
        if rule.unshown and _identity(node) not in there:
            what = rule.undo_of(node.text).removeprefix("no ")
            yield Caution(f"{what}: no device shows it; the way back removes it, even if it was there before")
