"""After a failure: results that wait are stored, and pushes whose outcome is not known are found."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.domain.events import (
    ConfigurationApplied,
    ConfigurationFailed,
    DeploymentStarted,
    PushSettled,
    PushStarted,
)
from cimnet_nornir.projections.deployments import DeploymentView, Push, load_deployments
from cimnet_nornir.store.spool import DrainReport

_UNSETTLED = ("in doubt", "not saved")


@dataclass(frozen=True, slots=True)
class Doubt:
    """A push that was started and whose outcome is not known, or that was not saved.

    `last` tells that nobody pushed to the device after it: only then is anything sent to the device on its account.
    """

    deployment: DeploymentView
    push: Push
    started: StoredEvent
    last: bool = True

    @property
    def device(self) -> str:
        """The device's id."""
        return self.push.device

    @property
    def intent(self) -> int:
        """The position of the intent that was pushed."""
        event = self.deployment.started.event
        return event.position if isinstance(event, DeploymentStarted) else 0

    @property
    def start(self) -> PushStarted:
        """What was recorded before the first line was sent."""
        event = self.started.event
        if not isinstance(event, PushStarted):
            raise TypeError(f"{self.started.type} starts no push")
        return event


def drain_spool(service: NetworkService) -> DrainReport:
    """Store what waits in the spool; nothing is lost where that fails again."""
    return service.spool().drain(service.store)


def doubts(service: NetworkService) -> tuple[Doubt, ...]:
    """The pushes of the service's network and environment that are in doubt, or not saved and by none after them.

    Of a device that is no longer in the network nobody will ever know, and nobody needs to.
    """
    present = service.intent().network.devices
    found: list[Doubt] = []
    for deployment in load_deployments(service.store).values():
        if (deployment.environment, deployment.network) == (service.environment, service.network_name):
            applied = {push.device for push in deployment.pushes.values() if push.outcome == "applied"}
            found = [doubt for doubt in found if doubt.push.outcome == "in doubt" or doubt.device not in applied]
            pushed = {push.device for push in deployment.pushes.values() if push.started is not None}
            found = [replace(doubt, last=doubt.last and doubt.device not in pushed) for doubt in found]
            found += _doubts(deployment)
    return tuple(doubt for doubt in found if doubt.device in present)


def _doubts(deployment: DeploymentView) -> Iterator[Doubt]:
    for push in deployment.pushes.values():
        if push.started is not None and push.outcome in _UNSETTLED:
            yield Doubt(deployment, push, push.started)


def is_settled(service: NetworkService, doubt: Doubt) -> bool:
    """Whether the outcome of the push became known since the doubt was found."""
    known = (doubt.push.result or doubt.started).position
    results = [item.event for item in service.store.read_stream(doubt.started.aggregate_id) if item.position > known]
    outcomes = [event.outcome for event in results if isinstance(event, ConfigurationFailed | PushSettled)]
    applied = any(isinstance(event, ConfigurationApplied) for event in results)
    return applied or any(outcome not in _UNSETTLED for outcome in outcomes)


def is_pushed_to_since(service: NetworkService, doubt: Doubt) -> bool:
    """Whether another push to the device was begun since the doubt's was."""
    later = (item.event for item in service.store.read_all(after=doubt.started.position, types=["PushStarted"]))
    where = (service.environment, service.network_name, doubt.device)
    return any(
        isinstance(event, PushStarted) and (event.environment, event.network, event.device) == where for event in later
    )
