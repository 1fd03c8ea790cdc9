"""Events, chains of causes and plans as JSON documents: what the command line and the web API answer alike."""

from typing import TYPE_CHECKING, Any

from cimnet_nornir.application.history import Node, Trace
from cimnet_nornir.application.plan import Plan

if TYPE_CHECKING:
    from cimnet_nornir.domain.envelope import StoredEvent


def event_json(stored: "StoredEvent") -> dict[str, Any]:
    """An event with its whole envelope."""
    return {
        "position": stored.position,
        "event_id": str(stored.event_id),
        "type": stored.type,
        "aggregate_id": stored.aggregate_id,
        "version": stored.version,
        "correlation_id": str(stored.correlation_id),
        "causation_id": str(stored.causation_id),
        "timestamp": stored.timestamp.isoformat(),
        "recorded_at": stored.recorded_at.isoformat(),
        "actor": stored.actor,
        "reason": stored.reason,
        "data": stored.event.model_dump(mode="json"),
    }


def trace_json(found: Trace) -> dict[str, Any]:
    """One chain of causes, with what carried it to devices and what takes it back."""
    carried_by = [
        {
            "request": event_json(item.request),
            "push": event_json(item.push),
            "result": event_json(item.result) if item.result else None,
        }
        for item in found.carried_by
    ]
    return {
        "focus": str(found.focus.event_id),
        "chain": _node_json(found.root),
        "carries": [event_json(stored) for stored in found.carries],
        "carried_by": carried_by,
        "undoes": [event_json(stored) for stored in found.undoes],
        "undone_by": [event_json(stored) for stored in found.undone_by],
    }


def _node_json(node: Node) -> dict[str, Any]:
    return {**event_json(node.event), "caused": [_node_json(child) for child in node.caused]}


def plan_json(plan: Plan) -> dict[str, Any]:
    """A plan as it stands in JSON answers."""
    destructive = {device.name: list(device.destructive) for device in plan.devices if device.destructive}
    told = {"digest": plan.digest, **plan.model_dump(mode="json", exclude={"format"})}
    return {**told, **({"destructive": destructive} if destructive else {}), **_order_json(plan)}


def _order_json(plan: Plan) -> dict[str, Any]:
    """Which hosts go before the switches, and which after them; nothing where no host is to be changed."""
    from cimnet_nornir.application.order import hosts_first, hosts_last

    first, last = hosts_first(plan), hosts_last(plan)
    return {"hosts": {"first": list(first), "last": list(last)}} if first or last else {}
