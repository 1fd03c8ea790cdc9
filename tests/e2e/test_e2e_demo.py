"""`cimnet demo`: the story ends well, and says so when it does not."""

import io
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from cimnet_nornir.cli import demo_command, run

CHAPTERS = (
    "A new project",
    "The definition becomes events",
    "A simulated switch or router for each device",
    "What would have to be sent?",
    "Send it to all",
    "Is it so?",
    "Cameras need a VLAN",
    "A new name for VLAN 20 on all six switches, or on none.",
    "Somebody logs in to acc1",
    "Who put that line there",
    "What happened last?",
)


def told() -> tuple[int, str]:
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with redirect_stdout(out):
        status = run(["demo"])
    out.seek(0)
    return status, out.read()


@pytest.mark.slow
def test_the_demonstration_tells_every_chapter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    status, text = told()
    assert status == 0
    for number, chapter in enumerate(CHAPTERS, start=1):
        assert f"\n{number}. {chapter}" in text
    assert "✓ VLAN 50 is on dist1, dist2 and acc1, and nowhere else" in text
    assert "✓ all six switches run the old name" in text
    assert "transaction: taken back on 5 devices, since acc3 rejected" in text
    assert "✓ all six switches run the new name" in text
    assert "-  description borrowed by Bob" in text
    assert "CHG-1042 cameras" in text
    assert "All of it did what it says" in text
    assert list(tmp_path.iterdir()) == []
    assert Path.cwd() == tmp_path


@pytest.mark.slow
def test_a_step_that_does_not_do_what_it_says_ends_the_demonstration_with_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(demo_command, "CAMERAS", ())
    status, text = told()
    assert status == 1
    assert "✗ VLAN 50 is on dist1, dist2 and acc1, and nowhere else" in text
    assert "wrong: VLAN 50 is on" in text
    assert "All of it did what it says" not in text


@pytest.mark.slow
def test_a_transaction_in_which_nothing_fails_ends_the_demonstration_with_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(demo_command, "REFUSED", "^nothing of the kind")
    status, text = told()
    assert status == 1
    assert "this ended with status 0, and should have with 3" in text
    assert "✗ all six switches run the old name" in text
