"""Structured logs of programs that run on: one event a line, with its correlation id and whatever fields it has."""

import json
import logging
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cimnet_nornir.domain.envelope import StoredEvent

LOGGER = "cimnet"
_FIELDS = "cimnet_fields"
# Control characters beyond those that JSON escapes, line separators, what turns text around, and halves of characters.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_SECRET = re.compile(r"token|password|passphrase|secret|authorization|cookie|credential", re.IGNORECASE)
_PLAIN = re.compile(r"[\w./:@%+,-]+")


def log(message: str, *, event: str = "", level: int = logging.INFO, **fields: object) -> None:
    """Log a line with fields, such as `correlation_id`, `deployment`, `device`; `event` names what happened.

    Nothing is written before somebody says where to: see `cimnet_nornir.cli.logs`. A field whose name says that it is a
    secret is masked; no other may hold one.
    """
    logging.getLogger(LOGGER).log(level, "%s", message, extra={_FIELDS: {"event": event, **fields}})


def log_event(stored: "StoredEvent") -> None:
    """Log a stored event in words, with the ids that bind it to its chain."""
    from cimnet_nornir.application.describe import describe

    log(describe(stored.event), event=stored.type, level=_level_of(stored), **event_fields(stored))


def event_fields(stored: "StoredEvent") -> dict[str, object]:
    """What tells where a stored event belongs: its chain, deployment, device and environment, and who is behind it."""
    kind, _, rest = stored.aggregate_id.partition(":")
    found = {
        "position": stored.position,
        "event_id": str(stored.event_id),
        "correlation_id": str(stored.correlation_id),
        "causation_id": str(stored.causation_id),
        "actor": stored.actor,
        "reason": stored.reason,
        "deployment": rest.partition("/")[0] if kind == "deployment" else None,
        "network": getattr(stored.event, "network", None),
        "environment": getattr(stored.event, "environment", None),
        "device": _device_of(stored),
    }
    return {name: value for name, value in found.items() if value is not None}


def _device_of(stored: "StoredEvent") -> str | None:
    named = getattr(stored.event, "device", None)
    if named is None and stored.aggregate_id.startswith("device:"):
        return stored.aggregate_id.rpartition("/")[2]
    return None if named is None else str(named)


def _level_of(stored: "StoredEvent") -> int:
    troubled = stored.type.endswith("ConfigurationFailed") or stored.type == "DriftDetected"
    unreachable = stored.type.endswith("StatusChanged") and getattr(stored.event, "new", "up") != "up"
    return logging.WARNING if troubled or unreachable else logging.INFO


def json_line(record: logging.LogRecord) -> str:
    """A record as one JSON object: `time` (UTC), `level`, `event`, `message`, and its fields."""
    content = {**_head(record), "message": record.getMessage(), **_rest(record)}
    text = json.dumps(content, ensure_ascii=False, default=str)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def text_line(record: logging.LogRecord) -> str:
    """A record as one line for people: time, level, message, and its fields as `name=value`."""
    head = _head(record)
    fields = {
        name: value for name, value in {"event": head["event"], **_rest(record)}.items() if value not in ("", None)
    }
    said = "".join(f" {name}={_value(value)}" for name, value in fields.items())
    line = f"{head['time']} {head['level']}: {record.getMessage()}{said}"
    return _UNSAFE.sub(lambda found: f"\\x{ord(found[0]):02x}", line)


def _head(record: logging.LogRecord) -> dict[str, str]:
    moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    return {
        "time": moment.replace("+00:00", "Z"),
        "level": record.levelname.lower(),
        "event": str(_fields_of(record).get("event", "")),
    }


def _rest(record: logging.LogRecord) -> dict[str, Any]:
    """The fields besides those that every line has; one that is named like a secret is masked."""
    taken = ("time", "level", "event", "message")
    fields = {name: value for name, value in _fields_of(record).items() if name not in taken}
    return {name: "***" if _SECRET.search(name) else value for name, value in fields.items()}


def _fields_of(record: logging.LogRecord) -> Mapping[str, Any]:
    found = getattr(record, _FIELDS, None)
    return found if isinstance(found, dict) else {}


def _value(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
