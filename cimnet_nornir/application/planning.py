"""From intent and what the devices show to a plan: what to send to each, and the events behind each line."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

from cimnet_nornir.application.engines import Engines
from cimnet_nornir.application.plan import DevicePlan, Unread, text_digest
from cimnet_nornir.application.ports import ConfigurationEngine, ConfigurationReader, ReadResult
from cimnet_nornir.domain.capabilities import Protection
from cimnet_nornir.domain.comparison import Change, Comparison, Path
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import Carried
from cimnet_nornir.domain.network import Network
from cimnet_nornir.errors import (
    AuthenticationRefused,
    CimnetError,
    ConfigurationError,
    DeviceError,
    DeviceUnreachable,
    HostKeyRefused,
    NotFound,
    RenderError,
)
from cimnet_nornir.projections.blame import DeviceBlame


@dataclass(frozen=True, slots=True)
class Planner:
    """Plans devices of one network: the intent as of `position`, the engines, and who is behind each line.

    `engine` is that of routers and switches, `hosts` that of hosts; None where no host is deployed to.

    `formerly` gives, by device id, what was intended when the device was pushed to last; None where it never was.
    `checks` gives, by device id, the checks that are made around a push, in words. `pinned` are texts, by device id,
    that count as intended whatever is rendered. `left` are places, by device id, where what runs is left as it is.
    `let_be` says, for a device by its id and the lines and the difference of its plan, what people let be for a time
    and would go by it.
    """

    network: Network
    position: int
    engine: ConfigurationEngine
    blames: Mapping[str, DeviceBlame]
    formerly: Callable[[str], str | None] = field(default=lambda _: None)
    checks: Callable[[str], tuple[str, ...]] = field(default=lambda _: ())
    hosts: ConfigurationEngine | None = None
    pinned: Mapping[str, str] = field(default_factory=dict, repr=False)
    left: Mapping[str, Collection[Path]] = field(default_factory=dict)
    let_be: Callable[[str, Sequence[Carried], str], tuple[str, ...]] = field(default=lambda *_: ())
    _seen: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict, repr=False)

    def engine_of(self, device: Device) -> ConfigurationEngine:
        """What knows the configurations of a device."""
        return Engines(self.engine, self.hosts).of(device)

    def plan(self, device: Device, running: str, *, pushed: bool = False) -> DevicePlan:
        """What takes one device from its running configuration to the intent for it.

        `pushed` says that all of it was sent just now: what no device shows is there, then.
        Raises RenderError, and ConfigurationError where the running configuration cannot be read.
        """
        engine = self.engine_of(device)
        intended = self.intended(device.id)
        formerly = self.formerly(device.id)
        formerly = engine.with_unshown(formerly or "", intended) if pushed else formerly
        comparison = engine.compare(device, running, self._aim(device, running, formerly), formerly=formerly)
        blame = self.blames.get(device.id, DeviceBlame())
        site = engine.site_paths(device, self.network)
        protection = engine.protection(device, running)
        carries = tuple(_carried(change, blame, site, engine) for change in comparison.changes)
        diff = engine.mask(comparison.diff)
        let_be = self.let_be(device.id, carries, diff) if comparison.commands else ()
        self._seen[device.id] = running, comparison.commands
        return DevicePlan(
            device=device.id,
            name=device.name,
            kind=device.kind.value,
            commands=_masked(comparison.commands, engine),
            carries=carries,
            diff=diff,
            running=text_digest(engine.stable(running)),
            rendered=text_digest(intended),
            unmodelled=tuple(_masked(path, engine) for path in comparison.unmodelled),
            warnings=(*comparison.warnings, *_cautions(device, comparison, protection), *let_be),
            inverse=_masked(comparison.inverse, engine),
            touched=text_digest(comparison.touched),
            checks=self.checks(device.id) if comparison.commands else (),
            cuts=comparison.cuts,
            timer=protection.kind == "revert timer",
            unprotected=protection.why,
            exclusive=protection.exclusive,
        )

    def seen(self, device: DevicePlan) -> str | None:
        """The running configuration that a plan was computed from, where it was computed here, and was the last."""
        text, _ = self._seen.get(device.device, (None, ()))
        if text is None:
            return None
        engine = self.engine_of(self.device(device.device))
        return text if text_digest(engine.stable(text)) == device.running else None

    def commands(self, device: DevicePlan, running: str) -> tuple[str, ...]:
        """What is sent to a device that runs this, with the secrets that no plan holds.

        Raises NotFound, RenderError, and ConfigurationError where it is not what was planned.
        """
        seen, commands = self._seen.get(device.device, ("", ()))
        known = self.device(device.device)
        engine = self.engine_of(known)
        if seen != running:
            formerly = self.formerly(known.id)
            aim = self._aim(known, running, formerly)
            commands = engine.compare(known, running, aim, formerly=formerly).commands
        if _masked(commands, engine) != device.commands:
            raise ConfigurationError(f"what {device.name} runs needs other commands than planned", subject=device.name)
        return tuple(engine.reveal(command) for command in commands)

    def way_back(self, identity: str, now: str, before: str) -> Comparison:
        """What takes a device from what it runs now back to what it ran before a push of the intended configuration.

        Raises NotFound, RenderError, ConfigurationError.
        """
        device = self.device(identity)
        engine = self.engine_of(device)
        was = engine.with_unshown(before, self.formerly(identity))
        return engine.compare(device, now, was, formerly=self.intended(identity))

    def candidate(self, device: DevicePlan, running: str, *, replace: bool) -> str:
        """The file by which a device is given what was planned: lines to merge, or the whole that replaces running.

        Raises NotFound, RenderError, and ConfigurationError where it cannot be made, or is not what was planned.
        """
        self.commands(device, running)
        known = self.device(device.device)
        formerly = self.formerly(known.id)
        aim = self._aim(known, running, formerly)
        return self.engine_of(known).candidate(known, running, aim, formerly=formerly, replace=replace)

    def prepared(self, identities: Iterable[str]) -> "Planner":
        """Itself, with all done for these devices that needs no answer of theirs."""
        for identity in identities:
            device = self.device(identity)
            engine = self.engine_of(device)
            # What does not render is told of when the device is planned.
            with suppress(RenderError):
                engine.prepare(device, self.intended(identity))
        return self

    def intended(self, identity: str) -> str:
        """The intended configuration of a device by id. Raises NotFound or RenderError."""
        device = self.device(identity)
        return self.pinned.get(identity) or self.engine_of(device).render(device, self.network)

    def _aim(self, device: Device, running: str, formerly: str | None) -> str:
        """What a device that runs this is to run: what is intended, but for the places that are left as they are."""
        places, intended = self.left.get(device.id, ()), self.intended(device.id)
        if not places:
            return intended
        engine = self.engine_of(device)
        if not isinstance(engine, ConfigurationReader):
            words = f"{device.name}: nothing of it can be left as it is, since its platform is not read in"
            raise ConfigurationError(words, subject=device.name)
        return engine.leaving(device, running, intended, places, formerly=formerly)

    def device(self, identity: str) -> Device:
        """The device of that id. Raises NotFound."""
        device = self.network.devices.get(identity)
        if device is None:
            raise NotFound(f"there is no device {identity!r}", subject=identity)
        return device

    def plan_all(self, readings: Mapping[str, ReadResult]) -> tuple[tuple[DevicePlan, ...], tuple[Unread, ...]]:
        """Plans for all that could be read, and for each of the others why not. Raises NotFound or RenderError."""
        plans: list[DevicePlan] = []
        unread: list[Unread] = []
        for identity, reading in readings.items():
            device = self.device(identity)
            if isinstance(reading, DeviceError):
                unread.append(unread_device(device, reading))
                continue
            try:
                plans.append(self.plan(device, reading))
            except ConfigurationError as error:
                unread.append(unread_device(device, error))
        return tuple(plans), tuple(unread)


def _cautions(device: Device, comparison: Comparison, protection: Protection) -> Iterator[str]:
    """What a person should know of the device before a push to it; nothing where there is nothing to push."""
    if not comparison.commands:
        return
    if protection.unsaved:
        yield f"{device.name} runs what was not saved ({protection.unsaved}): this push saves it too"
    vlans = any(change.path[0].startswith("vlan ") for change in comparison.changes if change.path)
    if protection.vlans_outside and vlans:
        yield f"{device.name} keeps its VLANs in vlan.dat (VTP): its timer does not take them back, lines do"


def _carried(change: Change, blame: DeviceBlame, site: Collection[Path], engine: ConfigurationEngine) -> Carried:
    # A line of a site's template has no event behind it: the bundle that the deployment names does.
    event = None if change.path in site else blame.explain(change.path, adds=change.adds)
    line, path = engine.mask(change.command), _masked(change.path, engine)
    return Carried(line=line, path=path, adds=change.adds, events=(event,) if event else ())


def _masked(lines: Iterable[str], engine: ConfigurationEngine) -> tuple[str, ...]:
    return tuple(engine.mask(line) for line in lines)


def unread_device(device: Device, error: CimnetError) -> Unread:
    """A device that could not be read, with the outcome that its error means."""
    outcome: Literal["unreachable", "refused", "failed"] = "failed"
    if isinstance(error, HostKeyRefused | AuthenticationRefused):
        outcome = "refused"
    elif isinstance(error, DeviceUnreachable):
        outcome = "unreachable"
    return Unread(device=device.id, name=device.name, kind=device.kind.value, outcome=outcome, reason=error.message)


def events_carried(plans: Iterable[DevicePlan]) -> int:
    """How many events of intent the plans carry."""
    return len({event for plan in plans for line in plan.carries for event in line.events})
