"""Structured logs: one line an event, whatever stands in it, and nothing that is secret."""

import json
import logging
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cimnet_nornir.application.logs import event_fields, json_line, log, log_event, text_line
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.cli.logs import LogFormat, logging_to_stderr


@pytest.fixture
def records() -> Iterator[list[logging.LogRecord]]:
    """What is logged while the test runs."""
    found: list[logging.LogRecord] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(record)

    handler = Keeping()
    logger = logging.getLogger("cimnet")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield found
    logger.removeHandler(handler)
    logger.setLevel(logging.NOTSET)


def one(records: list[logging.LogRecord]) -> dict[str, Any]:
    """The only record, as it is written in JSON."""
    (record,) = records
    line = json_line(record)
    assert len(line.splitlines()) == 1
    found: dict[str, Any] = json.loads(line)
    return found


def test_a_line_has_time_level_event_message_and_its_fields(records: list[logging.LogRecord]) -> None:
    log("GET /devices: 200", event="request", correlation_id=UUID(int=1), seconds=0.25, device="acc1")
    said = one(records)
    assert said.pop("time").endswith("Z")
    assert said == {
        "level": "info",
        "event": "request",
        "message": "GET /devices: 200",
        "correlation_id": str(UUID(int=1)),
        "seconds": 0.25,
        "device": "acc1",
    }


def test_people_read_the_same_in_one_line(records: list[logging.LogRecord]) -> None:
    log("could not be reached", level=logging.WARNING, device="acc1", reason="no route to host")
    time, rest = text_line(records[0]).split(" ", 1)
    assert time.endswith("Z")
    assert rest == 'warning: could not be reached device=acc1 reason="no route to host"'


@pytest.mark.parametrize("name", ["token", "password", "client_secret", "Authorization", "cookie", "api_token"])
def test_a_field_that_is_named_like_a_secret_is_masked(records: list[logging.LogRecord], name: str) -> None:
    fields: dict[str, Any] = {name: "hunter2"}
    log("logged in", **fields)
    assert "hunter2" not in json_line(records[0]) + text_line(records[0])
    assert one(records)[name] == "***"


def test_a_field_cannot_pass_for_another_line_or_message(records: list[logging.LogRecord]) -> None:
    log("asked for %s", time="never", path='/"}\n{"level": "error"}')
    said = one(records)
    assert said["message"] == "asked for %s"
    assert said["time"] != "never"
    assert said["path"] == '/"}\n{"level": "error"}'
    assert len(text_line(records[0]).splitlines()) == 1


@given(text=st.text(alphabet=st.characters(exclude_categories=())))
def test_whatever_a_device_says_is_one_line_that_can_be_read_back(text: str) -> None:
    record = logging.LogRecord("cimnet", logging.INFO, "", 0, "%s", (text,), None)
    record.cimnet_fields = {"event": "", "said": text}
    for line in (json_line(record), text_line(record)):
        assert len((line + "x").splitlines()) == 1
        line.encode()
    assert json.loads(json_line(record))["said"] == text
    assert not any(character < " " or "\x7f" <= character <= "\x9f" for character in text_line(record))


def test_a_stored_event_is_logged_in_words_with_the_ids_of_its_chain(
    small: NetworkService, records: list[logging.LogRecord]
) -> None:
    (created,) = small.store.read_all(types=("VlanCreated",))
    log_event(created)
    said = one(records)
    assert said["message"] == "VLAN 10 (users) created"
    assert said["event"] == "VlanCreated"
    assert said["level"] == "info"
    assert {name: said[name] for name in ("device", "actor", "reason", "position")} == {
        "device": "sw1",
        "actor": "ann",
        "reason": "CHG-1",
        "position": created.position,
    }
    assert said["correlation_id"] == str(created.correlation_id)
    assert said["causation_id"] == str(created.causation_id)
    assert set(event_fields(created)) <= said.keys()


@pytest.mark.parametrize(("log_format", "begins"), [("json", '{"time": "'), ("text", "20")])
def test_the_log_goes_to_stderr_while_somebody_says_so(
    capsys: pytest.CaptureFixture[str], log_format: LogFormat, begins: str
) -> None:
    log("before")
    with logging_to_stderr(log_format):
        log("while")
        log("not asked for", level=logging.DEBUG)
    log("after")
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(begins)
    assert [word for word in ("before", "while", "not asked for", "after") if word in err] == ["while"]


def test_debugging_is_logged_where_it_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    with logging_to_stderr("text", verbose=True):
        log("GET /", level=logging.DEBUG)
    assert "debug: GET /" in capsys.readouterr().err
