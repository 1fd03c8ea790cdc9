"""A host whose deployment is in doubt: what devices do by lines, a host does by building and activating a system."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from cimnet_nornir.application.host_site import line_of
from cimnet_nornir.application.looking import Found, Looked
from cimnet_nornir.application.outcomes import HOST_METHOD
from cimnet_nornir.application.ports import HostSession
from cimnet_nornir.application.settling import Settling
from cimnet_nornir.domain.events import ConfigurationDeployed, HostDeploymentAdvanced
from cimnet_nornir.errors import CommandRejected, DeviceError, SettingsError

_MINUTES = 5


@dataclass(slots=True)
class HostDevice:
    """A session with a host as the DeviceSession of whoever recovers a push. `kept` is its new generation."""

    session: HostSession
    kept: int | None = None

    def running(self) -> str:
        return self.session.look().module

    def startup(self) -> str:
        """Nothing: a host keeps systems, and what it boots is the one that was kept last."""
        return ""

    def revert_pending(self) -> bool:
        return self.session.look().revert_pending

    def confirm(self) -> bool:
        return self.session.confirm()

    def revert(self) -> bool:
        return self.session.revert()

    def configure(self, commands: Sequence[str], *, enter: str = "configure terminal") -> None:  # noqa: ARG002 - the port's
        raise CommandRejected("a host takes no lines", subject=self.session.target.kind, line=commands[0], answer="")

    def cancel_reload(self) -> None:
        """No host reloads by a timer."""

    def save(self) -> None:
        self.kept = self.session.keep()


@dataclass(slots=True)
class HostSettling(Settling):
    """Settles a push to a host; `device` is a HostDevice."""

    device: HostDevice  # narrower than a DeviceSession: what a host can do besides is needed

    def _finish(self, looked: Looked) -> None:
        self._deploy(looked.planner.intended(self.doubt.device))
        self._require("finish", self._look().found, "applied")
        self._keep()

    def _revert(self) -> None:
        """Back to what ran before: by the host's own timer where it runs still, else by what it ran, built anew."""
        # Where it cannot go back by itself, it is given what it ran.
        with suppress(CommandRejected):
            if self.device.revert():
                self._advanced("reverted")
        again = self._look()
        if again.found != "not applied":
            if not again.before:
                raise DeviceError("what ran before the push is not known", subject=self.doubt.device)
            self._deploy(again.before)
            self._require("revert", self._look().found, "not applied")
            self._keep()

    def _deploy(self, module: str) -> None:
        """Build and activate a system with this module, while the host's timer runs."""
        flake = self._flake(module)
        session = self.device.session
        system = session.build(flake)
        self._require_lease()
        if not session.look().revert_pending:
            session.arm(self.doubt.start.minutes or _MINUTES)
        session.activate()
        self._advanced("activated", system)

    def _flake(self, module: str) -> Mapping[str, bytes]:
        """The flake with this module of the host. Raises SettingsError where the project's files are others by now."""
        name = f"hosts/{self.service.network().devices[self.doubt.device].name}.nix"
        self.service.require_fixed_hosts()
        flake = self.service.host_flake()
        if line_of(module) != line_of(flake[name].decode()):
            raise SettingsError(
                "what is in nix/site/, in nix/flake.lock or said of nix in the settings is not what it was then;"
                " put that back, or let the host's own timer take the change back and plan again",
                subject=self.doubt.device,
            )
        return {**flake, name: module.encode()}

    def _stop_timer(self) -> None:
        self._require_lease()
        if self.device.revert_pending():
            if not self.device.confirm():
                # What is kept now would be what was built, which does not run any more.
                raise DeviceError("its timer was faster; run cimnet recover again", subject=self.doubt.device)
            self._advanced("confirmed")

    def _save(self) -> None:
        self._require_lease()
        self.device.save()
        self._advanced("kept")

    def _advanced(self, step: str, system: str = "") -> None:
        told = {"network": self.service.network_name, "device": self.doubt.device, "step": step, "system": system}
        told["environment"] = self.service.environment
        generation = self.device.kept if step == "kept" else None
        self._append(HostDeploymentAdvanced.model_validate({**told, "generation": generation}))

    def _record(self, looked: Looked, outcome: Found) -> None:
        # Named, since a class with slots is made twice, and a bare super() knows the first one.
        super(HostSettling, self)._record(looked, outcome)
        results = {"applied": "activated", "not applied": "rolled back"}
        event = {
            "network": self.service.network_name,
            "device": self.doubt.device,
            "environment": self.service.environment,
            "method": HOST_METHOD,
            "target": self.device.session.target,
            "generation": self.device.kept,
            "result": results.get(outcome, "failed"),
            "reason": f"the deployment was in doubt; the host was found {outcome}",
        }
        self._append(ConfigurationDeployed.model_validate(event))
