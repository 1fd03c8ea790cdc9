"""What reports for pipelines say of plans, deployments and verifications."""

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest

from cimnet_nornir.application.checks import CheckResult
from cimnet_nornir.application.drift import DeviceDrift, DriftReport
from cimnet_nornir.application.outcomes import PushOutcome
from cimnet_nornir.application.plan import DevicePlan, Plan, Unread
from cimnet_nornir.application.pushing import PushOptions
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.reports.deployment import DeploymentReport, deployment_junit, deployment_markdown
from cimnet_nornir.reports.markdown import code, fence
from cimnet_nornir.reports.plan import plan_junit, plan_markdown
from cimnet_nornir.reports.verify import Checks, drifted, verification_junit, verification_markdown, verified
from cimnet_nornir.reports.words import one_line, visible

DIFF = "  vlan 20\n-  name voice\n+  name telephony"
ACC1 = DevicePlan(
    device="acc1",
    name="acc1",
    kind="switch",
    commands=("vlan 20", "name telephony"),
    carries=(),
    diff=DIFF,
    running="",
    rendered="",
    warnings=("acc1 runs what was not saved: this push saves it too",),
    checks=("VLAN 20 is active", "interface Gi1/0/1 is up"),
    timer=True,
)
ACC2 = ACC1.model_copy(
    update={
        "device": "acc2",
        "name": "acc2",
        "timer": False,
        "unprotected": "no archive",
        "cuts": ("it shuts Vlan99, by which it is reached",),
        "warnings": (),
        "checks": (),
    }
)
ACC3 = ACC1.model_copy(
    update={"device": "acc3", "name": "acc3", "commands": (), "diff": "", "warnings": (), "checks": ()}
)
PLAN = Plan(
    network="campus",
    environment="lab",
    position=302,
    created=datetime(2026, 11, 23, 17, 17, 22, tzinfo=UTC),
    author="ana",
    templates="sha256:1",
    devices=(ACC1, ACC2, ACC3),
    unread=(Unread(device="acc4", name="acc4", kind="switch", outcome="unreachable", reason="acc4: no answer"),),
)
REJECTED = PushOutcome(
    ACC1,
    "rejected",
    0.4,
    "acc1 refused 'name telephony'",
    line="name telephony",
    answer="% Invalid input",
    sent=("vlan 20",),
    remaining=("name telephony",),
    reverted="revert timer",
)
DEPLOYMENT = "882459dd-7182-491e-82de-71e49f379235"


def cases(text: str) -> dict[str, ET.Element]:
    (suite,) = ET.fromstring(text)
    assert suite.get("name") == "lab/campus"
    return {case.get("name", ""): case for case in suite}


def verdict(case: ET.Element) -> tuple[str, str | None]:
    """How a case ended, and why."""
    ends = [child for child in case if child.tag != "system-out"]
    return (ends[0].tag, ends[0].get("message")) if ends else ("passed", None)


# --- plans ------------------------------------------------------------------------------------------------------------


def test_a_change_that_waits_is_a_test_that_passed_with_the_difference_beside_it() -> None:
    found = cases(plan_junit(PLAN))
    assert list(found) == ["acc1", "acc1: VLAN 20 is active", "acc1: interface Gi1/0/1 is up", "acc2", "acc3", "acc4"]
    assert verdict(found["acc1"]) == ("passed", None)
    assert found["acc1"].findtext("system-out") == f"warning: {ACC1.warnings[0]}\n{DIFF}"
    assert found["acc2"].findtext("system-out", "").startswith("this cuts the way to the device: it shuts Vlan99")
    assert found["acc3"].find("system-out") is None
    assert verdict(found["acc1: VLAN 20 is active"])[0] == "skipped"
    assert verdict(found["acc4"]) == ("error", "acc4: no answer")
    assert found["acc4"][0].get("type") == "unreachable"


def test_the_markdown_of_a_plan_says_first_what_must_be_read() -> None:
    text = plan_markdown(PLAN)
    assert text.startswith(
        "<!-- cimnet:plan network=campus environment=lab -->\n\n"
        "## Plan for `campus` in `lab`: 2 devices to change by 4 commands, 1 in sync, 1 not read\n\n"
        f"`{PLAN.digest}` by `ana`, 2026-11-23 17:17:22 UTC, of intent up to event 302\n\n"
        "**This cuts the way to the device; it is not sent without `--allow-cut`**\n\n"
        "- `acc2`: `it shuts Vlan99, by which it is reached`\n\n"
        "**Not read**\n\n"
        "- `acc4`: `acc4: no answer`\n\n"
        "**Warnings**\n\n"
        "- `acc1`: `acc1 runs what was not saved: this push saves it too`\n\n"
        "| host | commands | + / - | protection | checks |\n"
        "| --- | ---: | --- | --- | ---: |\n"
        "| `acc1` | 2 | +1 / -1 | revert timer | 2 |\n"
        "| `acc2` | 2 | +1 / -1 | lines (`no archive`) | 0 |\n\n"
        "<details><summary><code>acc1</code>: 2 commands, +1 -1 lines</summary>\n\n"
        "- check: `VLAN 20 is active`\n- check: `interface Gi1/0/1 is up`\n\n"
        f"```diff\n{DIFF}\n```\n\n"
        "</details>\n"
    )


@pytest.mark.parametrize(
    ("fallback", "said"),
    [("reload", "| reload timer (`no archive`) |"), ("refuse", "| none: nothing is sent (`no archive`) |")],
)
def test_the_protection_is_that_of_the_push_that_is_asked_for(fallback: str, said: str) -> None:
    assert said in plan_markdown(PLAN, options=PushOptions.of({"fallback": fallback}))


def test_a_plan_with_nothing_in_it_is_a_report_too() -> None:
    nothing = PLAN.model_copy(update={"devices": (), "unread": ()})
    assert "no device to look at" in plan_markdown(nothing)
    assert cases(plan_junit(nothing)) == {}


def test_what_does_not_fit_into_a_comment_is_counted() -> None:
    long = ACC1.model_copy(update={"diff": "\n".join(f"+ vlan {number}" for number in range(1, 2000))})
    text = plan_markdown(PLAN.model_copy(update={"devices": (long, long, *[ACC1] * 300)}), limit=20_000)
    assert len(text) <= 20_000
    assert text.endswith("differences.\n")
    assert "Left out, because a comment would be too long: " in text
    one = plan_markdown(PLAN.model_copy(update={"devices": (long,)}), limit=5_000)
    assert "+ vlan 1\n" in one
    assert "lines left out\n```" in one
    assert "Left out, because" not in one


# --- deployments ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "tag"),
    [
        ("rejected", "failure"),
        ("differs", "failure"),
        ("taken back", "failure"),
        ("not confirmed", "failure"),
        ("stale", "failure"),
        ("unreachable", "error"),
        ("refused", "error"),
        ("in doubt", "error"),
        ("not started", "skipped"),
    ],
)
def test_each_outcome_has_its_verdict(outcome: str, tag: str) -> None:
    report = DeploymentReport(PLAN, (PushOutcome(ACC2, outcome, 0.1, "why"),), DEPLOYMENT)
    (case, *_) = cases(deployment_junit(report)).values()
    assert verdict(case) == (tag, "why")
    assert case[0].get("type") == outcome


def test_a_push_that_was_refused_tells_line_answer_and_what_was_done() -> None:
    found = cases(deployment_junit(DeploymentReport(PLAN, (REJECTED,), DEPLOYMENT, ("the store failed",))))
    assert found["acc1"][0].text == (
        "acc1 refused 'name telephony'\nline: name telephony\nanswer: % Invalid input\n"
        "brought back by: revert timer\nstill to be sent:\n  name telephony"
    )
    assert found["acc1"].get("time") == "0.400"
    assert verdict(found["acc1: VLAN 20 is active"]) == ("skipped", "the change was not made or not kept: rejected")
    assert verdict(found["acc3"]) == ("passed", None)
    assert verdict(found["the event log"]) == ("error", "the store failed")


def test_checks_of_a_push_are_cases_of_their_own() -> None:
    applied = cases(deployment_junit(DeploymentReport(PLAN, (PushOutcome(ACC1, "applied", 0.4),), DEPLOYMENT)))
    assert verdict(applied["acc1: VLAN 20 is active"]) == ("passed", None)
    assert applied["acc1"].findtext("system-out") == DIFF
    wrong = PushOutcome(ACC1, "check failed", 0.4, "VLAN 20: no", checks=("VLAN 20 is active", "a second session"))
    failed = cases(deployment_junit(DeploymentReport(PLAN, (wrong,), DEPLOYMENT)))
    assert verdict(failed["acc1: VLAN 20 is active"]) == ("failure", "VLAN 20: no")
    assert verdict(failed["acc1: a second session"]) == ("failure", "VLAN 20: no")
    assert verdict(failed["acc1: interface Gi1/0/1 is up"])[0] == "skipped"


def test_the_markdown_of_a_deployment_says_how_to_go_on() -> None:
    doubt = PushOutcome(ACC2, "in doubt", 3.0, "the session broke")
    done = PushOutcome(ACC1, "applied", 0.4, sent=ACC1.commands, confirmed=True)
    text = deployment_markdown(DeploymentReport(PLAN, (done, doubt), DEPLOYMENT, ("the store failed",)))
    assert text.startswith(
        "<!-- cimnet:apply network=campus environment=lab -->\n\n"
        "## Deployment to `campus` in `lab`: 1 of 2 devices done, 1 in sync\n\n"
        f"deployment `{DEPLOYMENT}` of plan `{PLAN.digest}`\n\n"
        "the whole story: `cimnet trace 882459dd`\n\n"
        "what is in doubt is settled by `cimnet recover`\n\n"
        "**Trouble**\n\n- `the store failed`\n\n"
        "| host | outcome | commands | reason |\n| --- | --- | ---: | --- |\n"
        "| `acc2` | **in doubt** | 0 | `the session broke` |\n"
        "| `acc1` | applied | 2 | confirmed |\n\n"
        "<details><summary><code>acc2</code>: in doubt</summary>\n"
    )
    assert "brought back by revert timer" in deployment_markdown(DeploymentReport(PLAN, (REJECTED,), DEPLOYMENT))


def test_nothing_to_send_is_a_report_too() -> None:
    report = DeploymentReport(PLAN.model_copy(update={"devices": (ACC3,), "unread": ()}))
    assert "nothing to change on 1 device" in deployment_markdown(report)
    assert "nothing was sent" in deployment_markdown(report)
    assert list(cases(deployment_junit(report))) == ["acc3"]


def test_a_deployment_is_told_by_the_names_of_its_devices(small: NetworkService) -> None:
    plan = small.plan_from({device.id: "" for device in small.devices()})
    with small.deployment(plan) as deployment:
        for device in reversed(plan.changes):
            deployment.push_started(device)
            deployment.record(PushOutcome(device, "applied", 0.1, sent=device.commands))
    report = DeploymentReport.of(deployment)
    assert [outcome.device.name for outcome in report.outcomes] == ["r1", "sw1", "sw2"]
    assert (report.done, report.deployment) == (3, str(deployment.id))


# --- verification and drift -------------------------------------------------------------------------------------------

CHECKS: Checks = {
    "acc1": (
        CheckResult(check="VLAN 10 is active", ok=True, seconds=1.5),
        CheckResult(check="route", ok=False, said="no"),
    ),
    "acc9": "acc9: no answer",
}


def test_a_difference_is_a_failure_of_a_verification() -> None:
    found = cases(verification_junit(verified(PLAN), CHECKS))
    assert verdict(found["acc1"]) == ("failure", "differs from the intent: +1 -1 lines")
    assert found["acc1"][0].text == DIFF
    assert verdict(found["acc3"]) == ("passed", None)
    assert verdict(found["acc4"])[0] == "error"
    assert verdict(found["acc1: VLAN 10 is active"]) == ("passed", None)
    assert found["acc1: VLAN 10 is active"].get("time") == "1.500"
    assert verdict(found["acc1: route"]) == ("failure", "no")
    assert verdict(found["acc9: checks"]) == ("error", "acc9: no answer")


def test_the_markdown_of_a_verification_names_what_does_not_hold() -> None:
    text = verification_markdown(verified(PLAN), CHECKS)
    assert text.startswith("<!-- cimnet:verify network=campus environment=lab -->\n")
    assert "2 devices to mend, 1 as they should be, 1 not read" in text
    assert (
        "**Checks that do not hold** (of 2)\n\n- `acc1`: `route`: `no`\n- `acc9`: not checked: `acc9: no answer`"
        in text
    )
    assert "| `acc1` | differs from the intent: +1 -1 lines |" in text
    assert "Checks" not in verification_markdown(verified(PLAN))


def test_intent_that_waits_is_no_drift() -> None:
    report = DriftReport(PLAN, (DeviceDrift(ACC1, 2, 0), DeviceDrift(ACC2, 0, 2), DeviceDrift(ACC3, 0, 0)), ())
    found = cases(verification_junit(drifted(report)))
    assert verdict(found["acc1"]) == ("failure", "2 lines changed by hand")
    assert verdict(found["acc2"]) == ("passed", None)
    assert found["acc2"].findtext("system-out") == DIFF
    text = verification_markdown(drifted(report))
    assert "## Drift of `campus` in `lab`: 1 device drifted, 2 as they should be, 1 not read" in text
    assert text.count("<details>") == 1


# --- texts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a|b", r"`a\|b`"),
        ("`", "`` ` ``"),
        ("a``b", "```a``b```"),
        ("two\nlines", "`two lines`"),
        ("\x1b[31m", r"`\x1b[31m`"),
        ("", ""),
    ],
)
def test_code_stands_in_one_line_and_in_a_cell(text: str, shown: str) -> None:
    assert code(text) == shown


def test_no_text_ends_a_fence() -> None:
    assert fence("a\n````\nb", "diff") == "`````diff\na\n````\nb\n`````"


def test_what_cannot_be_seen_is_written_out() -> None:
    assert visible("a\u202eb\x00\t\n\ufffeé") == "a\\u202eb\\x00\t\n\\ufffeé"
    assert one_line("x" * 400, 10) == "x" * 9 + "…"


# --- hosts ------------------------------------------------------------------------------------------------------------

SRV1 = DevicePlan(
    device="srv1",
    name="srv1",
    kind="host",
    commands=("+ Id = 300;",),
    carries=(),
    diff="@@ -1 +1 @@\n+Id = 300;",
    running="",
    rendered="",
    timer=True,
)
WITH_HOST = PLAN.model_copy(update={"devices": (ACC1, SRV1), "unread": ()})


def test_a_plan_tells_of_hosts_beside_devices_and_in_which_order_they_go() -> None:
    text = plan_markdown(WITH_HOST)
    assert "1 device to change by 2 commands and 1 host by 1 line" in text
    assert "`order: switches and routers, then srv1`" in text
    assert "<summary><code>srv1</code>: host, +1 -0 lines</summary>" in text
    assert "| `srv1` | 1 | +1 / -0 | revert timer | 0 |" in text
    assert "order:" not in plan_markdown(PLAN)


def test_a_deployment_counts_hosts_beside_devices() -> None:
    outcomes = (PushOutcome(ACC1, "applied", 0.4), PushOutcome(SRV1, "check failed", 9.0, "units failed"))
    report = DeploymentReport(WITH_HOST, outcomes, DEPLOYMENT)
    assert "1 of 1 device and 0 of 1 host done" in deployment_markdown(report)
    assert verdict(cases(deployment_junit(report))["srv1"]) == ("failure", "units failed")
