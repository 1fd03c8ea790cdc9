"""Texts on their way to a terminal."""

import io

import click
import pytest

from cimnet_nornir.cli.output import fitted, folded, good, note, say, table


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


BLAME = [
    ["#61 RouterInterfaceConfigured", "ana", "CHG-1042 a reason that somebody wrote in many words", "ip address dhcp"],
    [good("#7 VlanCreated"), "bob", "-", "vlan 10"],
]
HEAD = ("EVENT", "WHO", "WHY", "LINE")


@pytest.mark.parametrize(
    ("columns", "rows"),
    [
        (200, BLAME),
        (
            80,
            [
                ["#61 RouterInterfaceConfigured", "ana", "CHG-1042 a reason that som…", "ip address dhcp"],
                [good("#7 VlanCreated"), "bob", "-", "vlan 10"],
            ],
        ),
        (
            50,
            [
                ["#61 RouterInt…", "ana", "CHG-1042 a…", "ip address dhcp"],
                [good("#7 VlanCreated"), "bob", "-", "vlan 10"],
            ],
        ),
        (
            20,
            [
                ["#61 Route…", "ana", "CHG-1042 a…", "ip address dhcp"],
                ["#7 VlanCr…", "bob", "-", "vlan 10"],
            ],
        ),
    ],
)
def test_what_can_be_spared_is_cut_to_the_terminal(
    monkeypatch: pytest.MonkeyPatch, columns: int, rows: list[list[str]]
) -> None:
    monkeypatch.setattr("sys.stdout", Terminal())
    monkeypatch.setenv("COLUMNS", str(columns))
    assert fitted(BLAME, HEAD, {2: 12, 0: 10}) == rows
    assert fitted([], HEAD, {2: 12}) == []


def test_in_a_pipe_nothing_is_cut(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    assert fitted(BLAME, HEAD, {2: 12}) == BLAME
