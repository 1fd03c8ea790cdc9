"""The running sections that a remediation goes into: what must not have changed when it is sent."""

from collections.abc import Iterator

from cimnet_nornir.ios.levels import level
from cimnet_nornir.ios.rules.model import TOP
from cimnet_nornir.ios.rules.table import identity_of
from cimnet_nornir.ios.steps import Remediation
from cimnet_nornir.ios.tree import Config, to_text


def touched_sections(running: Config, remediation: Remediation) -> str:
    """Each top-level section or setting that the steps bring, change or take away, as it runs now, whole.

    One that is not running yet stands there by its name: that somebody made it meanwhile shows too. Of a setting with
    one value (the host name) it is the running value, whatever the steps make of it.
    """
    present = level(TOP, running.nodes)
    parts: dict[tuple[str, ...], str] = {}
    for header in _headers(remediation):
        identity = identity_of(TOP, header)
        entry = present.get(identity)
        parts[identity] = to_text(Config((entry.node,))) if entry else f"no {header}\n"
    return "".join(parts[identity] for identity in sorted(parts))


def _headers(remediation: Remediation) -> Iterator[str]:
    for step in remediation.steps:
        if step.section:
            yield step.section[0]
        if step.explains:
            yield step.explains[0]
