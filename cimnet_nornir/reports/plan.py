"""A plan as a JUnit file, and as Markdown for the merge request that it is made for."""

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from cimnet_nornir.application.plan import DevicePlan, Plan
from cimnet_nornir.application.plan_words import by_how_much, destructive_words, order_words
from cimnet_nornir.application.pushing import PushOptions
from cimnet_nornir.application.validation import Finding, finding_line, merged
from cimnet_nornir.reports.junit import add_case, add_suite, document, judge, new_root, print_out
from cimnet_nornir.reports.markdown import LIMIT, Paper, code, marker
from cimnet_nornir.reports.words import changed_lines, count


def suite_name(plan: Plan) -> str:
    """What a plan is about, as suites name it."""
    return f"{plan.environment}/{plan.network}"


def plan_junit(plan: Plan) -> str:
    """A JUnit file: a case a host and one for each of its checks, which are skipped: they are run around the push.

    A change that waits is a test that passed, with the difference in its output; a device that was not read is an
    error.
    """
    root = new_root(f"cimnet plan {plan.network}")
    suite = add_suite(root, suite_name(plan))
    for device in plan.devices:
        print_out(add_case(suite, suite_name(plan), device.name), "\n".join(_output(device)))
        for check in device.checks:
            case = add_case(suite, suite_name(plan), f"{device.name}: {check}")
            judge(case, "skipped", "it is run when the plan is carried out")
    add_unread(suite, plan)
    return document(root)


def add_unread(suite: Element, plan: Plan) -> None:
    """A case in error for each device that could not be read."""
    for unread in plan.unread:
        judge(add_case(suite, suite_name(plan), unread.name), "error", unread.reason, kind=unread.outcome)


def _output(device: DevicePlan) -> Iterator[str]:
    yield from (f"this cuts the way to the device: {cut}" for cut in device.cuts)
    yield from (f"destructive: {words}" for words in destructive_words(device))
    yield from (f"warning: {warning}" for warning in device.warnings)
    if device.diff:
        yield device.diff


def plan_markdown(
    plan: Plan,
    *,
    options: PushOptions | None = None,
    findings: Sequence[Finding] = (),
    limit: int = LIMIT,
) -> str:
    """Markdown of at most `limit` characters. `options` are those of the push, `findings` what validation adds."""
    paper = Paper(limit)
    paper.block(marker("plan", plan.network, plan.environment))
    paper.block(f"## Plan for {code(plan.network, 80)} in {code(plan.environment, 20)}: {plan_summary(plan)}")
    paper.block(_head(plan))
    if order_words(plan):
        paper.block(code(order_words(plan)))
    for heading, rows, what in _remarks(plan, findings):
        paper.rows(f"**{heading}**\n", rows, what)
    chosen = options or PushOptions()
    table = (_row(device, chosen) for device in plan.changes)
    paper.rows("| host | commands | + / - | protection | checks |\n| --- | ---: | --- | --- | ---: |", table, "row")
    paper.parts((part_of(device) for device in plan.changes), "difference")
    return paper.text()


def _head(plan: Plan) -> str:
    when = f"{plan.created:%Y-%m-%d %H:%M:%S %Z}"
    return f"{code(plan.digest)} by {code(plan.author, 80)}, {when}, of intent up to event {plan.position}"


def plan_summary(plan: Plan) -> str:
    """The plan in one line."""
    same = len(plan.devices) - len(plan.changes)
    parts = (
        by_how_much(plan.changes),
        f"{same} in sync" if same else "",
        f"{len(plan.unread)} not read" if plan.unread else "",
    )
    return ", ".join(part for part in parts if part) or "no device to look at"


def _remarks(plan: Plan, findings: Sequence[Finding]) -> Iterator[tuple[str, list[str], str]]:
    """What has to be read before the rest."""
    cuts = [_item(device.name, cut) for device in plan.changes for cut in device.cuts]
    yield "This cuts the way to the device; it is not sent without `--allow-cut`", cuts, "cut"
    yield "Not read", unread_items(plan), "device that was not read"
    found = [f"- {finding.severity}: {code(finding_line(finding))}" for finding in merged(findings)]
    yield "What validation finds in it", found, "finding"
    warnings = [_item(device.name, warning) for device in plan.changes for warning in device.warnings]
    yield "Warnings", warnings, "warning"


def unread_items(plan: Plan) -> list[str]:
    """The devices that could not be read, as items of a list."""
    return [_item(unread.name, unread.reason) for unread in plan.unread]


def _item(name: str, said: str) -> str:
    return f"- {code(name, 80)}: {code(said)}"


def _row(device: DevicePlan, options: PushOptions) -> str:
    more, less = changed_lines(device.diff)
    guard = options.guard(device) or "none: nothing is sent"
    why = f" ({code(device.unprotected, 120)})" if device.unprotected and not device.timer else ""
    cells = (code(device.name, 80), len(device.commands), f"+{more} / -{less}", f"{guard}{why}", len(device.checks))
    return f"| {' | '.join(map(str, cells))} |"


def part_of(device: DevicePlan) -> tuple[str, str, str, str]:
    """The difference of a device as a part of a paper: its name, what is said of it, the text, what comes before it."""
    more, less = changed_lines(device.diff)
    what = "host" if device.kind == "host" else count(len(device.commands), "command")
    said = f"{what}, +{more} -{less} lines"
    items = [f"- destructive: {code(words)}" for words in destructive_words(device)]
    items += [f"- check: {code(check)}" for check in device.checks]
    return device.name, said, device.diff, "\n".join(items)
