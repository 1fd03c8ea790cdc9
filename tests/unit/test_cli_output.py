"""Texts on their way to a terminal."""

import click
import pytest

from cimnet_nornir.cli.output import good, note, say


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
