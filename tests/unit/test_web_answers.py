"""Answers that are made once, and errors as HTTP knows them."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from cimnet_nornir import errors
from cimnet_nornir.web.answers import Answers
from cimnet_nornir.web.problems import status_of


def test_of_many_who_ask_at_once_one_makes_the_answer() -> None:
    answers = Answers()
    made: list[int] = []
    together = threading.Barrier(10)

    def make() -> bytes:
        made.append(1)
        return b"answer"

    def ask(_: int) -> bytes:
        together.wait()
        return answers.get("question", '"1"', make).raw

    with ThreadPoolExecutor(10) as pool:
        assert set(pool.map(ask, range(10))) == {b"answer"}
    assert made == [1]
    assert answers.get("question", '"2"', lambda: b"another").raw == b"another"


def test_an_answer_that_cannot_be_made_is_made_by_the_next() -> None:
    answers = Answers()

    def fail() -> bytes:
        raise errors.NotFound("not there")

    with pytest.raises(errors.NotFound):
        answers.get("question", '"1"', fail)
    assert answers.get("question", '"1"', lambda: b"there").raw == b"there"


def test_nothing_is_left_of_questions_that_were_answered_once_more() -> None:
    answers = Answers(most=10)
    for number in range(100):
        for _ in range(3):
            answers.get("question", str(number), lambda: b"answer")
    assert answers._busy == {}


def test_the_oldest_answers_are_forgotten() -> None:
    answers = Answers(most=2_500)
    made: list[str] = []

    def ask(question: str) -> None:
        def make() -> bytes:
            made.append(question)
            return question.encode() * 1_000

        answers.get(question, '"1"', make)

    for question in ("a", "b", "a", "c", "a", "b"):
        ask(question)
    assert made == ["a", "b", "c", "b"]
    assert answers.get("huge", '"1"', lambda: b"y" * 9_000).raw == b"y" * 9_000


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.DeviceNotFound("x"), 404),
        (errors.InvalidInput("x"), 400),
        (errors.ApprovalMissing("x"), 409),
        (errors.ValidationRefused("x", subject="", problems=()), 422),
        (errors.StoreUnavailable("x"), 503),
        (errors.DeviceUnreachable("x"), 503),
        (errors.ConcurrencyConflict("x"), 409),
        (errors.LeaseHeld("x", subject="", holder=""), 409),
        (errors.RenderError("x"), 500),
    ],
)
def test_an_error_has_the_status_that_it_means(error: errors.CimnetError, status: int) -> None:
    assert status_of(error) == status
