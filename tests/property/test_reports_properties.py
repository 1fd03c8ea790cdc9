"""Reports hold whatever devices and people write: XML stays XML, and nothing of it becomes markup."""

import re
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from cimnet_nornir.application.checks import CheckResult
from cimnet_nornir.application.outcomes import PushOutcome
from cimnet_nornir.application.plan import DevicePlan, Plan, Unread
from cimnet_nornir.application.validation import Finding
from cimnet_nornir.reports.deployment import DeploymentReport, deployment_junit, deployment_markdown
from cimnet_nornir.reports.markdown import LEAST
from cimnet_nornir.reports.plan import plan_junit, plan_markdown
from cimnet_nornir.reports.verify import Checks, verification_junit, verification_markdown, verified

HOSTILE = (
    "|",
    "`",
    "```",
    "\n````\n",
    "<script>alert(1)</script>",
    "-->",
    "</details>",
    "]]>",
    "\x00",
    "\x1b[31m",
    "\x08",
    "\ufffe",
    "\u202e",
    "\r\n",
    "\n\n# heading\n",
    "\n/close\n",
    "@all ",
    "[a](http://b)",
    "\\",
    "\\|",
    "&amp;",
    "~~~",
    "\u2028",
)
TEXTS = st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=6)), max_size=6).map("".join)
DIFFS = st.lists(st.tuples(st.sampled_from("+- "), TEXTS), min_size=1, max_size=5).map(
    lambda lines: "\n".join(mark + text for mark, text in lines)
)
OUTCOMES = ("applied", "rejected", "unreachable", "in doubt", "taken back", "not started")
# All the HTML that a report has.
OURS = re.compile(
    r"<!-- cimnet:\w+ network=[\w.~%-]* environment=[\w.~%-]* -->\n?"
    r"|<details><summary><code>[^<>]*</code>: [^<>]*</summary>\n?|</details>\n?"
)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    devices = tuple(
        DevicePlan(
            device=f"d{number}",
            name=draw(TEXTS),
            kind="switch",
            commands=("vlan 10",),
            carries=(),
            diff=draw(DIFFS),
            running="",
            rendered="",
            warnings=tuple(draw(st.lists(TEXTS, max_size=2))),
            checks=tuple(draw(st.lists(TEXTS, max_size=2))),
            cuts=tuple(draw(st.lists(TEXTS, max_size=1))),
            unprotected=draw(TEXTS),
        )
        for number in range(draw(st.integers(0, 3)))
    )
    unread = tuple(
        Unread(device="x", name=draw(TEXTS), kind="switch", outcome="unreachable", reason=draw(TEXTS))
        for _ in range(draw(st.integers(0, 2)))
    )
    return Plan(
        network=draw(TEXTS),
        environment="lab",
        position=7,
        created=datetime(2026, 11, 23, tzinfo=UTC),
        author=draw(TEXTS),
        templates="",
        devices=devices,
        unread=unread,
    )


@st.composite
def deployments(draw: st.DrawFn) -> DeploymentReport:
    plan = draw(plans())
    outcomes = tuple(
        PushOutcome(
            device,
            draw(st.sampled_from(OUTCOMES)),
            0.5,
            draw(TEXTS),
            line=draw(TEXTS),
            answer=draw(TEXTS),
            remaining=tuple(draw(st.lists(TEXTS, max_size=2))),
            reverted=draw(st.sampled_from(("", "revert timer"))),
            checks=device.checks[:1],
        )
        for device in plan.devices
    )
    return DeploymentReport(plan, outcomes, "882459dd-0000", tuple(draw(st.lists(TEXTS, max_size=2))))


def cases(text: str) -> list[ET.Element]:
    """The cases of a JUnit file, whose numbers are right."""
    root = ET.fromstring(text.encode())
    assert root.tag == "testsuites"
    for suite in root:
        assert suite.tag == "testsuite"
        assert suite.get("tests") == str(len(suite))
        for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert suite.get(key) == str(len(suite.findall(f"testcase/{tag}")))
        assert all({"classname", "name"} <= set(case.attrib) for case in suite)
    return root.findall("testsuite/testcase")


def fences(text: str, kind: str) -> list[str]:
    """What stands in the fences of a report, which has nothing else but what we write."""
    assert text.startswith(f"<!-- cimnet:{kind} network=")
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    flat = [each for token in tokens for each in (token, *(token.children or ()))]
    assert not {token.type for token in flat} & {"html_inline", "link_open", "image", "code_block", "hr"}
    assert [token.tag for token in tokens if token.type == "heading_open"] == ["h2"]
    for token in flat:
        if token.type == "html_block":
            assert re.fullmatch(f"({OURS.pattern})+", token.content), token.content
        if token.type == "text":
            # Mentions and commands work in text; what others wrote stands in code.
            assert not re.search(r"@all|^/close|script", token.content), token.content
    return [token.content for token in tokens if token.type == "fence"]


def rows(text: str) -> list[list[str]]:
    """The cells of the tables, row by row, without their heads."""
    found: list[list[str]] = []
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type == "tr_open":
            found.append([])
        elif token.type == "td_open":
            found[-1].append(token.type)
    return [row for row in found if row]


@given(plans(), TEXTS)
def test_a_plan_is_what_it_is_in_every_report(plan: Plan, said: str) -> None:
    finding = Finding(rule="r", severity="warning", device=said, path=said, message=said, right=said, others=())
    text = plan_markdown(plan, findings=(finding,))
    assert len(fences(text, "plan")) == len(plan.changes)
    assert [len(row) for row in rows(text)] == [5] * len(plan.changes)
    found = cases(plan_junit(plan))
    assert len(found) == len(plan.devices) + len(plan.unread) + sum(len(each.checks) for each in plan.devices)
    assert len([case for case in found if case.find("error") is not None]) == len(plan.unread)


@given(deployments())
def test_a_deployment_is_what_it_is_in_every_report(report: DeploymentReport) -> None:
    failed = [outcome for outcome in report.outcomes if not outcome.applied]
    text = deployment_markdown(report)
    assert len(fences(text, "apply")) == len(failed)
    assert [len(row) for row in rows(text)] == [4] * len(report.outcomes)
    hosts = cases(deployment_junit(report))
    judged = [case for case in hosts if case.get("time") and len(case) and case[0].tag != "system-out"]
    assert len(judged) == len(failed)


@given(plans(), st.lists(st.tuples(TEXTS, st.booleans(), TEXTS), max_size=3), TEXTS)
def test_a_verification_is_what_it_is_in_every_report(
    plan: Plan, results: list[tuple[str, bool, str]], why: str
) -> None:
    checks: Checks = {
        "sw1": tuple(CheckResult(check=check, ok=ok, said=said) for check, ok, said in results),
        "sw2": why,
    }
    assert len(fences(verification_markdown(verified(plan), checks), "verify")) == len(plan.changes)
    found = cases(verification_junit(verified(plan), checks))
    wrong = len(plan.changes) + sum(not ok for _, ok, _ in results)
    assert len([case for case in found if case.find("failure") is not None]) == wrong


@given(plans(), deployments(), st.integers(LEAST, 4_000), st.sampled_from((1, 7, 60)))
def test_a_report_is_never_longer_than_its_limit_and_says_what_it_leaves_out(
    plan: Plan, report: DeploymentReport, limit: int, times: int
) -> None:
    many = plan.model_copy(update={"devices": plan.devices * times, "unread": plan.unread * times})
    longer = DeploymentReport(report.plan, report.outcomes * times, report.deployment, report.trouble * times)
    for kind, text, wanted in (
        ("plan", plan_markdown(many, limit=limit), len(many.changes)),
        ("apply", deployment_markdown(longer, limit=limit), sum(not each.applied for each in longer.outcomes)),
        ("verify", verification_markdown(verified(many), limit=limit), len(many.changes)),
    ):
        assert len(text) <= limit
        assert len(fences(text, kind)) == wanted or "Left out, because" in text
