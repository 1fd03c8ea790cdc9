"""The commands around configuration mode: entering, locking, timed reverts, replacing, archiving."""

from typing import Final

from cimnet_nornir.lab.answers import Answer, Outcome, Question
from cimnet_nornir.lab.archive import NOT_PENDING
from cimnet_nornir.lab.command import PRIVILEGED, Command, Request
from cimnet_nornir.lab.diffs import contextual, incremental
from cimnet_nornir.lab.files import text_of
from cimnet_nornir.lab.flash import missing
from cimnet_nornir.lab.lock import lock_text, locking, refusal, take
from cimnet_nornir.lab.replace import (
    ARCHIVE_OFF,
    INVALID_FILE,
    Replacement,
    aborted_text,
    done_text,
    is_complete,
    prepared,
    reverted_text,
)

_CONFIRMED: Final = "Rollback Confirmed Change"
_ENTERED: Final = "Enter configuration commands, one per line.  End with CNTL/Z."
_WARNING: Final = (
    "This will apply all necessary additions and deletions\n"
    "to replace the current running configuration with the\n"
    "contents of the specified configuration file, which is\n"
    "assumed to be a complete configuration, not a partial\n"
    "configuration. Enter Y if you are sure you want to proceed. ? [no]: "
)


def _terminal(request: Request) -> Outcome:
    """`configure terminal [lock] [revert ...]`: what bars it, then the timer, then the mode."""
    device, session = request.device, request.session
    refused = refusal(device, session)
    if refused:
        return refused
    locked = locking(device, asked="lock" in request.match.words)
    if isinstance(locked, str):
        return locked
    said, armed = _armed(request) if "minutes" in request.values else ("", True)
    if not armed:
        return said
    if locked:
        take(device, session)
    session.configure()
    return f"{said}\n{_ENTERED}" if said else _ENTERED


def _armed(request: Request) -> tuple[str, bool]:
    """Set the timer that takes the configuration back; what IOS says, and whether it is set."""
    archive = request.device.archive
    if not archive.path:
        return f"%Turn config archive on before using {_CONFIRMED}", False
    if archive.pending is not None:
        return f"%A {_CONFIRMED} is already pending", False
    minutes = int(request.values["minutes"])
    url, complaint = archive.arm(request.session.user, minutes, idle=request.values.get("kind") == "idle")
    said = f"{_CONFIRMED}: Backing up current running config to {url}\n"
    return (said + complaint if complaint else said), not complaint


def _confirm(request: Request) -> Outcome:
    return "" if request.device.archive.confirm() else NOT_PENDING


def _revert_now(request: Request) -> Outcome:
    url = request.device.archive.revert()
    return f"{_CONFIRMED}: Rolling to:{url}\n\nTotal number of passes: 1\nRollback Done\n" if url else NOT_PENDING


def _rewind(request: Request) -> Outcome:
    minutes = int(request.values["minutes"])
    found = request.device.archive.rewind(minutes, idle=request.values["kind"] == "idle")
    return "" if found else NOT_PENDING


def _archive_config(request: Request) -> Outcome:
    archive = request.device.archive
    return archive.store()[1] if archive.path else ARCHIVE_OFF


def _replace(request: Request) -> Outcome:
    """`configure replace URL`: asks unless it is forced."""
    device, words = request.device, request.match.words
    text = text_of(device, request.values["file"])
    if text is None:
        return missing(request.values["file"])
    if not is_complete(text):
        return INVALID_FILE
    if not device.archive.path and {"revert", "time"} & set(words):
        return ARCHIVE_OFF
    refused = "" if "nolock" in words else refusal(device, request.session)
    if refused:
        return refused

    def decide(answer: str) -> Answer:
        return Answer(_replaced(request, text)) if answer[:1].lower() == "y" else Answer()

    return _replaced(request, text) if "force" in words else Answer(ask=Question(_WARNING, decide))


def _replaced(request: Request, text: str) -> str:
    said = ""
    if "minutes" in request.values:
        said, armed = _armed(request)
        if not armed:
            return said
    return said + _carried_out(request, prepared(request.device, text))


def _carried_out(request: Request, replacement: Replacement) -> str:
    device, user = request.device, request.session.user
    if replacement.failed and "error" in request.match.words:
        url = device.archive.pending.url if device.archive.pending else device.archive.next_url
        device.archive.confirm()
        return reverted_text(replacement.failed, url)
    device.take_over(replacement.target, user)
    if replacement.failed:
        return aborted_text(replacement.failed)
    return done_text(replacement, listed="list" in request.match.words)


def _differences(request: Request) -> Outcome:
    """`show archive config differences [A [B]]`: startup and running are what is compared unless told otherwise."""
    device, values = request.device, request.values
    first = values.get("first", "startup-config")
    second = values.get("second", "running-config")
    texts = [text_of(device, url) for url in (first, second)]
    for url, text in zip((first, second), texts, strict=True):
        if text is None:
            return missing(url)
    return contextual(texts[0] or "", texts[1] or "")


def _incremental(request: Request) -> Outcome:
    text = text_of(request.device, request.values["file"])
    return missing(request.values["file"]) if text is None else incremental(request.device, text)


_KIND: Final = "{kind: timer|idle} <minutes:1-120>"
_OPTIONS: Final = "[{nolock|ignore-case|ignorecase}]"

CONFIGURING: Final = (
    Command(f"configure terminal [lock] [revert {_KIND}]", _terminal, PRIVILEGED),
    Command("configure confirm", _confirm, PRIVILEGED),
    Command("configure revert now", _revert_now, PRIVILEGED),
    Command(f"configure revert {_KIND}", _rewind, PRIVILEGED),
    *(
        Command(
            f"configure replace <file:word> {options} {_OPTIONS} "
            "[{revert [trigger [error]] [{kind: timer} <minutes:1-120>]|time <minutes:1-120>}]",
            _replace,
            PRIVILEGED,
        )
        for options in ("[list] [force]", "force list", "nolock [list] [force]")
    ),
    Command("archive config", _archive_config, PRIVILEGED),
    Command("show archive", lambda request: request.device.archive.text(), PRIVILEGED),
    Command("show archive config rollback timer", lambda request: request.device.archive.timer_text(), PRIVILEGED),
    Command("show archive config differences [<first:word> [<second:word>]]", _differences, PRIVILEGED),
    Command("show archive config incremental-diffs <file:word> [ignorecase]", _incremental, PRIVILEGED),
    Command("show configuration lock", lambda request: lock_text(request.device), PRIVILEGED),
)
