"""Who still names an access list that is about to go: a device lets everything through where such a one is used."""

import re
from collections.abc import Iterable, Iterator

from cimnet_nornir.ios.steps import Caution, Draft, Finding, Unmodelled
from cimnet_nornir.ios.tree import Config, Path, walk

_REMOVAL = re.compile(r"no (?:ip access-list (?:standard|extended)|ipv6 access-list) (?P<name>\S+)")
_USE = re.compile(
    r"(?:ip access-group|access-class|ipv6 traffic-filter) (?P<first>\S+) .*|match ip address (?P<map>.+)"
    r"|snmp-server community \S+ (?:view \S+ )?(?:RO|RW|ro|rw) (?P<community>\S+)|ip nat .* list (?P<nat>\S+) .*"
    r"|distribute-list (?P<list>\S+) .*|match (?:not )?access-group (?:name )?(?P<qos>\S+)"
)


def still_used(findings: Iterable[Finding], intended: Config) -> Iterator[Finding]:
    """A caution for each line that stays and names a list that goes."""
    steps = list(findings)
    removed = {m["name"] for f in steps if isinstance(f, Draft) and (m := _REMOVAL.fullmatch(f.step.command))}
    lists = ("ip access-list ", "ipv6 access-list ")
    brought = {node.text.split(" ")[-1] for node in intended.nodes if node.text.startswith(lists)}
    if not removed - brought:
        return
    staying = (*(f.path for f in steps if isinstance(f, Unmodelled)), *walk(intended))
    for path in staying:
        for name in sorted(_named(path) & removed - brought):
            yield Caution(f"access list {name} goes, and {' / '.join(path)} then lets everything through")


def _named(path: Path) -> frozenset[str]:
    match = _USE.fullmatch(path[-1])
    texts = match.groupdict().values() if match else ()
    return frozenset(word for text in texts if text for word in text.split(" "))
