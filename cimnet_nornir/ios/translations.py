"""NAT pools that change while translations use them: a device refuses that, so that those go before and come again."""

import re
from collections.abc import Iterator

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.steps import Caution, Draft, Finding, Step
from cimnet_nornir.ios.tree import Config, sections

_POOL = re.compile(r"ip nat pool (?P<name>\S+) .+")
_USE = re.compile(r"ip nat \S+ (?:source|destination) (?:list|route-map) \S+ pool (?P<name>\S+)(?: .+)?")


def freed_pools(running: Config, intended: Config) -> tuple[Config, list[Finding]]:
    """Running without the translations by pools that change, and the steps that take them away."""
    changing = _changing(running, intended)
    using = [node for node in running.nodes if (match := _USE.fullmatch(node.text)) and match["name"] in changing]
    findings: list[Finding] = []
    for index, node in enumerate(using):
        findings.append(
            Caution(f"no {node.text}: its translations are dropped, and connections break while its pool changes")
        )
        step = Step((), f"no {node.text}", (node.text,), adds=False)
        findings.append(Draft((phases.NAT_UNDO, index), step))
    gone = {node.text for node in using}
    return Config(tuple(node for node in running.nodes if node.text not in gone)), findings


def _changing(running: Config, intended: Config) -> frozenset[str]:
    have, want = dict(_pools(running)), dict(_pools(intended))
    return frozenset(name for name, text in have.items() if name in want and want[name] != text)


def _pools(config: Config) -> Iterator[tuple[str, str]]:
    for node in sections(config, "ip nat pool "):
        match = _POOL.fullmatch(node.text)
        if match is not None:
            yield match["name"], node.text
