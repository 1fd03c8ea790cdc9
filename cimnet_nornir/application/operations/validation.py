"""Validation of intent: what is found, what a change adds, and the findings that people let be."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from ipaddress import IPv4Network

from cimnet_nornir.application.changes import ChangeResult, open_request
from cimnet_nornir.application.operations.core import Core
from cimnet_nornir.application.validation import (
    Admission,
    CheckReport,
    Describe,
    Finding,
    Judgement,
    RuleText,
    WaiverText,
    finding_line,
    refuse_errors,
)
from cimnet_nornir.domain.envelope import Append, Event
from cimnet_nornir.domain.events import WaiverGranted, WaiverRevoked
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.streams import waivers_stream
from cimnet_nornir.domain.validation import AnyRule, NetworkView, PoolSubnet, Registry
from cimnet_nornir.errors import DeviceNotFound, InvalidInput, NotFound
from cimnet_nornir.projections.deployed import load_deployed
from cimnet_nornir.projections.pools import load_pool, pool_names
from cimnet_nornir.projections.waivers import load_waivers


class Validation(Core):
    """What concerns the rules of validation, their findings and their waivers."""

    _registry: Registry | None = None
    _added: tuple[tuple[int, str], tuple[Finding, ...]] | None = None

    @property
    def rules(self) -> Registry:
        """The rules that are in force: those of every network, those of the platform, and the user's own."""
        if self._registry is None:
            # Most commands look at no rule.
            from cimnet_nornir.application.host_rule import HOST_RULES
            from cimnet_nornir.domain.validation.standard import STANDARD_RULES

            platform: tuple[AnyRule, ...] = self._engine.rules if self._engine is not None else ()
            known = Registry(STANDARD_RULES).including((*platform, *HOST_RULES))
            self._registry = known.including(self._own_rules())
        return self._registry

    def check(self, at: int | None = None, *, since: int | None = None) -> CheckReport:
        """All that validation finds in the intent now or at a position; with `since`, what was added after that."""
        network = self.network(at)
        view = NetworkView(network, self._subnets(at))
        if since is None:
            return self._report(self.rules.check(view), at, network)
        before = self.intent(since).network
        found = self.rules.check_change(NetworkView(before, self._subnets(since)), view)
        return self._report(found, at, before, network)

    def check_change(self, before: Network, after: Network, *, new: bool) -> CheckReport:
        """What is found in a network that is not recorded; `new` leaves out what was there before."""
        subnets = tuple(self._subnets(None))
        views = NetworkView(before, subnets), NetworkView(after, subnets)
        found = self.rules.check_change(*views) if new else self.rules.check(views[1])
        return self._report(found, None, before, after)

    def _subnets(self, at: int | None) -> Iterator[PoolSubnet]:
        """The IPv4 subnets of the network's address pools, now or at a position."""
        for name in pool_names(self.store, self.network_name, until=at):
            pool = load_pool(self.store, self.network_name, name, until=at).present
            for subnet in pool.subnets.values() if pool is not None else ():
                if isinstance(subnet.prefix, IPv4Network):
                    yield PoolSubnet(name, subnet.prefix, subnet.kind, subnet.vlan)

    def _report(self, found: Iterable[Finding], at: int | None, *networks: Network) -> CheckReport:
        judgement = self.judgement(at)
        rules = tuple(RuleText(each.id, each.severity, each.description) for each in self.rules.rules)
        # Those of rules of audit are told by an audit.
        texts = (waiver for waiver in judgement.texts(*networks) if self.rules.named(waiver.rule) is not None)
        expired = tuple(waiver for waiver in texts if waiver.expired)
        return CheckReport(self.network_name, at, judgement.judge(found, *networks), expired, rules)

    # --- refusals -----------------------------------------------------------------------------------------------------

    def admission(self, *, accept_errors: bool = False, describe: Describe = finding_line) -> Admission:
        """What lets a change of intent through, or refuses it."""
        return Admission(self.rules, self.judgement(), accept_errors, describe)

    def added_findings(self) -> tuple[Finding, ...]:
        """What intent adds, and no waiver covers, to what the devices of the environment are known to run."""
        # Nothing that findings depend on changes without an event.
        key = (self.store.head(), self.environment)
        if self._added is None or self._added[0] != key:
            present = self.intent()
            before = load_deployed(self.store, present, self.environment)
            found = self.rules.check_change(NetworkView(before), NetworkView(present.network))
            judged = self.judgement().judge(found, before, present.network)
            self._added = key, tuple(item.finding for item in judged if item.waiver is None)
        return self._added[1]

    def admit(self, hosts: Collection[str], *, accept_errors: bool = False) -> tuple[Finding, ...]:
        """What taking these hosts to the intent adds to what they are known to run.

        Raises ValidationRefused where errors are among it, unless whoever asks accepts them.
        """
        names = frozenset(hosts)
        found = tuple(finding for finding in self.added_findings() if finding.concerns(names))
        refuse_errors(found, accepted=accept_errors)
        return found

    # --- waivers ------------------------------------------------------------------------------------------------------

    def judgement(self, at: int | None = None) -> Judgement:
        """The waivers, now or at a position, as they count today."""
        waivers, _ = load_waivers(self.store, self.network_name, until=at)
        return Judgement(tuple(waivers.values()), self.actor.clock().date())

    def waivers(self, at: int | None = None) -> tuple[WaiverText, ...]:
        """All waivers that were granted and not revoked, expired ones too."""
        return self.judgement(at).texts(self.intent(at).network)

    def grant_waiver(self, rule: str, *, device: str | None = None, path: str = "", until: date) -> ChangeResult:
        """Let findings of a rule be until the end of a day (UTC), for the actor's reason; `device` is a name or an id.

        Raises NotFound for a rule or device that is not there, InvalidInput without a reason or for a day gone by.
        """
        if self.rules.named(rule) is None and all(each.id != rule for each in self.auditor.rules):
            raise NotFound(
                f"there is no rule {rule!r}; cimnet check --rules and cimnet audit --list tell them", subject=rule
            )
        if not self.actor.reason:
            raise InvalidInput("a waiver needs a reason: say --reason TEXT", subject="reason")
        if until < self.actor.clock().date():
            raise InvalidInput(f"{until} has gone by; a waiver ends today or later", subject="until")
        event = WaiverGranted(
            network=self.network_name,
            rule=rule,
            device=self._device_id(device),
            path=path,
            reason=self.actor.reason,
            expires=until,
        )
        _, version = load_waivers(self.store, self.network_name)
        return self._record_waiver(event, version, "waiver grant")

    def revoke_waiver(self, rule: str, *, device: str | None = None, path: str = "") -> ChangeResult:
        """Let the findings of a waiver count again. Raises NotFound where there is none for just that."""
        waivers, version = load_waivers(self.store, self.network_name)
        gone = [waiver for waiver in waivers.values() if waiver.key[::2] == (rule, path)]
        wanted = next((each for each in gone if each.device == (device or "")), None)
        if wanted is None and device is not None:
            identity = self._device_id(device)
            wanted = next((each for each in gone if each.device == identity), None)
        if wanted is None:
            raise NotFound(f"there is no waiver of {rule} for just that; cimnet waiver list tells them", subject=rule)
        event = WaiverRevoked(network=self.network_name, rule=rule, device=wanted.device or None, path=path)
        return self._record_waiver(event, version, "waiver revoke")

    def _record_waiver(self, event: Event, version: int, command: str) -> ChangeResult:
        stream = waivers_stream(self.network_name)
        arguments = event.model_dump(mode="json", exclude_defaults=True, exclude={"reason", "network"})
        chain, request = open_request(self.actor, command, arguments, {stream: version})
        record = chain.record(stream, event, cause=request.event_id)
        batch = Append(events=(request, record), read={stream: version, request.aggregate_id: 0})
        return ChangeResult(request.correlation_id, self.store.append(batch))

    def _device_id(self, device: str | None) -> str | None:
        if device is None:
            return None
        found = self.network().device_named(device)
        if found is None:
            raise DeviceNotFound(f"there is no device {device!r}; cimnet inventory lists them", subject=device)
        return found.id
