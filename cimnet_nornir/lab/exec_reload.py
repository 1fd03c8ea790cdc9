"""`reload`, at once or in a while, `reload cancel` and `show reload`."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from cimnet_nornir.lab.answers import Action, Answer, Outcome, Question, confirm
from cimnet_nornir.lab.command import PRIVILEGED, Command, Request
from cimnet_nornir.lab.exec_files import save

if TYPE_CHECKING:
    from collections.abc import Callable

TIMER: Final = "reload"
_SAVE: Final = "\nSystem configuration has been modified. Save? [yes/no]: "
_REASON: Final = "Reload reason: Reload Command"
_PROCEED: Final = "Proceed with reload? "


def _reload(request: Request) -> Outcome:
    return _asked(request, lambda: confirm(_PROCEED, lambda: Answer(action=Action.RELOAD)))


def _asked(request: Request, proceed: "Callable[[], Answer]") -> Answer:
    """Ask whether to save, where running differs from startup, then go on."""

    def decide(answer: str) -> Answer:
        if answer.strip().lower() in {"y", "yes"}:
            said, rest = save(request) or "[OK]", proceed()
            return Answer(
                "\n".join(text for text in (f"Building configuration...\n{said}", rest.text) if text), rest.ask
            )
        if answer.strip().lower() in {"n", "no"}:
            return proceed()
        return Answer("% Please answer 'yes' or 'no'.", Question(_SAVE, decide))

    return Answer(ask=Question(_SAVE, decide)) if request.device.unsaved else proceed()


def _reload_in(request: Request) -> Outcome:
    """`reload in M` or `reload in HH:MM`."""
    hours, _, minutes = f":{request.values['delay']}".rpartition(":")
    hours = hours.lstrip(":") or "0"
    if not (hours.isdecimal() and minutes.isdecimal()) or not 0 < int(hours) * 60 + int(minutes) <= 999 * 60 + 59:
        return "%Invalid time: a delay is minutes, or hours:minutes"
    return _scheduled(request, timedelta(hours=int(hours), minutes=int(minutes)))


def _reload_at(request: Request) -> Outcome:
    """`reload at HH:MM`: today, or tomorrow where that has passed."""
    now = request.device.clock()
    try:
        wanted = datetime.strptime(request.values["time"], "%H:%M").replace(tzinfo=now.tzinfo)
    except ValueError:
        return "%Invalid time: hours:minutes"
    at = now.replace(hour=wanted.hour, minute=wanted.minute, second=0, microsecond=0)
    return _scheduled(request, (at if at > now else at + timedelta(days=1)) - now)


def _scheduled(request: Request, delay: timedelta) -> Answer:
    device, session = request.device, request.session

    def start() -> Answer:
        device.timers.set(TIMER, delay, device.restart)
        return Answer()

    def proceed() -> Answer:
        text = f"Reload scheduled in {_span(delay)} by {session.user} on vty{session.line}\n{_REASON}"
        return Answer(text, confirm(_PROCEED, start).ask)

    return _asked(request, proceed)


def _span(left: timedelta) -> str:
    minutes, seconds = divmod(round(left.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "hour"), (minutes, "minute"), (seconds, "second")]
    return " and ".join(f"{count} {name}{'' if count == 1 else 's'}" for count, name in parts if count) or "0 seconds"


def _cancel(request: Request) -> Outcome:
    if not request.device.timers.cancel(TIMER):
        return "%No reload is scheduled."
    return "\n\n***\n*** --- SHUTDOWN ABORTED ---\n***\n"


def _show(request: Request) -> Outcome:
    due = request.device.timers.due(TIMER)
    if due is None:
        return "No reload is scheduled."
    left = _span(due - request.device.clock())
    return f"Reload scheduled for {due:%H:%M:%S} UTC {due:%a %b} {due.day} {due.year} (in {left})\n{_REASON}"


RELOAD: Final = (
    Command("reload", _reload, PRIVILEGED),
    Command("reload in <delay:word> [<reason:line>]", _reload_in, PRIVILEGED),
    Command("reload at <time:word> [<reason:line>]", _reload_at, PRIVILEGED),
    Command("reload cancel", _cancel, PRIVILEGED),
    Command("show reload", _show),
)
