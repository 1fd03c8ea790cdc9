"""Plans made and carried out for somebody who is not at a terminal: as `cimnet plan` and `cimnet apply FILE` do."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cimnet_nornir.application.approval import refuse_elsewhere
from cimnet_nornir.application.deployment import Deployment
from cimnet_nornir.application.lifecycle import kept_out, refuse_decommissioned
from cimnet_nornir.application.lifecycle_words import left_out_words
from cimnet_nornir.application.plan import Plan
from cimnet_nornir.application.plan_folder import PlanFolder, carried_out, require_signed
from cimnet_nornir.application.plan_words import count
from cimnet_nornir.application.ports import DevicePort
from cimnet_nornir.application.pushing import PushOptions
from cimnet_nornir.application.selection import choose, without_servers
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.errors import AlreadyExists, InvalidInput

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """The devices that are to be planned, by patterns as --limit takes them; without any, all."""

    limit: tuple[str, ...] = ()

    def names(self, service: NetworkService, tell: Tell) -> tuple[str, ...]:
        """The host names, without those that ordinary work passes by, which are told.

        Raises NotFound for a pattern that fits no host, InvalidTransition for a device that is out of service.
        """
        service.network()
        names = choose(without_servers(service.hosts(), (), service.manages), (), self.limit)
        standings = service.lifecycle()
        named = [part.strip() for limit in self.limit for part in limit.split(",")]
        left_out = kept_out(standings, names, named=named)
        if left_out:
            tell(f"left out: {left_out_words(left_out, service.actor.clock())}")
        gone = {item.subject.name for item in left_out}
        remaining = tuple(name for name in names if name not in gone)
        refuse_decommissioned(standings, remaining)
        return remaining


def plan_kept(service: NetworkService, port: DevicePort, request: PlanRequest, folder: PlanFolder, tell: Tell) -> Plan:
    """Read the devices, plan what is asked for, and keep it."""
    names = request.names(service, tell)
    service.admit(names, accept_errors=False)
    tell(f"reading {count(len(names), 'device')}")
    plan = service.plan(port, names, progress=lambda host, stage: tell(f"{host}: {stage}"))
    folder.keep(plan)
    for unread in plan.unread:
        tell(f"{unread.name} was not read: {unread.reason}")
    tell(f"{count(len(plan.changes), 'device')} to change, {len(plan.devices) - len(plan.changes)} in sync")
    return plan


def refuse_plan(service: NetworkService, plan: Plan, options: PushOptions, file: Path) -> None:
    """Raise what stands in the way of carrying a plan out, before any device is asked.

    Raises InvalidInput for a plan of elsewhere, with nothing in it, or without a canary that is named; AlreadyExists
    where it was carried out on all its devices; ApprovalMissing, ValidationRefused, SettingsError.
    """
    refuse_elsewhere(service, plan)
    if not plan.changes:
        raise InvalidInput("there is nothing in this plan to carry out", subject=plan.digest)
    names = {device.name for device in plan.changes}
    for name in options.canary:
        if name not in names:
            raise InvalidInput(f"canary {name}: nothing is to be sent to {name}", subject=name)
    deployment = carried_out(service, plan)
    if deployment is not None:
        raise AlreadyExists(f"the plan was carried out in deployment {deployment[:8]}: plan again", subject=plan.digest)
    require_signed(service, plan, file)
    service.admit(sorted(names), accept_errors=False)
    service.require_buildable(plan)


def carry_out(service: NetworkService, port: DevicePort, plan: Plan, options: PushOptions, tell: Tell) -> Deployment:
    """Carry a plan out that was made some time ago: each device is read again first."""
    deployment = service.apply(
        plan, port, options=options, recheck=True, progress=lambda host, stage: tell(f"{host}: {stage}")
    )
    for trouble in deployment.trouble:
        tell(f"warning: {trouble}")
    for outcome in deployment.outcomes.values():
        if outcome.reason:
            tell(f"{outcome.device.name}: {outcome.outcome}: {outcome.reason}")
    return deployment
