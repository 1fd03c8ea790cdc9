"""Texts on their way to a terminal."""

import io

import click
import pytest

from cimnet_nornir.cli.output import folded, good, note, say, table


def test_what_a_device_said_tells_the_terminal_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    hostile = "title \x1b]0;owned\x07 erased \x1b[2J \x9b1A back\rspace\x08"
    say(hostile)
    note(hostile)
    shown = "title \\x1b]0;owned\\x07 erased \\x1b[2J \\x9b1A back\\x0dspace\\x08\n"
    assert capsys.readouterr() == (shown, shown)


def test_lines_tabs_and_letters_of_any_language_stay(capsys: pytest.CaptureFixture[str]) -> None:
    text = "Büro\t日本 …\nsecond line"
    say(text)
    assert capsys.readouterr().out == f"{text}\n"


def test_colours_of_our_own_stay_at_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with click.Context(click.Command("any"), color=True):
        say(good("applied"))
    assert capsys.readouterr().out == "\x1b[32mapplied\x1b[0m\n"


ROWS = [("acc1 Gi1/0/23", good("ok"), "-"), ("acc4 Gi1/0/21", "unknown", "acc4 Gi1/0/21 is not up; srv1 was not asked")]


class Terminal(io.StringIO):
    """What stdout is where somebody looks at it."""

    def isatty(self) -> bool:
        return True


def test_a_long_cell_is_folded_at_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", Terminal())
    monkeypatch.setenv("COLUMNS", "50")
    lines = [click.unstyle(line) for line in table(ROWS, ("A", "CABLE", "WHY"), fold=True)]
    assert lines == [
        "A              CABLE    WHY",
        "acc1 Gi1/0/23  ok       -",
        "acc4 Gi1/0/21  unknown  acc4 Gi1/0/21 is not up;",
        "                        srv1 was not asked",
    ]
    monkeypatch.setenv("COLUMNS", "30")
    assert len(list(table(ROWS, fold=True))) == 2
    monkeypatch.setenv("COLUMNS", "80")
    assert len(list(table(ROWS, fold=True))) == 2
    assert folded(" " * 200, 0) == [" " * 200]


def test_in_a_pipe_a_row_stays_a_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    assert len(list(table(ROWS, fold=True))) == 2
