"""What every area of the facade stands on: the store, the actor, the intent, and how a change is recorded."""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from cimnet_nornir.application.actors import Actor, default_actor
from cimnet_nornir.application.audit_parts import Auditor, NoAuditor
from cimnet_nornir.application.changes import ChangeResult, change
from cimnet_nornir.application.checks import CheckSet
from cimnet_nornir.application.engines import Engines
from cimnet_nornir.application.host_plan import HostEngine
from cimnet_nornir.application.host_site import HostSite
from cimnet_nornir.application.moments import position_of
from cimnet_nornir.application.ports import ConfigurationEngine, HostGenerator, HostPort
from cimnet_nornir.application.validation import Admission
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.validation import AnyRule
from cimnet_nornir.errors import NotFound, SettingsError
from cimnet_nornir.projections.intent import Intent, intent_events, load_intent
from cimnet_nornir.store.port import EventStore

if TYPE_CHECKING:
    from cimnet_nornir.application.approval import ApprovalRules


class Core:
    """One network in one store, as one actor sees it in one environment.

    `engine` is needed for all that has to do with configurations, `host_generator` for the Nix text of hosts; `folder`
    is where results wait when the store fails; `cimnet_nornir.bootstrap.network_service` gives a service with all that.
    `rules` gives rules of validation of the user's own, `checks` the checks before and after a change; each is called
    when somebody first asks for them. `approval` says whether plans have to be approved before they are carried out,
    and by whom; without it none have to be. `hosts` reaches the hosts that configurations are deployed to; without it
    hosts are left alone. `site` gives what a project adds to its hosts' flake. `auditor` gives the rules of audit.
    """

    def __init__(
        self,
        store: EventStore,
        network: str = "",
        *,
        environment: str = "lab",
        engine: ConfigurationEngine | None = None,
        actor: Actor | None = None,
        folder: Path | None = None,
        rules: Callable[[], Iterable[AnyRule]] = tuple,
        host_generator: HostGenerator | None = None,
        approval: "ApprovalRules | None" = None,
        checks: Callable[[], CheckSet] = CheckSet,
        hosts: HostPort | None = None,
        site: Callable[[], HostSite] = HostSite,
        auditor: Callable[[], Auditor] = NoAuditor,
    ) -> None:
        self.store = store
        self.network_name = network
        self.environment = environment
        self.actor = actor or default_actor()
        self.folder = folder
        self._engine = engine
        self._own_rules = rules
        self._host_generator = host_generator
        self._approval = approval
        self._load_checks = checks
        self._host_port = hosts
        self._managed: tuple[int, Mapping[str, bool]] = (-1, {})
        self._present: Intent | None = None
        # The digest of what is rendered for a device, by its id and the position of what it was rendered from.
        self._rendered: dict[tuple[str, int], str] = {}
        self._site = site
        self._load_auditor = auditor
        # Guards what is kept from one call to the next.
        self._lock = threading.Lock()

    @property
    def engine(self) -> ConfigurationEngine:
        """The configuration engine. Raises SettingsError where the service was built without one."""
        if self._engine is None:
            raise SettingsError("this service was built without a configuration engine", subject="engine")
        return self._engine

    @cached_property
    def auditor(self) -> Auditor:
        """What audits configurations. Raises DefinitionError where a file of rules is wrong."""
        return self._load_auditor()

    @property
    def host_generator(self) -> HostGenerator:
        """The generator for hosts. Raises SettingsError where the service was built without one."""
        if self._host_generator is None:
            raise SettingsError(
                "this service was built without a generator for hosts; cimnet_nornir.bootstrap makes one with it",
                subject="host_generator",
            )
        return self._host_generator

    @property
    def engines(self) -> Engines:
        """The engine of each kind of device; hosts have one where some are deployed to. Raises SettingsError."""
        if self._host_port is None:
            return Engines(self.engine)
        return Engines(self.engine, HostEngine(self.host_generator, lambda: self._site().line))

    def engine_of(self, device: Device) -> ConfigurationEngine:
        """The configuration engine of a device. Raises SettingsError."""
        return self.engines.of(device)

    @property
    def host_port(self) -> HostPort:
        """The way to the hosts. Raises SettingsError where the service was built without one."""
        if self._host_port is None:
            raise SettingsError("no host is deployed to: inventory/config.yaml names none under hosts", subject="hosts")
        return self._host_port

    @property
    def has_hosts(self) -> bool:
        """Whether any host is deployed to at all."""
        return self._host_port is not None

    def manages(self, host: str) -> bool:
        """Whether configurations are deployed to a host, by its id, in this environment."""
        if self._host_port is None:
            return False
        # Which hosts there are changes with the events; each device of a plan asks.
        head, (position, known) = self.store.head(), self._managed
        if position != head or host not in known:
            known = {**(known if position == head else {}), host: self._host_port.manages(host)}
            self._managed = head, known
        return known[host]

    def configures(self, device: Device) -> bool:
        """Whether the device is given configurations: every router and switch is, and hosts that are deployed to."""
        return not device.is_host or self.manages(device.id)

    @property
    def approval(self) -> "ApprovalRules":
        """How plans are approved. Raises SettingsError where the service was built without that."""
        if self._approval is None:
            raise SettingsError("this service was built without allowed signers; those of a project have them")
        return self._approval

    def acting(self, *, reason: str | None, name: str | None = None) -> Self:
        """The same service, acting for another reason, and as somebody else where a name is given."""
        actor = replace(self.actor, reason=reason, name=name or self.actor.name)
        return type(self)(self.store, self.network_name, **{**self.parts(), "actor": actor})

    def parts(self) -> dict[str, Any]:
        """What a service of the same network and store is built with."""
        return {
            "environment": self.environment,
            "engine": self._engine,
            "actor": self.actor,
            "folder": self.folder,
            "rules": self._own_rules,
            "host_generator": self._host_generator,
            "approval": self._approval,
            "checks": self._load_checks,
            "hosts": self._host_port,
            "site": self._site,
            "auditor": self._load_auditor,
        }

    def position(self, when: str | None) -> int | None:
        """The position of a moment as a person writes it; None stays None, which is now."""
        return None if when is None else position_of(self.store, when)

    def intent(self, at: int | None = None) -> Intent:
        """The network now, or as of a position, with the versions of its streams."""
        return load_intent(self.store, self.network_name, until=at)

    def declared(self, at: int | None = None) -> Intent:
        """The intent now, or as of a position. Raises NotFound where there is no network."""
        intent = self.intent(at)
        require_created(intent.network, at)
        return intent

    def network(self, at: int | None = None) -> Network:
        """The network now, or as of a position, to be read only. Raises NotFound where there is none.

        That of now is kept until its intent moves: one command asks for it again and again.
        """
        if at is not None:
            return self.declared(at).network
        kept = self._present
        if kept is None or self._intent_moved(kept.position):
            self._present = kept = self.declared()
        return kept.network

    def _intent_moved(self, position: int) -> bool:
        return next(iter(intent_events(self.store, after=position)), None) is not None

    def execute(
        self, *commands: c.Command, command: str = "execute", arguments: Mapping[str, Any] | None = None
    ) -> ChangeResult:
        """Carry commands out as one request: all of them, or none. Raises a DomainError where a rule refuses one."""
        return self.change(lambda _: commands, command=command, arguments=arguments or {})

    def change(
        self,
        decide: Callable[[Network], Sequence[c.Command]],
        *,
        command: str,
        arguments: Mapping[str, Any],
        admission: Admission | None = None,
    ) -> ChangeResult:
        """Carry out what `decide` makes of the network as it is; decided again when somebody else was first.

        Raises ValidationRefused where the admission refuses what comes of it.
        """
        return change(
            self.store,
            self.actor,
            self.network_name,
            decide,
            command=command,
            arguments=arguments,
            admission=admission,
        )


def require_created(network: Network, at: int | None) -> Network:
    """The network itself. Raises NotFound where it is not there yet, or was not at that moment."""
    if not network.created:
        raise NotFound(
            f"there is no network {network.name!r} {'yet' if at is None else 'at that moment'};"
            " declare one: cimnet declare inventory/network.yaml",
            subject=network.name,
        )
    return network
