"""The facade: all that can be done with a network, for the command line, the runbooks and anybody's program."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from cimnet_nornir.application.changes import ChangeResult, preview
from cimnet_nornir.application.checks import HostCheck, names_of
from cimnet_nornir.application.clear_secrets import refuse_clear_secrets
from cimnet_nornir.application.deploying import deploy
from cimnet_nornir.application.deployment import Deployment
from cimnet_nornir.application.drift_ignoring import let_be_words
from cimnet_nornir.application.host_site import of_intent
from cimnet_nornir.application.lifecycle import refusals
from cimnet_nornir.application.operations.addressing import Addressing
from cimnet_nornir.application.operations.approving import Approving
from cimnet_nornir.application.operations.bundling import Bundling
from cimnet_nornir.application.operations.checks import Checks
from cimnet_nornir.application.operations.core import Core
from cimnet_nornir.application.operations.graphs import Graphs
from cimnet_nornir.application.operations.hosting import Hosting
from cimnet_nornir.application.operations.past import Past
from cimnet_nornir.application.operations.statuses import Statuses
from cimnet_nornir.application.operations.validation import Validation
from cimnet_nornir.application.operations.views import Views
from cimnet_nornir.application.operations.vlans import Vlans
from cimnet_nornir.application.order import HostTurns, host_turns
from cimnet_nornir.application.plan import DevicePlan, Plan, Unread, require_secrets
from cimnet_nornir.application.planning import Planner
from cimnet_nornir.application.ports import DevicePort, Progress, ReadResult
from cimnet_nornir.application.pushing import PushOptions
from cimnet_nornir.application.validation import Describe, Finding, accepted, finding_line
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.comparison import Path
from cimnet_nornir.domain.desired import DesiredNetwork, commands_between
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.envelope import Event
from cimnet_nornir.domain.events import EVENT_TYPES
from cimnet_nornir.domain.network import Network
from cimnet_nornir.errors import (
    ConcurrencyConflict,
    ConfigurationError,
    DeviceNotFound,
    InvalidInput,
    NotFound,
    SettingsError,
)
from cimnet_nornir.projections.applied import load_applied
from cimnet_nornir.projections.blame import DeviceBlame, load_blame
from cimnet_nornir.projections.deployed import load_deployed
from cimnet_nornir.projections.intent import Intent
from cimnet_nornir.projections.inventory import HostView, host_of, links_by_device
from cimnet_nornir.projections.lifecycle import with_lifecycle
from cimnet_nornir.store.codec import Codec
from cimnet_nornir.store.spool import Spool

__all__ = ["HostView", "NetworkService", "Preview"]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a declaration would record, and what it leaves as it is because the definition does not speak of it.

    `findings` are what it would add to what validation finds, errors too.
    """

    events: tuple[tuple[str, Event], ...]
    left_out: tuple[c.Command, ...]
    findings: tuple[Finding, ...] = ()


class NetworkService(
    Bundling, Views, Graphs, Hosting, Vlans, Addressing, Validation, Statuses, Past, Approving, Checks, Core
):
    """All that can be done with one network in one store, as one actor sees it in one environment.

    What each area adds is in a module of its own under `operations`; this class puts the areas together, and has what
    concerns configurations and devices.

    `engine` is needed for all that has to do with configurations; `folder` is where results wait when the store fails.
    """

    _planner: Planner | None = None

    # --- intent -------------------------------------------------------------------------------------------------------

    def declare(
        self,
        desired: DesiredNetwork,
        *,
        prune: bool = False,
        arguments: Mapping[str, Any] | None = None,
        accept_errors: bool = False,
        describe: Describe = finding_line,
        expected: int | None = None,
    ) -> ChangeResult:
        """Record what differs between the present intent and a definition; nothing where nothing does.

        Raises ValidationRefused where it adds errors to what validation finds, unless they are accepted, and
        ConcurrencyConflict where the intent has moved since the event `expected`.
        """
        refuse_clear_secrets(desired.devices, self._engine)

        def decide(network: Network) -> Sequence[c.Command]:
            # Asked at each decision: whoever was first meanwhile has moved it.
            self.require_unmoved(expected)
            return commands_between(network, desired, prune=prune)

        result = self.change(
            decide,
            command="declare",
            arguments={**(arguments or {}), "prune": prune, **accepted(accept_errors)},
            admission=self.admission(accept_errors=accept_errors, describe=describe),
        )
        if result.events and self._engine is not None:
            # Who is behind each line is worked out now, while nobody waits for a device.
            self.blame()
        return result

    def preview(self, desired: DesiredNetwork, *, prune: bool = False) -> Preview:
        """What `declare` would record; nothing is. Raises a DomainError where a rule would refuse it."""
        refuse_clear_secrets(desired.devices, self._engine)
        present = self.intent().network
        kept = commands_between(present, desired)
        everything = commands_between(present, desired, prune=True)
        left_out = tuple(command for command in everything if command not in kept)
        admission = self.admission(accept_errors=True)
        admission.begin(present)
        working = preview(self.store, self.intent(), lambda network: commands_between(network, desired, prune=prune))
        admission.end(working.network)
        return Preview(tuple(working.events), () if prune else left_out, admission.findings)

    # --- configurations -----------------------------------------------------------------------------------------------

    def devices(self, names: Iterable[str] | None = None, at: int | None = None) -> tuple[Device, ...]:
        """The devices of those host names or ids; without names all that are given configurations, by their names.

        Those are all but the hosts that nothing is deployed to.
        """
        network = self.network(at)
        if names is None:
            configured = (device for device in network.devices.values() if self.configures(device))
            return tuple(sorted(configured, key=lambda device: device.name))
        return tuple(_named(network, name) for name in names)

    def render(self, names: Iterable[str] | None = None, at: int | None = None) -> dict[str, str]:
        """The intended configuration of each device, by host name."""
        network = self.network(at)
        engines = self.engines
        return {device.name: engines.of(device).render(device, network) for device in self.devices(names, at)}

    def blame(self, at: int | None = None) -> dict[str, DeviceBlame]:
        """The event behind each line of each device's intended configuration, by device id."""
        engines = self.engines

        def lines(device: Device, network: Network) -> Sequence[Path]:
            engine = engines.of(device)
            paths = engine.paths(engine.render(device, network))
            return of_intent(paths) if device.is_host else paths

        return load_blame(
            self.store,
            self.network_name,
            lines,
            templates=engines.templates,
            until=at,
            hosts=engines.hosts is not None,
        )

    # --- devices ------------------------------------------------------------------------------------------------------

    def planner(self) -> Planner:
        """What plans devices by the present intent; kept until the intent changes."""
        with self._lock:
            if self._planner is None or self._intent_moved(self._planner.position):
                self._planner = self._planner_of(self.intent(), self.blame(), self._check_words)
            return self._planner

    def checks_of(self, name: str) -> tuple[HostCheck, ...]:
        """The project's checks of one device, by host name or id. Raises DeviceNotFound, DefinitionError."""
        network = self.planner().network
        device = _named(network, name)
        checks = self.checks
        if not (checks.declared or checks.own):
            # Each device asks: where there are none, nobody needs to know where it stands in its life.
            return ()
        view = host_of(network, device, links_by_device(network).get(device.id, ()), self.environment)
        (host,) = with_lifecycle((view,), self._statuses(None))
        return checks.for_host(host, lambda other: names_of(network, other))

    def former_addresses(self) -> Mapping[str, str]:
        """The management address that a device was last given, by its id, where intent has another one by now."""
        present = self.intent()
        deployed = load_deployed(self.store, present, self.environment).devices
        then = {device: deployed[device].details.management for device in present.network.devices.keys() & deployed}
        now = {device: present.network.devices[device].details.management for device in then}
        return {device: str(address) for device, address in then.items() if address and address != now[device]}

    def planner_at(self, position: int) -> Planner:
        """What plans devices by the intent as of a position; it knows nobody behind the lines."""
        return self._planner_of(replace(self.intent(position), position=position), {})

    def _planner_of(
        self,
        intent: Intent,
        blames: Mapping[str, DeviceBlame],
        checks: Callable[[str], tuple[str, ...]] = lambda _: (),
    ) -> Planner:
        engines = self.engines
        return Planner(
            intent.network,
            intent.position,
            engines.devices,
            blames,
            self._formerly(),
            checks,
            engines.hosts,
            let_be=partial(let_be_words, self),
        )

    def _check_words(self, device: str) -> tuple[str, ...]:
        return tuple(check.text for check in self.checks_of(device))

    def _formerly(self) -> Callable[[str], str | None]:
        known = load_applied(self.store, self.network_name, self.environment)
        rendered = {device: applied.rendered for device, applied in known.items() if applied.rendered}

        def intended_then(device: str) -> str | None:
            # A store that failed during the push may not have kept it: then nothing is known to be ours.
            with suppress(NotFound):
                return self.store.get_blob(rendered[device]).decode() if device in rendered else None
            return None

        return intended_then

    def require_unmoved(self, position: int | None) -> None:
        """Raise ConcurrencyConflict where there are events of intent after a position; None stands for any."""
        if position is not None and self._intent_moved(position):
            raise ConcurrencyConflict(f"the intent has moved since event {position}; read it again", subject="intent")

    def plan(
        self,
        port: DevicePort,
        names: Iterable[str] | None = None,
        *,
        at: int | None = None,
        progress: Progress | None = None,
    ) -> Plan:
        """Read the devices and say what would take each to what is intended, or was at a position; nothing is sent."""
        devices = {device.id: device for device in self.devices(names, at)}

        def take_in(identity: str, running: str) -> None:
            # What cannot be read is told of when the device is planned.
            with suppress(ConfigurationError):
                self.engine_of(devices[identity]).prepare(devices[identity], running)

        # Devices take their time to answer; meanwhile all is computed that needs no answer, or has its own.
        with ThreadPoolExecutor(max_workers=1) as pool:
            planner = pool.submit(lambda: (self.planner() if at is None else self.planner_at(at)).prepared(devices))
            readings = port.read(list(devices), progress=progress, each=take_in)
            return self._plan_all(planner.result(), readings)

    def plan_from(self, readings: Mapping[str, ReadResult]) -> Plan:
        """The plan for devices whose running configurations, by device id, are at hand."""
        return self._plan_all(self.planner(), readings)

    def _plan_all(self, planner: Planner, readings: Mapping[str, ReadResult]) -> Plan:
        plans, unread = planner.plan_all(readings)
        return self._plan(planner, plans, unread)

    def plan_of(self, *devices: DevicePlan) -> Plan:
        """A plan made of parts that were computed one by one."""
        return self._plan(self.planner(), devices, ())

    def _plan(self, planner: Planner, plans: tuple[DevicePlan, ...], unread: tuple[Unread, ...]) -> Plan:
        return Plan(
            network=self.network_name,
            environment=self.environment,
            position=planner.position,
            created=self.actor.clock(),
            author=self.actor.name,
            templates=self.engine.templates,
            devices=plans,
            unread=unread,
        )

    def turns(self, plan: Plan) -> HostTurns:
        """When the hosts of a plan have their turn, beside its switches."""
        return host_turns(plan, self.planner().network)

    def deployment(
        self, plan: Plan, *, options: PushOptions | None = None, command: str = "apply", accept_errors: bool = False
    ) -> AbstractContextManager[Deployment]:
        """A deployment of the plan. Raises InvalidInput for a plan of another environment or network.

        Raises ValidationRefused where the plan adds errors to what its devices are known to run, unless accepted, and
        ApprovalMissing where the project wants more approvals than the plan has, SettingsError where the plan has hosts
        and it is not fixed which nixpkgs they are built from, ConfigurationError where a secret is not there.
        """
        for what, theirs, ours in (
            ("environment", plan.environment, self.environment),
            ("network", plan.network, self.network_name),
        ):
            if theirs != ours:
                raise InvalidInput(
                    f"the plan is for the {what} {theirs!r}, and this is {ours!r}; plan again", subject=theirs
                )
        self.admit([device.name for device in plan.changes], accept_errors=accept_errors)
        approved = self.require_approved(plan)
        self.require_buildable(plan)
        require_secrets(plan, self.engine)
        self.store.put_blob(self.engine.archive)
        refused = refusals(self.lifecycle(), plan.created)
        return deploy(
            self.store,
            self.actor,
            plan,
            self.spool(),
            options=options,
            command=command,
            refused=refused,
            approved=approved,
            arguments=accepted(accept_errors),
        )

    def apply(
        self,
        plan: Plan,
        port: DevicePort,
        *,
        options: PushOptions | None = None,
        recheck: bool = True,
        accept_errors: bool = False,
        progress: Progress | None = None,
    ) -> Deployment:
        """Carry a plan out and return the deployment, which knows each device's outcome.

        Devices that the plan found to run what is intended are in service from now on.
        """
        with self.deployment(plan, options=options, accept_errors=accept_errors) as deployment:
            self.commission(plan)
            port.push(plan, deployment, recheck=recheck, progress=progress)
        return deployment

    def spool(self) -> Spool:
        """Where results wait while the store fails."""
        if self.folder is None:
            raise SettingsError("this service was built without a folder for results that cannot be stored")
        return Spool(self.folder / "spool", Codec(EVENT_TYPES))


def _named(network: Network, name: str) -> Device:
    device = network.device_named(name)
    if device is None:
        raise DeviceNotFound(f"there is no device {name!r}; cimnet inventory lists them", subject=name)
    return device
