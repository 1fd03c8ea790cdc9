"""Options of a line: the order in which they are compared, and what it takes to change them one by one.

IOS adds an option that is typed to those that a line has already. OSPF and RIP take back just what a `no` names, EIGRP
the whole line ("Cisco IOS IP Routing: Protocol-Independent Command Reference", `redistribute`).
"""

from collections.abc import Mapping

from cimnet_nornir.ios.rules.model import How, Rule

Options = Mapping[str, str]
"""Options by name, each with its words: "metric" with "metric 10"."""


def split_options(rule: Rule, text: str) -> tuple[str, Options] | None:
    """A line without its options, and these; None where the rule has none or the line holds something else."""
    head = rule.groups(text).get("head") if rule.options else None
    if head is None:
        return None
    lengths = {option.split(" ")[0]: len(option.split(" ")) for option in rule.options}
    words = text.removeprefix(head).split()
    found: dict[str, str] = {}
    while words:
        length = lengths.get(words[0])
        if length is None or len(words) < length or words[0] in found:
            return None
        found[words[0]] = " ".join(words[:length])
        words = words[length:]
    return head, found


def _joined(rule: Rule, head: str, options: Options) -> str:
    names = (option.split(" ")[0] for option in rule.options)
    return " ".join((head, *(options[name] for name in names if name in options)))


def in_order(rule: Rule, text: str) -> str:
    """The line with its options in the order of the rule, and without those that say what the device does anyway."""
    parts = split_options(rule, text)
    if parts is None:
        return text
    head, options = parts
    return _joined(rule, head, {name: words for name, words in options.items() if words not in rule.idle})


def taken_back(rule: Rule, running: str, intended: str) -> str:
    """The command that comes before the intended text of a line that runs otherwise; empty where none is needed."""
    if rule.how not in (How.ONE_BY_ONE, How.GROWS):
        return rule.undo_of(running) if rule.goes_first(running, intended) else ""
    was, now = split_options(rule, running), split_options(rule, intended)
    if was is None or now is None:
        return rule.undo_of(running)
    left_out = {name: words for name, words in was[1].items() if name not in now[1]}
    if not left_out:
        return ""
    return _joined(rule, f"no {was[0]}", left_out) if rule.how is How.ONE_BY_ONE else rule.undo_of(running)


def typed_over(rule: Rule, present: str, typed: str) -> str:
    """What a line becomes when it is typed again with other options."""
    was, now = split_options(rule, present), split_options(rule, typed)
    if rule.how not in (How.ONE_BY_ONE, How.GROWS) or was is None or now is None:
        return typed
    return _joined(rule, now[0], {**was[1], **now[1]})


def without(rule: Rule, present: str, typed: str) -> str | None:
    """What stays of a line when a `no` names some of its options; None where it names none, or all of it goes."""
    was, now = split_options(rule, present), split_options(rule, typed)
    if rule.how is not How.ONE_BY_ONE or was is None or now is None or not now[1]:
        return None
    return _joined(rule, was[0], {name: words for name, words in was[1].items() if name not in now[1]})
