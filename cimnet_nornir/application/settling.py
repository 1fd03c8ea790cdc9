"""A push in doubt is settled: the device is looked at, and the push is finished, taken back, or asked about."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

from cimnet_nornir.application.changes import Chain
from cimnet_nornir.application.deployment import push_lease
from cimnet_nornir.application.looking import Found, Looked
from cimnet_nornir.application.plan import DevicePlan
from cimnet_nornir.application.ports import DeviceSession
from cimnet_nornir.application.recovery import Doubt, is_pushed_to_since, is_settled
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.envelope import Append, Event
from cimnet_nornir.domain.events import PushSettled, RecoveryStarted, TransactionDecided
from cimnet_nornir.errors import CimnetError, CommandRejected, ConcurrencyConflict, DeviceError, LeaseLost
from cimnet_nornir.store.port import Lease

# A recovery reads and sends no more than a push does.
_LEASE_SECONDS = 300.0

Action = Literal["finish", "revert", "keep"]
Policy = Literal["", "finish", "revert", "keep"]
"""What was asked for; "": what was applied is kept, what came half is taken back, and a decision is carried out."""
Ask = Callable[[Doubt, Found, DevicePlan], Policy]
"""Asked where nobody can know: what to do with a device that runs something else. "" leaves it in doubt."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a doubt: what the device runs now (None: it stays in doubt, and `reason` says why).

    `found` is what it ran before anything was done about it, `action` what was done.
    """

    doubt: Doubt
    outcome: Found | None
    reason: str = ""
    found: Found | None = None
    action: Action | None = None


def settle(
    service: NetworkService,
    doubt: Doubt,
    device: DeviceSession,
    *,
    policy: Policy = "",
    ask: Ask = lambda *_: "",
    checks: Callable[[], str] = lambda: "",
    of_kind: "type[Settling] | None" = None,
) -> Settled:
    """Settle a doubt by what its device runs now, and record it; whatever happens is a Settled.

    `checks` gives those of the project's checks that fail now, in words: what does not pass them is taken back.
    `of_kind` is how a device is settled that is not pushed to by lines.
    Whoever else holds the device is still pushing: then nothing is in doubt yet.
    """
    lease = push_lease(service.environment, service.network_name, doubt.device)
    try:
        with service.store.lease(lease, f"{service.actor.name} (recover)", seconds=_LEASE_SECONDS) as held:
            # Whoever was asked about another device may have taken his time.
            if is_settled(service, doubt):
                found = look(service, doubt, device)
                return Settled(doubt, found, "somebody else has settled it", found=found)
            last = doubt.last and not is_pushed_to_since(service, doubt)
            return (of_kind or Settling)(service, doubt, device, policy, ask, checks, held, last).settle()
    except CimnetError as error:
        return Settled(doubt, None, error.message)


def look(service: NetworkService, doubt: Doubt, device: DeviceSession) -> Found:
    """What the device runs now; nothing is sent to it but questions. Raises a CimnetError."""
    return Looked(service, doubt, device.running()).found


@dataclass(slots=True)
class Settling:
    """One doubt being settled, with the device in hand."""

    service: NetworkService
    doubt: Doubt
    device: DeviceSession
    policy: Policy
    ask: Ask
    checks: Callable[[], str]
    lease: Lease
    last: bool
    chain: Chain = field(init=False)

    def __post_init__(self) -> None:
        stream = self.doubt.started.aggregate_id
        versions = {stream: self.service.store.versions(stream)[stream]}
        self.chain = Chain(self.service.actor, self.doubt.started.correlation_id, versions)

    def settle(self) -> Settled:
        looked = self._look()
        found = looked.found
        if not self.last:
            return self._settled_before_others(looked)
        action = self._action(looked)
        if action is None:
            return self._settled_as_it_is(looked)
        self._begin(looked, action)
        match action:
            case "finish":
                self._finish(looked)
            case "revert":
                self._revert()
            case "keep":
                self._keep()
        after = self._look()
        outcome: Found = after.found
        self._require(action, outcome, found)
        self._record(after, outcome)
        return Settled(self.doubt, outcome, found=found, action=action)

    def _look(self) -> Looked:
        return Looked(self.service, self.doubt, self.device.running())

    # --- what is done -------------------------------------------------------------------------------------------------

    def _action(self, looked: Looked) -> Action | None:
        """What to do to the device; None where nothing is to be done, or where nobody can know what."""
        found, wanted = looked.found, self.policy or self._decided()
        if found == "something else" and not self.policy:
            # Somebody was there: what was decided before that is not done over his head.
            wanted = self.ask(self.doubt, found, looked.ahead)
        if not wanted:
            return self._usual(looked)
        if wanted == "revert":
            return None if found == "not applied" else "revert"
        return "keep" if found == "applied" or wanted == "keep" else "finish"

    def _usual(self, looked: Looked) -> Action | None:
        match looked.found:
            case "applied":
                return "revert" if self.doubt.push.outcome == "in doubt" and self.checks() else "keep"
            case "partly applied" if looked.back is not None:
                return "revert"
            case _:
                return None

    def _decided(self) -> Policy:
        """What was decided of the transaction that the push is part of; "" where it is part of none.

        Where its owner died before it decided, it is decided now that it is taken back: not all devices hold it.
        """
        if not self.doubt.start.transaction:
            return ""
        decision = self.doubt.deployment.decision or self._decide()
        return "finish" if decision == "keep" else "revert"

    def _decide(self) -> str:
        deployment = self.doubt.deployment
        stream = deployment.started.aggregate_id
        chain = Chain(self.service.actor, deployment.started.correlation_id, self.service.store.versions(stream))
        event = TransactionDecided(
            network=self.service.network_name,
            environment=self.service.environment,
            decision="take back",
            devices=tuple(deployment.pushes),
            reason="whoever pushed was gone before it was decided",
        )
        read = {stream: chain.versions[stream]}
        record = chain.record(stream, event, cause=deployment.started.event_id)
        # Somebody else decided in the meantime: that counts.
        with suppress(ConcurrencyConflict):
            self.service.store.append(Append(events=(record,), read=read))
        events = (stored.event for stored in self.service.store.read_stream(stream))
        decided = next((event.decision for event in events if isinstance(event, TransactionDecided)), None)
        if decided is None:
            raise ConcurrencyConflict("the deployment goes on, and decides itself", subject=stream)
        deployment.decision = decided
        return deployment.decision

    def _settled_before_others(self, looked: Looked) -> Settled:
        """Nothing is sent on account of a push after which there was another; what that one left may be unsaved."""
        found = looked.found
        unsaved = self.doubt.push.outcome == "not saved" and found == "applied"
        if unsaved:
            self._begin(looked, "keep")
            self._save()
        self._record(looked, found)
        return Settled(self.doubt, found, found=found, action="keep" if unsaved else None)

    def _settled_as_it_is(self, looked: Looked) -> Settled:
        found = looked.found
        if found == "something else":
            why = "it runs neither what was intended nor what ran before: say --finish, --revert or --keep"
            return Settled(self.doubt, None, why, found=found)
        if found == "not applied":
            self._stop_timer()
        self._record(looked, found)
        return Settled(self.doubt, found, found=found)

    def _finish(self, looked: Looked) -> None:
        """The rest of what was intended, while the device's timer runs."""
        start = self.doubt.start
        armed = start.protection != "revert timer" or self.device.revert_pending()
        enter = "configure terminal" if armed else f"configure terminal revert timer {start.minutes}"
        self._send(looked.planner.commands(looked.ahead, looked.running), enter=enter)
        self._require("finish", self._look().found, "applied")
        self._keep()

    def _keep(self) -> None:
        self._stop_timer()
        self._save()

    def _revert(self) -> None:
        """Back to what ran before: by the device's own timer where it runs still, else by lines."""
        # Where it cannot go back by itself, lines bring it back.
        with suppress(CommandRejected):
            if self.doubt.start.protection == "revert timer":
                self.device.revert()
        again = self._look()
        if again.back is None:
            raise DeviceError("what ran before the push is not known", subject=self.doubt.device)
        self._send(again.back.commands)
        # While it does not run what it ran, its timer is all that takes it back, and nothing is saved.
        self._require("revert", self._look().found, "not applied")
        self._stop_timer()
        startup = self.device.startup()
        if startup and Looked(self.service, self.doubt, startup).found in ("applied", "partly applied"):
            # The change had been saved.
            self._save()

    def _send(self, commands: tuple[str, ...], *, enter: str = "configure terminal") -> None:
        if any(self.service.engine.mask(line) == line and "<masked>" in line for line in commands):
            raise DeviceError("a secret is needed that is not known any more", subject=self.doubt.device)
        if commands:
            self._require_lease()
            self.device.configure(commands, enter=enter)

    def _save(self) -> None:
        self._require_lease()
        self.device.save()

    def _require_lease(self) -> None:
        """Raise LeaseLost where a slow device took so long that it may be another's by now."""
        if not self.lease.seconds_left():
            raise LeaseLost("it took so long that another may have the device by now", subject=self.lease.name)

    def _stop_timer(self) -> None:
        self._require_lease()
        match self.doubt.start.protection:
            case "revert timer" if self.device.revert_pending():
                self.device.confirm()
            case "reload timer":
                # None is scheduled any more where the device has reloaded.
                with suppress(CommandRejected):
                    self.device.cancel_reload()
            case _:
                pass

    def _require(self, action: Action, outcome: Found, wanted: Found) -> None:
        """Raise DeviceError where the device does not run what it was brought to."""
        right: Found = {"finish": "applied", "revert": "not applied", "keep": wanted}[action]  # type: ignore[assignment] # mypy does not look into a literal's values
        if outcome != right:
            raise DeviceError(f"after that it runs something else ({outcome})", subject=self.doubt.device)

    # --- what is recorded ---------------------------------------------------------------------------------------------

    def _begin(self, looked: Looked, action: Action) -> None:
        back = looked.back.commands if looked.back is not None else ()
        commands = {"finish": looked.ahead.commands, "revert": back, "keep": ()}[action]
        event = RecoveryStarted(
            network=self.service.network_name,
            device=self.doubt.device,
            environment=self.service.environment,
            found=looked.found,
            action=action,
            commands=tuple(looked.engine.mask(line) for line in commands),
        )
        self._append(event)

    def _record(self, looked: Looked, outcome: Found) -> None:
        engine = looked.engine
        event = PushSettled(
            network=self.service.network_name,
            device=self.doubt.device,
            environment=self.service.environment,
            intent=looked.planner.position,
            outcome=outcome,
            snapshot=self.service.store.put_blob(engine.mask(engine.stable(looked.running)).encode()),
            remaining=tuple(engine.mask(line) for line in looked.ahead.commands),
        )
        self._append(event)

    def _append(self, event: Event) -> None:
        stream = self.doubt.started.aggregate_id
        version = self.chain.versions[stream]
        record = self.chain.record(stream, event, cause=self.doubt.started.event_id)
        fence = {self.lease.name: self.lease.token}
        self.service.store.append(Append(events=(record,), read={stream: version}, fence=fence))
