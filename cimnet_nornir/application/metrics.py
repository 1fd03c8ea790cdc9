"""The figures of a network for a monitoring system: its devices now, what happened counted, and how the store is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from cimnet_nornir.application.device_status import device_statuses
from cimnet_nornir.application.observations import DeviceStatus
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.events import EVENT_TYPES, ConfigurationFailed, PushSettled
from cimnet_nornir.domain.lifecycle import LifecycleState
from cimnet_nornir.projections.tally import BOUNDS, DEPLOYMENT_OUTCOMES, Durations, Tally, load_tally

__all__ = [
    "BOUNDS",
    "DEPLOYMENT_OUTCOMES",
    "EVENT_NAMES",
    "LIFECYCLES",
    "PUSH_OUTCOMES",
    "SETTLED",
    "CollectionRuns",
    "Durations",
    "Figures",
    "StoreFigures",
    "figures",
    "in_service",
]

PUSH_OUTCOMES = ("applied", *get_args(ConfigurationFailed.model_fields["outcome"].annotation))
"""Every outcome that a push can have."""
SETTLED = get_args(PushSettled.model_fields["outcome"].annotation)
"""What a push in doubt can turn out to be."""
EVENT_NAMES = tuple(EVENT_TYPES)
LIFECYCLES = tuple(state.value for state in LifecycleState)
_OUT_OF_SERVICE = frozenset(
    {
        LifecycleState.PLANNED,
        LifecycleState.PROVISIONING,
        LifecycleState.MAINTENANCE,
        LifecycleState.DECOMMISSIONING,
        LifecycleState.DECOMMISSIONED,
    }
)


@dataclass(frozen=True, slots=True)
class CollectionRuns:
    """What a program that asks devices how they are has done since it began; `seconds` are those of its last run.

    `succeeded` is when a run last came to its end, whatever single devices said.
    """

    runs: int = 0
    failures: int = 0
    seconds: float | None = None
    succeeded: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoreFigures:
    """How far the log has come, up to where a checkpoint covers it, and how many bytes it takes."""

    position: int
    checkpoint: int
    last_event: datetime | None
    size: int
    spooled: int


@dataclass(frozen=True, slots=True)
class Figures:
    """All that is measured of one network in one environment."""

    network: str
    environment: str
    statuses: Mapping[str, DeviceStatus]
    tally: Tally
    store: StoreFigures

    @property
    def last_seen(self) -> datetime | None:
        """When any device last answered."""
        return max((status.seen for status in self.statuses.values() if status.seen), default=None)


def figures(service: NetworkService, statuses: Mapping[str, DeviceStatus] | None = None) -> Figures:
    """The figures now; `statuses` are those of all devices, where the caller has them."""
    return Figures(
        network=service.network_name,
        environment=service.environment,
        statuses=device_statuses(service) if statuses is None else statuses,
        tally=load_tally(service.store, service.network_name, service.environment),
        store=_store_figures(service),
    )


def _store_figures(service: NetworkService) -> StoreFigures:
    info = service.store.info()
    return StoreFigures(
        position=info.head,
        checkpoint=info.checkpoint.position if info.checkpoint else 0,
        last_event=info.last_recorded_at,
        size=info.size_bytes,
        spooled=0 if service.folder is None else len(service.spool().waiting()),
    )


def in_service(status: DeviceStatus) -> bool:
    """Whether a device is one that should answer: neither still to come, nor taken out for a while or for good."""
    return status.lifecycle not in _OUT_OF_SERVICE
