"""What became of a plan that was carried out, as a JUnit file and as Markdown."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self
from xml.etree.ElementTree import Element

from cimnet_nornir.application.outcomes import PushOutcome
from cimnet_nornir.application.plan import DevicePlan, Plan
from cimnet_nornir.application.plan_words import done_of, tally
from cimnet_nornir.reports.junit import Verdict, add_case, add_suite, document, judge, new_root, print_out
from cimnet_nornir.reports.markdown import LIMIT, Paper, code, marker
from cimnet_nornir.reports.plan import suite_name

if TYPE_CHECKING:
    from cimnet_nornir.application.deployment import Deployment

# Where the device could not be asked, or nobody knows what it holds, the test could not be run; elsewhere it failed.
_ERRORS = frozenset({"unreachable", "refused", "failed", "in doubt"})


@dataclass(frozen=True, slots=True)
class DeploymentReport:
    """A plan, and what became of its devices. `deployment` is the id; empty where there was nothing to send."""

    plan: Plan
    outcomes: tuple[PushOutcome, ...] = ()
    deployment: str = ""
    trouble: tuple[str, ...] = ()

    @classmethod
    def of(cls, deployment: "Deployment") -> Self:
        """What a deployment came to; devices by their names."""
        outcomes = sorted(deployment.outcomes.values(), key=lambda outcome: outcome.device.name)
        return cls(deployment.plan, tuple(outcomes), str(deployment.id), tuple(deployment.trouble))

    @property
    def done(self) -> int:
        """How many devices hold what was intended."""
        return sum(outcome.applied for outcome in self.outcomes)

    @property
    def unchanged(self) -> tuple[DevicePlan, ...]:
        """The devices that nothing was to be sent to."""
        told = {outcome.device.device for outcome in self.outcomes}
        return tuple(device for device in self.plan.devices if not device.changed and device.device not in told)


def deployment_junit(report: DeploymentReport) -> str:
    """A JUnit file: a case a host, and one for each of its checks.

    A device that was not to be asked, or whose push is in doubt, is an error; one that was never begun is skipped; any
    other outcome than "applied" is a failure.
    """
    root = new_root(f"cimnet apply {report.plan.network}")
    suite = add_suite(root, suite_name(report.plan))
    for outcome in report.outcomes:
        _add_outcome(suite, suite_name(report.plan), outcome)
    for device in report.unchanged:
        add_case(suite, suite_name(report.plan), device.name)
    for trouble in report.trouble:
        judge(add_case(suite, suite_name(report.plan), "the event log"), "error", trouble, kind="not recorded")
    return document(root)


def _add_outcome(suite: Element, classname: str, outcome: PushOutcome) -> None:
    case = add_case(suite, classname, outcome.device.name, seconds=outcome.seconds)
    if outcome.applied:
        print_out(case, outcome.device.diff)
    else:
        reason = outcome.reason or outcome.outcome
        judge(case, _verdict(outcome.outcome), reason, kind=outcome.outcome, text="\n".join(_told(outcome)))
    for check in dict.fromkeys((*outcome.device.checks, *outcome.checks)):
        _judge_check(add_case(suite, classname, f"{outcome.device.name}: {check}"), outcome, check)


def _verdict(outcome: str) -> Verdict:
    if outcome == "not started":
        return "skipped"
    return "error" if outcome in _ERRORS else "failure"


def _judge_check(case: Element, outcome: PushOutcome, check: str) -> None:
    if check in outcome.checks:
        judge(case, "failure", outcome.reason, kind="check failed")
    elif not outcome.applied:
        # It may have held: of a change that is not there any more, that says nothing.
        judge(case, "skipped", f"the change was not made or not kept: {outcome.outcome}")


def _told(outcome: PushOutcome) -> Iterator[str]:
    """All that is known of a push that did not do."""
    yield outcome.reason
    if outcome.line:
        yield f"line: {outcome.line}"
    if outcome.answer:
        yield f"answer: {outcome.answer}"
    if outcome.reverted:
        yield f"brought back by: {outcome.reverted}"
    yield from (f"failed check: {check}" for check in outcome.checks)
    if outcome.remaining:
        yield "\n".join(("still to be sent:", *(f"  {line}" for line in outcome.remaining)))


def deployment_markdown(report: DeploymentReport, *, limit: int = LIMIT) -> str:
    """Markdown of at most `limit` characters: the outcomes by host, with the reasons, and how to go on from there."""
    plan, paper = report.plan, Paper(limit)
    paper.block(marker("apply", plan.network, plan.environment))
    paper.block(f"## Deployment to {code(plan.network, 80)} in {code(plan.environment, 20)}: {_summary(report)}")
    paper.block(_identity(report))
    paper.rows("**Trouble**\n", [f"- {code(trouble)}" for trouble in report.trouble], "line of trouble")
    # What went wrong is read first.
    ordered = sorted(report.outcomes, key=lambda outcome: outcome.applied)
    paper.rows("| host | outcome | commands | reason |\n| --- | --- | ---: | --- |", map(_row, ordered), "row")
    paper.parts((_part(outcome) for outcome in ordered if not outcome.applied), "device's details")
    return paper.text()


def _summary(report: DeploymentReport) -> str:
    if not report.deployment:
        return f"nothing to change on {tally(report.plan.devices)}"
    same = f", {len(report.unchanged)} in sync" if report.unchanged else ""
    return f"{done_of(report.outcomes)} done{same}"


def _identity(report: DeploymentReport) -> str:
    if not report.deployment:
        return f"plan {code(report.plan.digest)}; nothing was sent"
    said = f"deployment {code(report.deployment)} of plan {code(report.plan.digest)}"
    hints = [f"the whole story: `cimnet trace {report.deployment[:8]}`"]
    if any(outcome.outcome == "in doubt" for outcome in report.outcomes):
        hints.append("what is in doubt is settled by `cimnet recover`")
    return "\n\n".join((said, *hints))


def _row(outcome: PushOutcome) -> str:
    word = outcome.outcome if outcome.applied else f"**{outcome.outcome}**"
    back = f" brought back by {outcome.reverted}" if outcome.reverted else ""
    confirmed = "confirmed" if outcome.confirmed else ""
    said = f"{code(outcome.reason)}{back}" if not outcome.applied else confirmed
    return f"| {code(outcome.device.name, 80)} | {word} | {len(outcome.sent)} | {said} |"


def _part(outcome: PushOutcome) -> tuple[str, str, str, str]:
    return outcome.device.name, outcome.outcome, "\n".join(_told(outcome)), ""
