"""A deployment is opened with a request of its own, keeps its leases alive, and is finished when its block ends."""

import os
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

from cimnet_nornir.application.actors import Actor
from cimnet_nornir.application.changes import Chain, open_request
from cimnet_nornir.application.deployment import LEASE_SECONDS, Deployment
from cimnet_nornir.application.outcomes import PushOutcome
from cimnet_nornir.application.plan import Plan
from cimnet_nornir.application.pushing import PushOptions
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.envelope import Append, EventRecord
from cimnet_nornir.domain.streams import deployment_stream
from cimnet_nornir.errors import CimnetError
from cimnet_nornir.store.port import EventStore
from cimnet_nornir.store.spool import Spool
from cimnet_nornir.store.writer import GroupWriter


@contextmanager
def deploy(
    store: EventStore,
    actor: Actor,
    plan: Plan,
    spool: Spool,
    *,
    command: str = "apply",
    options: PushOptions | None = None,
    refused: Mapping[str, CimnetError] | None = None,
    approved: Mapping[str, int] | None = None,
    arguments: Mapping[str, Any] | None = None,
    lease_seconds: float = LEASE_SECONDS,
) -> Iterator[Deployment]:
    """A deployment of the plan: opened with its own request and correlation id, finished when the block ends.

    `refused` are the devices, by id, that nothing may be pushed to, each with the reason. `approved` is the stream with
    the plan's approvals and its version, where they are required: then only what the plan says is pushed.

    Raises ConcurrencyConflict where that stream has moved on: an approval may have been withdrawn.
    """
    chosen = options or PushOptions()
    chain, started = _open(store, actor, plan, chosen, command, arguments or {}, approved or {})
    holder = f"{actor.name} on {socket.gethostname()} (process {os.getpid()})"
    with closing(GroupWriter(store)) as writer:
        deployment = Deployment(
            store,
            plan,
            chosen.method,
            chain=chain,
            started=started,
            writer=writer,
            spool=spool,
            holder=holder,
            refused=refused or {},
            options=chosen,
            lease_seconds=lease_seconds,
            bound=bool(approved),
        )
        try:
            for unread in plan.unread:
                deployment.record(PushOutcome(unread.nothing, unread.outcome, 0.0, unread.reason))
            with _renewed(deployment):
                yield deployment
        finally:
            deployment.finish()


def _open(
    store: EventStore,
    actor: Actor,
    plan: Plan,
    options: PushOptions,
    command: str,
    more: Mapping[str, Any],
    approved: Mapping[str, int],
) -> tuple[Chain, EventRecord]:
    asked = {"plan": plan.digest, "environment": plan.environment}
    arguments = {**asked, "method": options.method, "transaction": options.transaction, **more}
    chain, request = open_request(actor, command, arguments)
    stream = deployment_stream(chain.correlation_id)
    event = e.DeploymentStarted(
        network=plan.network,
        environment=plan.environment,
        method=options.method,
        plan=plan.digest,
        templates=plan.templates,
        position=plan.position,
        devices=(*(device.device for device in plan.changes), *(unread.device for unread in plan.unread)),
    )
    started = chain.record(stream, event, cause=request.event_id)
    store.append(Append(events=(request, started), read={request.aggregate_id: 0, stream: 0, **approved}))
    return chain, started


@contextmanager
def _renewed(deployment: Deployment) -> Iterator[None]:
    """Keep the leases while the block runs, from a thread of its own: a push may take longer than any fixed time."""
    done = threading.Event()

    def renew() -> None:
        while not done.wait(deployment.lease_seconds / 3):
            deployment.renew_leases()

    keeper = threading.Thread(target=renew, name="leases", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()
