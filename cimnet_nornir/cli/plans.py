"""How plans and deployments look at the terminal and in JSON; shared by plan, show, apply, verify and drift."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from cimnet_nornir.cli.alike_text import Group, groups, plan_text, shared
from cimnet_nornir.cli.output import bad, colored_diff, count, faint, folded, good, odd, say, table

if TYPE_CHECKING:
    from cimnet_nornir.application.deployment import Deployment
    from cimnet_nornir.application.outcomes import PushOutcome
    from cimnet_nornir.application.plan import DevicePlan, Plan
    from cimnet_nornir.application.pushing import PushOptions


def show_plan(
    plan: "Plan",
    *,
    commands: bool = False,
    brief: bool = False,
    unread: bool = True,
    reverse: bool = False,
    full: bool = False,
    options: "PushOptions | None" = None,
) -> None:
    """Each device's difference, what a person should read about it, and a summary.

    Of many devices those alike are shown once, unless `full` asks for each. `brief` leaves the differences out;
    `commands` shows what is sent in their place. `unread` False leaves out the devices that could not be read, where a
    deployment tells of them. `reverse` shows the commands that take it back, and `options` are those by which it is
    pushed.
    """
    known = {device.name: device for device in plan.changes}
    texts = {name: plan_text(device, more=device.inverse if reverse else ()) for name, device in known.items()}
    for group in groups(texts, full=full):
        members = [known[name] for name in group.names]
        _show_group(group, members, None if brief else _shown(members[0], commands=commands, reverse=reverse))
    for line in unread_lines(plan) if unread else ():
        say(line)
    for line in protection_lines(plan, options):
        say(line)
    for line in _order(plan):
        say(faint(line))
    say(summary(plan))


def protection_lines(plan: "Plan", options: "PushOptions | None" = None) -> Iterable[str]:
    """What takes the change back on each device where it fails or nobody confirms it; devices alike in one line."""
    from cimnet_nornir.application.name_ranges import folded_names
    from cimnet_nornir.application.pushing import PushOptions

    chosen = options or PushOptions()
    by_words: dict[str, list[str]] = {}
    for device in plan.changes:
        by_words.setdefault(_protected_by(chosen, device), []).append(device.name)
    for said, names in by_words.items():
        yield faint(f"on failure: {said}" + (f": {folded_names(names)}" if len(by_words) > 1 else ""))


def _protected_by(options: "PushOptions", device: "DevicePlan") -> str:
    minutes = f"{options.confirm_within} min"
    match options.guard(device):
        case "":
            return f"nothing would take it back, so nothing is sent ({device.unprotected})"
        case _ if options.on_failure == "keep":
            return "kept as far as it came, and not saved"
        case "revert timer":
            return f"taken back, by the device itself where nobody confirms within {minutes}"
        case "reload timer":
            return f"taken back, by a reload where nobody confirms within {minutes} ({device.unprotected})"
        case "lines":
            return f"taken back by lines, while the device can be reached ({device.unprotected})"


def _order(plan: "Plan") -> Iterable[str]:
    from cimnet_nornir.application.plan_words import order_words

    words = order_words(plan)
    return (words,) if words else ()


def unread_lines(plan: "Plan") -> Iterable[str]:
    """The devices that could not be read, each with the reason; a reason that many share is said once."""
    from cimnet_nornir.application.name_ranges import folded_names

    reasons = {unread.name: reason_of(unread.name, unread.reason) for unread in plan.unread}
    if len(reasons) > 1 and len(set(reasons.values())) == 1:
        yield f"{bad(folded_names(reasons))}: {next(iter(reasons.values()))}"
        return
    for group in groups(reasons):
        of_first = f" (that is {group.first})" if group.own else ""
        yield f"{bad(folded_names(group.names))}: {reasons[group.first]}{of_first}"


def reason_of(name: str, reason: str) -> str:
    """A reason beside the host's name, without saying the name again."""
    return reason.removeprefix(f"{name}: ").removeprefix(f"{name} ")


def _show_group(group: Group, members: "Sequence[DevicePlan]", shown: "Iterable[str] | None") -> None:
    """Devices alike, the first for all of them; `shown` are the lines of it, None for none at all."""
    first = members[0]
    lines = first.diff.splitlines()
    more, less = (sum(line.startswith(mark) for line in lines) for mark in "+-")
    what = "host" if first.kind == "host" else count(len(first.commands), "command")
    then = ", build and activate" if first.kind == "host" else ""
    each = " each" if len(members) > 1 else ""
    say(f"{group.title}: {what}{each}, {good(f'+{more}')} {bad(f'-{less}')} lines{then}")
    for line in group.members("  "):
        say(line)
    if shown is not None:
        for line in (*group.notes("  "), *(f"  {line}" for line in shown)):
            say(line)
    for line in _beside(members):
        say(f"  {line}")


def _shown(device: "DevicePlan", *, commands: bool, reverse: bool) -> Iterator[str]:
    """The difference, or the commands in its place."""
    if not (commands or reverse):
        yield from colored_diff(device.diff)
        return
    away = frozenset() if reverse else {line.strip() for line in device.destructive}
    for line in device.inverse if reverse else device.commands:
        yield bad(line) if line.strip() in away else line


def _beside(members: "Sequence[DevicePlan]") -> Iterator[str]:
    """What a person should read beside the difference: what is taken away, warnings, and checks."""
    from cimnet_nornir.application.plan_words import destructive_words

    for words in destructive_words(members[0]):
        first, *more = folded(words, len("  destructive: "))
        yield f"{bad('destructive')}: {first}"
        yield from (" " * len("destructive: ") + line for line in more)
    for names, words in shared(members, lambda device: device.warnings):
        said = reason_of(names[0], words) if len(members) > 1 else words
        yield f"{odd('warning')}: {_of(names, members)}{said}"
    for names, words in shared(members, lambda device: device.checks, addresses=True):
        yield faint(f"check: {_of(names, members)}{words}")


def _of(names: Collection[str], members: "Sequence[DevicePlan]") -> str:
    """Of which devices something is said, where it is not of all that are shown together."""
    from cimnet_nornir.application.name_ranges import folded_names

    return "" if len(names) == len(members) else f"{folded_names(names)}: "


def summary(plan: "Plan") -> str:
    """The plan in one line."""
    from cimnet_nornir.application.plan_words import by_how_much

    same = len(plan.devices) - len(plan.changes)
    parts = []
    if plan.changes:
        parts.append(by_how_much(plan.changes))
    elif plan.devices:
        parts.append("nothing to change")
    parts.append(f"{same} in sync" if same else "")
    parts.append(bad(f"{len(plan.unread)} not read") if plan.unread else "")
    return f"{plan.environment}: " + (", ".join(part for part in parts if part) or "no device to look at")


def unmodelled(plan: "Plan") -> Iterable[str]:
    """Lines on devices that no intent owns, for whoever asks."""
    for device in plan.devices:
        for path in device.unmodelled:
            yield faint(f"{device.name}: left alone: {' / '.join(path)}")


def plan_head(plan: "Plan") -> str:
    """Which plan it is: its digest, who made it, when and for what."""
    when = f"{plan.created.astimezone():%Y-%m-%d %H:%M:%S}"
    return f"plan {plan.digest[:19]} by {plan.author}, {when}, of intent up to event {plan.position}"


_COLORS = {"applied": good, "unreachable": odd, "in doubt": odd, "taken back": odd, "not started": odd}


def show_deployment(deployment: "Deployment") -> None:
    """What became of each device."""
    outcomes = sorted(deployment.outcomes.values(), key=lambda item: item.device.name)
    shared = _shared(outcomes)
    rows = []
    for outcome in outcomes:
        color = _COLORS.get(outcome.outcome, bad)
        rows.append((outcome.device.name, color(outcome.outcome), _said(outcome, shared)))
    for line in table(rows):
        say(line)
    for reason in shared:
        say(reason)


def _shared(outcomes: "Iterable[PushOutcome]") -> tuple[str, ...]:
    """Reasons that several devices have word for word: told once, and not beside each."""
    reasons = Counter(outcome.reason for outcome in outcomes if outcome.reason and not outcome.applied)
    return tuple(reason for reason, times in reasons.items() if times > 1)


def _said(outcome: "PushOutcome", shared: "Collection[str]") -> str:
    from cimnet_nornir.application.plan_words import changed_lines

    if outcome.applied and outcome.device.kind == "host":
        kept = f"kept as generation {outcome.generation}" if outcome.generation else "kept"
        changed = count(changed_lines(outcome.device), "line")
        return f"{changed}, activated, verified, confirmed, {kept}, {outcome.seconds:.1f} s"
    if outcome.applied:
        confirmed = "confirmed, " if outcome.confirmed else ""
        return f"{count(len(outcome.sent), 'command')}, verified, {confirmed}saved, {outcome.seconds:.1f} s"
    reason = "" if outcome.reason in shared else reason_of(outcome.device.name, outcome.reason)
    back = f"brought back by {'its ' if outcome.reverted != 'lines' else ''}{outcome.reverted}"
    return "; ".join(part for part in (reason, back if outcome.reverted else "") if part)


def _host_json(outcome: "PushOutcome") -> dict[str, Any]:
    """What is told of hosts besides: where a deployment went that was begun, and what the host boots since."""
    if outcome.target is None:
        return {}
    return {"target": outcome.target.model_dump(mode="json"), "generation": outcome.generation}


def deployment_json(deployment: "Deployment") -> dict[str, Any]:
    """What became of each device, for programs."""
    return {
        "deployment": str(deployment.id),
        "devices": {
            item.device.name: {
                "outcome": item.outcome,
                "reason": item.reason,
                "line": item.line,
                "answer": item.answer,
                "sent": list(item.sent),
                "remaining": list(item.remaining),
                "saved": item.saved,
                "confirmed": item.confirmed,
                "reverted": item.reverted,
                "checks": list(item.checks),
                "seconds": round(item.seconds, 3),
                **_host_json(item),
            }
            for item in deployment.outcomes.values()
        },
        "trouble": list(deployment.trouble),
    }
