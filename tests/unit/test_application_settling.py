"""Pushes in doubt: what a device runs is told apart, and the push is finished, taken back, or asked about.

The device is simulated in memory: it takes lines as the merge of the ios room does, keeps a startup configuration, and
has a revert timer.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from cimnet_nornir.application.outcomes import PushOutcome
from cimnet_nornir.application.pushing import Guard, PushOptions
from cimnet_nornir.application.recovery import Doubt, doubts
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.application.settling import Policy, Settled, look, settle
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain import events as e
from cimnet_nornir.errors import CommandRejected, DeviceUnreachable
from cimnet_nornir.ios.merge import apply_lines
from cimnet_nornir.ios.normalise import normalise
from cimnet_nornir.ios.profiles import profile_for
from cimnet_nornir.ios.tree import parse_config, to_text, walk
from cimnet_nornir.projections.applied import load_applied
from cimnet_nornir.projections.deployments import load_deployments

ServiceMaker = Callable[..., NetworkService]
PROFILE = profile_for("ios", routes=False, switches=True)
PORTS = "".join(f"interface GigabitEthernet0/{number}\n" for number in range(1, 5))
BEFORE = f"hostname sw1\nspanning-tree mode pvst\nvlan 99\n name old\n{PORTS}"
PARTLY = f"hostname sw1\nspanning-tree mode pvst\nvlan 10\n name users\nvlan 99\n name old\n{PORTS}"


@dataclass
class Switch:
    """A device in memory. `backup` is what its revert timer goes back to, None while none runs."""

    text: str
    saved: str = BEFORE
    backup: str | None = None
    reload_in: int = 0
    does: list[str] = field(default_factory=list)
    broken: str = ""

    def running(self) -> str:
        self._obey("running")
        return self.text

    def startup(self) -> str:
        return self.saved

    def revert_pending(self) -> bool:
        return self.backup is not None

    def confirm(self) -> bool:
        self._obey("confirm")
        self.does.append("confirm")
        kept, self.backup = self.backup, None
        return kept is not None

    def revert(self) -> bool:
        self.does.append("revert")
        if self.backup is None:
            return False
        self.text, self.backup = self.backup, None
        return True

    def configure(self, commands: Sequence[str], *, enter: str = "configure terminal") -> None:
        self._obey("configure")
        self.does.append("configure")
        if "revert timer" in enter:
            self.backup = self.text
        config = normalise(parse_config(self.text), PROFILE)
        self.text = to_text(apply_lines(config, commands, PROFILE))

    def cancel_reload(self) -> None:
        if not self.reload_in:
            raise CommandRejected("none is scheduled", subject="sw1", line="reload cancel", answer="%No reload")
        self.reload_in = 0

    def save(self) -> None:
        self._obey("save")
        self.does.append("save")
        self.saved = self.text

    def _obey(self, what: str) -> None:
        if self.broken == what:
            raise DeviceUnreachable("sw1: gone again", subject="sw1")


def lines(text: str) -> set[tuple[str, ...]]:
    return set(walk(normalise(parse_config(text), PROFILE)))


def intended(service: NetworkService) -> str:
    """What the switch runs that has what is intended now."""
    return service.render(["sw1"])["sw1"]


def push(
    service: NetworkService,
    outcome: str = "",
    *,
    before: str | None = BEFORE,
    guard: Guard = "revert timer",
    transaction: bool = False,
    decision: str = "",
) -> None:
    """A push of what differs that ends so ("": nothing is heard of it)."""
    plan = service.plan_from({"sw1": before or BEFORE})
    with service.deployment(plan, options=PushOptions(transaction=transaction)) as deployment:
        (device,) = plan.changes
        deployment.push_started(device, before, guard=guard)
        if decision:
            deployment.decided("keep" if decision == "keep" else "take back", ["sw1"])
        if outcome:
            deployment.record(PushOutcome(device, outcome, 0.1, "as the test says", running=before))


def settled_by(service: NetworkService, switch: Switch, policy: Policy = "") -> Settled:
    (doubt,) = doubts(service)
    return settle(service, doubt, switch, policy=policy)


def recorded(service: NetworkService) -> list[tuple[str, str]]:
    """What was recorded of recoveries: the action or the outcome."""
    found: list[tuple[str, str]] = []
    for stored in service.store.read_all(types=["RecoveryStarted", "PushSettled"]):
        event = stored.event
        if isinstance(event, e.RecoveryStarted):
            found.append(("started", event.action))
        elif isinstance(event, e.PushSettled):
            found.append(("settled", event.outcome))
    return found


# --- what a device is found to run ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("running", "found"),
    [
        (None, "applied"),
        (BEFORE, "not applied"),
        (PARTLY, "partly applied"),
        (BEFORE.replace("name old", "name other"), "something else"),
        (BEFORE + "ip access-list extended X\n permit ip any any\n", "not applied"),
        (PARTLY.replace("sw1", "sw7"), "something else"),
    ],
)
def test_what_a_device_runs_is_told_apart(small: NetworkService, running: str | None, found: str) -> None:
    push(small)
    (doubt,) = doubts(small)
    switch = Switch(running or intended(small))
    assert look(small, doubt, switch) == found
    assert (switch.does, recorded(small)) == ([], [])


def test_a_push_of_before_there_were_snapshots_is_told_by_its_digest(small: NetworkService) -> None:
    push(small, before=None)
    (doubt,) = doubts(small)
    assert look(small, doubt, Switch(BEFORE)) == "not applied"
    assert look(small, doubt, Switch(PARTLY)) == "partly applied"
    assert settle(small, doubt, Switch(PARTLY)).outcome == "partly applied"


# --- what is done about it --------------------------------------------------------------------------------------------


def test_what_was_applied_is_confirmed_and_saved(small: NetworkService) -> None:
    push(small)
    switch = Switch(intended(small), backup=BEFORE)
    settled = settled_by(small, switch)
    assert (settled.outcome, settled.found, settled.action) == ("applied", "applied", "keep")
    assert switch.does == ["confirm", "save"]
    assert switch.saved == intended(small)
    assert recorded(small) == [("started", "keep"), ("settled", "applied")]
    assert doubts(small) == ()
    assert load_applied(small.store, "net", "lab")["sw1"].intent == small.intent().position


def test_what_was_applied_and_fails_its_checks_is_taken_back(small: NetworkService) -> None:
    push(small)
    switch = Switch(intended(small), backup=BEFORE)
    (doubt,) = doubts(small)
    settled = settle(small, doubt, switch, checks=lambda: "10.0.0.1 answers to ping: no")
    assert (settled.outcome, settled.action) == ("not applied", "revert")
    assert (switch.text, switch.does) == (BEFORE, ["revert"])


def test_what_was_not_applied_is_left_as_it_is_and_its_timer_stopped(small: NetworkService) -> None:
    push(small)
    switch = Switch(BEFORE, backup=BEFORE)
    settled = settled_by(small, switch)
    assert (settled.outcome, settled.action) == ("not applied", None)
    assert (switch.does, switch.text) == (["confirm"], BEFORE)
    assert recorded(small) == [("settled", "not applied")]


def test_what_came_half_is_taken_back_by_the_timer(small: NetworkService) -> None:
    push(small)
    switch = Switch(PARTLY, backup=BEFORE)
    settled = settled_by(small, switch)
    assert (settled.outcome, settled.found, settled.action) == ("not applied", "partly applied", "revert")
    assert (switch.text, switch.does) == (BEFORE, ["revert"])
    assert switch.saved == BEFORE


@pytest.mark.parametrize("guard", ["lines", "reload timer"])
def test_what_came_half_is_taken_back_by_lines_where_there_is_no_timer(small: NetworkService, guard: Guard) -> None:
    push(small, guard=guard)
    switch = Switch(PARTLY, reload_in=5 if guard == "reload timer" else 0)
    assert settled_by(small, switch).outcome == "not applied"
    assert (switch.does, switch.reload_in) == (["configure"], 0)
    assert lines(switch.text) == lines(BEFORE)


def test_what_was_saved_and_is_taken_back_is_saved_again(small: NetworkService) -> None:
    push(small, guard="lines")
    switch = Switch(intended(small), saved=intended(small))
    assert settled_by(small, switch, "revert").outcome == "not applied"
    assert lines(switch.saved) == lines(BEFORE)


@pytest.mark.parametrize("running", [BEFORE, PARTLY])
def test_what_is_missing_is_brought_where_that_is_asked_for(small: NetworkService, running: str) -> None:
    push(small)
    switch = Switch(running, backup=BEFORE)
    settled = settled_by(small, switch, "finish")
    assert (settled.outcome, settled.action) == ("applied", "finish")
    assert switch.does == ["configure", "confirm", "save"]
    assert small.plan_from({"sw1": switch.saved}).changes == ()


def test_something_else_stays_in_doubt_until_somebody_says_what_to_do(small: NetworkService) -> None:
    push(small)
    switch = Switch(PARTLY.replace("sw1", "sw7"), backup=BEFORE)
    settled = settled_by(small, switch)
    assert (settled.outcome, settled.found) == (None, "something else")
    assert "say --finish, --revert or --keep" in settled.reason
    assert (switch.does, recorded(small)) == ([], [])
    assert settled_by(small, switch, "keep").outcome == "something else"
    assert (switch.does, switch.saved) == (["confirm", "save"], switch.text)
    assert doubts(small) == ()


def test_a_person_is_asked_about_something_else_alone(small: NetworkService) -> None:
    push(small)
    asked: list[str] = []

    def ask(doubt: Doubt, found: str, _: object) -> Policy:
        asked.append(f"{doubt.device} {found}")
        return "revert"

    (doubt,) = doubts(small)
    switch = Switch(PARTLY.replace("sw1", "sw7"), backup=BEFORE)
    assert settle(small, doubt, switch, ask=ask).outcome == "not applied"
    assert asked == ["sw1 something else"]


def test_a_secret_that_is_not_known_any_more_is_not_made_up(small: NetworkService) -> None:
    before = f"{BEFORE}snmp-server community <masked> RO\n"
    push(small, before=before, guard="lines")
    switch = Switch(PARTLY.replace("vlan 99\n name old\n", ""))
    settled = settled_by(small, switch, "revert")
    assert settled.outcome is None
    assert "a secret is needed that is not known any more" in settled.reason
    assert "<masked>" not in switch.text


# --- transactions -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("running", [BEFORE, PARTLY, None])
def test_a_transaction_that_was_decided_is_brought_to_that(small: NetworkService, running: str | None) -> None:
    """Where its timer fired meanwhile, the device gets the change again."""
    push(small, transaction=True, decision="keep")
    switch = Switch(running or intended(small))
    assert settled_by(small, switch).outcome == "applied"
    assert small.plan_from({"sw1": switch.saved}).changes == ()


@pytest.mark.parametrize("decision", ["take back", ""])
def test_a_transaction_that_was_not_decided_is_taken_back(small: NetworkService, decision: str) -> None:
    push(small, transaction=True, decision=decision)
    switch = Switch(intended(small), backup=BEFORE)
    assert settled_by(small, switch).outcome == "not applied"
    assert switch.text == BEFORE
    (decided,) = small.store.read_all(types=["TransactionDecided"])
    assert isinstance(decided.event, e.TransactionDecided)
    assert decided.event.decision == "take back"
    (view,) = load_deployments(small.store).values()
    assert (view.decision, view.pushes["sw1"].outcome) == ("take back", "not applied")


def test_a_device_that_went_back_gets_the_change_again_while_its_timer_runs(small: NetworkService) -> None:
    push(small, transaction=True, decision="keep")
    switch = Switch(BEFORE)
    assert settled_by(small, switch).outcome == "applied"
    assert switch.does == ["configure", "confirm", "save"]


def test_what_somebody_else_did_is_not_overwritten_by_a_decision_of_before(small: NetworkService) -> None:
    push(small, transaction=True, decision="keep")
    settled = settled_by(small, Switch(PARTLY.replace("sw1", "sw7"), backup=BEFORE))
    assert (settled.outcome, settled.found) == (None, "something else")


# --- what goes wrong --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("broken", ["running", "confirm", "save"])
def test_a_device_that_does_not_obey_stays_in_doubt(small: NetworkService, broken: str) -> None:
    push(small)
    switch = Switch(intended(small), backup=BEFORE, broken=broken)
    settled = settled_by(small, switch)
    assert (settled.outcome, settled.reason) == (None, "sw1: gone again")
    assert len(doubts(small)) == 1
    switch.broken = ""
    assert settled_by(small, switch).outcome == "applied"


def test_a_push_that_is_still_under_way_is_left_alone(small: NetworkService) -> None:
    plan = small.plan_from({"sw1": BEFORE})
    device = plan.changes[0]
    with small.deployment(plan) as deployment, deployment.holding(device):
        deployment.push_started(device)
        settled = settled_by(small, Switch(BEFORE))
        assert settled.outcome is None
        assert "is held by ann" in settled.reason
        deployment.record(PushOutcome(device, "applied", 0.1, running=intended(small)))
    assert doubts(small) == ()


def test_an_older_doubt_is_settled_by_a_look_and_nothing_is_sent_for_it(small: NetworkService) -> None:
    push(small)
    push(small)
    first, second = doubts(small)
    switch = Switch(PARTLY, backup=BEFORE)
    assert settle(small, first, switch).outcome == "partly applied"
    assert switch.does == []
    assert settle(small, second, switch).outcome == "not applied"
    assert doubts(small) == ()


def test_a_push_to_a_device_that_is_no_longer_there_is_no_doubt(small: NetworkService) -> None:
    push(small)
    small.execute(c.RemoveDevice(device="sw1"))
    assert doubts(small) == ()


def test_doubts_are_those_of_the_environment_and_the_network(small: NetworkService, service_of: ServiceMaker) -> None:
    push(small, "in doubt")
    assert len(doubts(small)) == 1
    assert doubts(service_of(small.store, environment="real")) == ()
    assert doubts(service_of(small.store, network="other")) == ()


def test_what_was_intended_then_counts_and_not_what_is_intended_since(small: NetworkService) -> None:
    push(small)
    then = intended(small)
    small.execute(c.CreateVlan(device="sw1", vlan=20))
    assert settled_by(small, Switch(then, backup=BEFORE)).outcome == "applied"


def test_what_a_device_says_is_masked_before_it_is_kept(small: NetworkService) -> None:
    push(small)
    settled_by(small, Switch(f"{BEFORE}snmp-server community letmein RO\n"))
    (event,) = small.store.read_all(types=["PushSettled"])
    assert isinstance(event.event, e.PushSettled)
    kept = small.store.get_blob(event.event.snapshot).decode()
    assert "snmp-server community" in kept
    assert "letmein" not in kept


# --- others in between ------------------------------------------------------------------------------------------------


def test_a_doubt_that_somebody_settled_meanwhile_is_left_alone(small: NetworkService) -> None:
    """Whoever was asked took his time: the device was settled, and pushed to anew."""
    push(small)
    (stale,) = doubts(small)
    switch = Switch(BEFORE, backup=BEFORE)
    assert settled_by(small, switch).outcome == "not applied"
    push(small, "differs")
    switch.text, switch.backup, switch.does = PARTLY, BEFORE, []
    settled = settle(small, stale, switch, policy="revert")
    assert (settled.outcome, settled.action, switch.does) == ("partly applied", None, [])
    assert settled.reason == "somebody else has settled it"
    assert recorded(small) == [("settled", "not applied")]


def test_nothing_is_sent_for_a_doubt_after_which_somebody_pushed(small: NetworkService) -> None:
    push(small)
    (stale,) = doubts(small)
    push(small)
    switch = Switch(PARTLY, backup=BEFORE)
    assert settle(small, stale, switch, policy="revert").action is None
    assert switch.does == []


def test_what_was_not_saved_is_saved_although_a_later_push_was_taken_back(small: NetworkService) -> None:
    push(small, "not saved")
    then = intended(small)
    small.execute(c.CreateVlan(device="sw1", vlan=20))
    push(small, "rejected", before=then)
    switch = Switch(then)
    settled = settled_by(small, switch)
    assert (settled.outcome, settled.action) == ("applied", "keep")
    assert switch.saved == then
    assert doubts(small) == ()


# --- a device that does not take what it is told ----------------------------------------------------------------------


@dataclass
class Deaf(Switch):
    """Takes lines without any effect, and refuses to go back by itself."""

    hears: bool = False

    def configure(self, commands: Sequence[str], *, enter: str = "configure terminal") -> None:
        if self.hears:
            return Switch.configure(self, commands)
        self.does.append("configure")
        return None

    def revert(self) -> bool:
        raise CommandRejected("sw1 refused", subject="sw1", line="configure revert now", answer="% Invalid input")


def test_a_reload_is_not_called_off_where_the_device_could_not_be_taken_back(small: NetworkService) -> None:
    push(small, guard="reload timer")
    switch = Deaf(PARTLY, saved=PARTLY, reload_in=5)
    assert settled_by(small, switch).outcome is None
    assert switch.reload_in == 5
    assert "save" not in switch.does


def test_a_timer_is_stopped_where_lines_took_the_device_back(small: NetworkService) -> None:
    push(small)
    switch = Deaf(PARTLY, backup=BEFORE, hears=True)
    assert settled_by(small, switch).outcome == "not applied"
    assert lines(switch.text) == lines(BEFORE)
    assert switch.backup is None


def test_half_a_change_whose_before_is_lost_is_not_confirmed(small: NetworkService) -> None:
    push(small, before=None)
    switch = Switch(PARTLY, backup=BEFORE)
    assert settled_by(small, switch).outcome == "partly applied"
    assert (switch.does, switch.backup) == ([], BEFORE)


@dataclass
class Slow(Deaf):
    """Takes its time for the second look."""

    looks: int = 0

    def running(self) -> str:
        self.looks += 1
        if self.looks == 2:
            time.sleep(0.5)
        return Switch.running(self)


def test_nothing_is_sent_to_a_device_that_may_be_another_s_by_then(
    small: NetworkService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cimnet_nornir.application.settling._LEASE_SECONDS", 0.4)
    push(small)
    switch = Slow(PARTLY, backup=BEFORE, hears=True)
    settled = settled_by(small, switch)
    assert (settled.outcome, settled.reason) == (None, "it took so long that another may have the device by now")
    assert (switch.does, switch.text, switch.backup) == ([], PARTLY, BEFORE)
