"""Whether devices run what they should, as a JUnit file and as Markdown: of `cimnet verify` and of `cimnet drift`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from xml.etree.ElementTree import Element

from cimnet_nornir.application.checks import CheckResult
from cimnet_nornir.application.drift import DriftReport
from cimnet_nornir.application.plan import DevicePlan, Plan
from cimnet_nornir.reports.junit import add_case, add_suite, document, judge, new_root, print_out
from cimnet_nornir.reports.markdown import LIMIT, Paper, code, marker
from cimnet_nornir.reports.plan import add_unread, part_of, suite_name, unread_items
from cimnet_nornir.reports.words import changed_lines, count

Checks = Mapping[str, Sequence[CheckResult] | str]
"""The results of checks by host name; a text where they could not be run."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A device that was read; `wrong` says how it is not as it should be, empty where it is."""

    device: DevicePlan
    wrong: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What was looked at, by which command, and what was found."""

    command: Literal["verify", "drift"]
    plan: Plan
    devices: tuple[Compared, ...]

    @property
    def wrong(self) -> tuple[Compared, ...]:
        """The devices that are not as they should be."""
        return tuple(each for each in self.devices if each.wrong)


def verified(plan: Plan) -> Verification:
    """Of a plan: whatever it would change differs."""
    return Verification("verify", plan, tuple(Compared(device, _differs(device)) for device in plan.devices))


def _differs(device: DevicePlan) -> str:
    more, less = changed_lines(device.diff)
    return f"differs from the intent: +{more} -{less} lines" if device.changed else ""


def drifted(report: DriftReport) -> Verification:
    """Of a look for drift: what was changed by hand; intent that waits is none."""
    said = (f"{count(item.drifted, 'line')} changed by hand" if item.drifted else "" for item in report.devices)
    devices = tuple(Compared(item.plan, wrong) for item, wrong in zip(report.devices, said, strict=True))
    return Verification("drift", report.plan, devices)


def verification_junit(found: Verification, checks: Checks | None = None) -> str:
    """A JUnit file: a case a host, a failure where it differs or drifted, and a case for each check of a host."""
    root = new_root(f"cimnet {found.command} {found.plan.network}")
    name = suite_name(found.plan)
    suite = add_suite(root, name)
    for each in found.devices:
        case = add_case(suite, name, each.device.name)
        if each.wrong:
            judge(case, "failure", each.wrong, kind="drift", text=each.device.diff)
        else:
            # What waits to be applied is no drift, and may be looked at.
            print_out(case, each.device.diff)
    add_unread(suite, found.plan)
    for host, results in (checks or {}).items():
        _add_checks(suite, name, host, results)
    return document(root)


def _add_checks(suite: Element, classname: str, host: str, results: Sequence[CheckResult] | str) -> None:
    if isinstance(results, str):
        judge(add_case(suite, classname, f"{host}: checks"), "error", results, kind="unreachable")
        return
    for result in results:
        case = add_case(suite, classname, f"{host}: {result.check}", seconds=result.seconds)
        if not result.ok:
            judge(case, "failure", result.said, kind="check failed")


def verification_markdown(found: Verification, checks: Checks | None = None, *, limit: int = LIMIT) -> str:
    """Markdown of at most `limit` characters: what differs, which checks do not hold, and the differences."""
    plan, paper = found.plan, Paper(limit)
    paper.block(marker(found.command, plan.network, plan.environment))
    title = "Drift" if found.command == "drift" else "Verification"
    paper.block(f"## {title} of {code(plan.network, 80)} in {code(plan.environment, 20)}: {_summary(found)}")
    paper.rows("**Not read**\n", unread_items(plan), "device that was not read")
    if checks is not None:
        paper.rows(f"**Checks that do not hold** (of {_number(checks)})\n", _failed(checks), "check")
    rows = (f"| {code(each.device.name, 80)} | {each.wrong} |" for each in found.wrong)
    paper.rows("| host | |\n| --- | --- |", rows, "row")
    paper.parts((part_of(each.device) for each in found.wrong), "difference")
    return paper.text()


def _summary(found: Verification) -> str:
    wrong, fine = len(found.wrong), len(found.devices) - len(found.wrong)
    parts = (
        f"{count(wrong, 'device')} {'drifted' if found.command == 'drift' else 'to mend'}" if wrong else "",
        f"{fine} as they should be" if fine else "",
        f"{len(found.plan.unread)} not read" if found.plan.unread else "",
    )
    return ", ".join(part for part in parts if part) or "no device to look at"


def _number(checks: Checks) -> int:
    return sum(len(results) for results in checks.values() if not isinstance(results, str))


def _failed(checks: Checks) -> Iterable[str]:
    for host, results in checks.items():
        if isinstance(results, str):
            yield f"- {code(host, 80)}: not checked: {code(results)}"
            continue
        yield from (f"- {code(host, 80)}: {code(each.check)}: {code(each.said)}" for each in results if not each.ok)
