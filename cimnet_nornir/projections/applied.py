"""What each device is known to run: up to which event of intent, and the configuration that was intended then.

Persisted as a row a device and environment, with the position up to which results were read: a plan does not read the
history of all deployments.
"""

from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from cimnet_nornir.domain.envelope import Event
from cimnet_nornir.domain.events import ConfigurationApplied, ConfigurationFailed, PushSettled
from cimnet_nornir.projections.deployments import RESULT_TYPES
from cimnet_nornir.store.port import EventStore, ProjectionRow

PROJECTION = "applied-1"
_POSITION_ROW = "position"
_SAVE_AFTER = 20


@dataclass(frozen=True, slots=True)
class Applied:
    """`intent` is the position of the last event of intent that it runs, `rendered` names the blob of that text.

    `rendered` is empty where the text is not known (a push that was settled by looking).
    """

    intent: int
    rendered: str


def load_applied(store: EventStore, network: str, environment: str, *, until: int | None = None) -> dict[str, Applied]:
    """By device id what each device of a network is known to run in an environment, or was as of a position."""
    rows = store.load_rows(PROJECTION) if until is None else {}
    mark = rows.pop(_POSITION_ROW, None)
    adapter = TypeAdapter(Applied)
    known = {key: adapter.validate_json(row.state) for key, row in rows.items()} if mark else {}
    position = mark.position if mark else 0
    count = 0
    for stored in store.read_all(after=position, until=until, types=RESULT_TYPES):
        position, count = stored.position, count + 1
        _take_in(known, stored.event)
    if until is None and count >= _SAVE_AFTER:
        saved = {key: ProjectionRow(position, adapter.dump_json(item)) for key, item in known.items()}
        store.save_rows(PROJECTION, {**saved, _POSITION_ROW: ProjectionRow(position, b"")})
    prefix = f"{environment}/{network}/"
    return {key.removeprefix(prefix): item for key, item in known.items() if key.startswith(prefix)}


def runs_intent(event: Event) -> bool:
    """Whether a device runs what was intended after this event: read back after a push, or settled so; saved or not."""
    match event:
        case ConfigurationApplied():
            return True
        case ConfigurationFailed():
            return event.outcome == "not saved"
        case PushSettled():
            return event.outcome == "applied"
        case _:
            return False


def _take_in(known: dict[str, Applied], event: Event) -> None:
    if not isinstance(event, ConfigurationApplied | ConfigurationFailed | PushSettled) or not runs_intent(event):
        return
    key = f"{event.environment}/{event.network}/{event.device}"
    before = known.get(key, Applied(0, ""))
    rendered = event.rendered if isinstance(event, ConfigurationApplied) else before.rendered
    known[key] = replace(before, intent=event.intent, rendered=rendered)
