"""The archive of configurations and its log of what was typed: modes that are there only while something is set."""

from typing import Final

from cimnet_nornir.lab.answers import Outcome
from cimnet_nornir.lab.grammar import Invalid
from cimnet_nornir.lab.rules import Change, Rule, store


def _no_mode(_: Change) -> Outcome:
    """The mode has no `no`: each of its lines is taken back by itself."""
    return Invalid(0)


def _notify(change: Change) -> Outcome:
    """The running configuration says in which form, even where that went without saying."""
    return store(change, f"notify syslog contenttype {change.values.get('form', 'plaintext')}")


GLOBAL: Final = (Rule("archive", 110, enters="archive", quiet=True, undo=_no_mode),)
ARCHIVE: Final = (
    Rule("log config", 5, enters="archive-log", quiet=True, undo=_no_mode),
    Rule("path <path:line>", 10),
    Rule("maximum <count:1-14>", 20, default="maximum 10"),
    Rule("rollback filter adaptive", 25),
    Rule("write-memory", 30),
    Rule("time-period <minutes:1-525600>", 40),
)
ARCHIVE_LOG: Final = (
    Rule("logging enable", 10),
    Rule("logging size <size:1-1000>", 20, default="logging size 100"),
    Rule("logging persistent [auto]", 21),
    Rule("notify syslog [contenttype {form: plaintext|xml}]", 30, effect=_notify),
    Rule("hidekeys", 40),
)
