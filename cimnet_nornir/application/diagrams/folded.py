"""A deployment to many devices: those that came to the same are one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from cimnet_nornir.application.diagrams.steps import CIMNET, UNFINISHED, Cast, about_all, how_many
from cimnet_nornir.domain import events as e
from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.projections.mermaid.text import escaped

# So many devices that did not come to what was intended are named.
_NAMED = 5
_LONGEST = 60
_DECIDED = (e.TransactionDecided, e.WaveDecided)


@dataclass(slots=True)
class _Story:
    """What happened to one device, as far as it is told."""

    lines: int | None = None
    protection: str = ""
    result: e.ConfigurationApplied | e.ConfigurationFailed | e.PushSettled | None = None

    @property
    def outcome(self) -> str:
        match self.result:
            case e.ConfigurationApplied():
                return "applied"
            case e.ConfigurationFailed() | e.PushSettled():
                return self.result.outcome
            case None:
                return "not told yet" if self.lines is None else "in doubt"


@dataclass(slots=True)
class _Group:
    """The devices that came to one outcome."""

    short: str
    outcome: str
    stories: dict[str, _Story] = field(default_factory=dict)

    @property
    def pushed(self) -> Sequence[_Story]:
        return [story for story in self.stories.values() if story.lines is not None]


def folded_steps(cast: Cast, events: Sequence[StoredEvent]) -> Iterator[str]:
    """The participants and messages of a deployment, a participant for each outcome."""
    groups = _groups(cast, events)
    for group in groups:
        title = f"{how_many(len(group.stories), 'device')}: {group.outcome}"
        yield f"participant {group.short} as {escaped(title)}"
    decided = [stored for stored in events if isinstance(stored.event, _DECIDED)]
    finished = [stored for stored in events if isinstance(stored.event, e.DeploymentFinished)]
    began = (stored for stored in events if not isinstance(stored.event, (*_DECIDED, e.DeploymentFinished)))
    yield from (line for stored in began for line in about_all(stored))
    yield from (line for group in groups for line in _told(group))
    yield from (line for stored in decided for line in about_all(stored))
    yield from (line for group in groups for line in _answered(cast, group))
    yield from (line for stored in finished for line in about_all(stored))
    if not finished:
        yield UNFINISHED


def _groups(cast: Cast, events: Iterable[StoredEvent]) -> tuple[_Group, ...]:
    stories = {device: _Story() for device in cast.devices}
    for stored in events:
        _take_in(stories, stored)
    groups: dict[str, _Group] = {}
    for device, story in stories.items():
        group = groups.setdefault(story.outcome, _Group(f"g{len(groups) + 1}", story.outcome))
        group.stories[device] = story
    return tuple(groups.values())


def _take_in(stories: dict[str, _Story], stored: StoredEvent) -> None:
    event = stored.event
    match event:
        case e.PushStarted():
            stories[event.device].lines = len(event.carries)
            stories[event.device].protection = event.protection
        case e.ConfigurationApplied() | e.ConfigurationFailed() | e.PushSettled():
            stories[event.device].result = event
        case _:
            pass


def _told(group: _Group) -> Iterator[str]:
    if not group.pushed:
        return
    lines = sum(story.lines or 0 for story in group.pushed)
    yield f"{CIMNET}->>{group.short}: {how_many(lines, 'line')} to {how_many(len(group.pushed), 'device')}"
    timers = sum(story.protection in ("revert timer", "reload timer") for story in group.pushed)
    if timers:
        yield f"note over {group.short}: timer armed on {how_many(timers, 'device')}"


def _answered(cast: Cast, group: _Group) -> Iterator[str]:
    number = how_many(len(group.stories), "device")
    if group.outcome == "applied":
        results = [story.result for story in group.stories.values()]
        confirmed = sum(isinstance(result, e.ConfigurationApplied) and result.confirmed for result in results)
        yield f"{group.short}-->>{CIMNET}: applied, read back on {number}, {confirmed:,} confirmed"
        return
    arrow = f"{group.short}--x{CIMNET}" if group.pushed else f"{CIMNET}-x{group.short}"
    reasons = [_reason(cast, device, story) for device, story in group.stories.items()]
    more = [f"… {len(reasons) - _NAMED:,} more"] if len(reasons) > _NAMED else []
    yield f"{arrow}: {'<br/>'.join([f'{escaped(group.outcome)} on {number}', *reasons[:_NAMED], *more])}"
    results = [story.result for story in group.pushed]
    if back := sum(isinstance(result, e.ConfigurationFailed) and bool(result.reverted) for result in results):
        yield f"note over {group.short}: brought back on {how_many(back, 'device')}"


def _reason(cast: Cast, device: str, story: _Story) -> str:
    reason = story.result.reason if isinstance(story.result, e.ConfigurationFailed) else ""
    return escaped(f"{cast.name(device)}: {reason}" if reason else cast.name(device), most=_LONGEST)
