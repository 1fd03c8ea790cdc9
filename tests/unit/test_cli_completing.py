"""What the shell completes in a project, and that it stays quiet where there is none."""

from pathlib import Path

import pytest
from click.shell_completion import BashComplete, CompletionItem, FishComplete, ShellComplete, ZshComplete

from cimnet_nornir.cli import cli
from cimnet_nornir.cli.options import Options

ACCESS = ["acc1", "acc2", "acc3", "acc4"]


def completed(line: str, shell: type[ShellComplete] = BashComplete) -> list[CompletionItem]:
    *typed, begun = line.split(" ")
    return shell(cli, {"obj": Options()}, "cimnet", "_CIMNET_COMPLETE").get_completions(typed, begun)


def words(line: str) -> list[str]:
    return [item.value for item in completed(line)]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("plan acc", ACCESS),
        ("plan acc1 acc", ACCESS[1:]),
        ("backup acc", ACCESS),
        ("audit acc", ACCESS),
        ("import acc", ACCESS),
        ("import audit.c", ["audit.cfg"]),
        ("drift acc", ACCESS),
        ("drift re", ["revert"]),
        ("drift a", ["adopt", *ACCESS]),
        ("drift revert acc", ACCESS),
        ("drift ignore acc", ACCESS),
        ("blame dist", ["dist1", "dist2"]),
        ("status --limit r1,!r", ["r1,!r1", "r1,!r2"]),
        ("status --limit group:role__ac", ["group:role__access"]),
        ("apply --canary r", ["r1", "r2"]),
        ("lifecycle maintenance r", ["r1", "r2"]),
        ("waiver grant svi-w", ["svi-without-ports"]),
        ("waiver grant tcp-k", ["tcp-keepalives"]),
        ("history --type VlanR", ["VlanRemoved", "VlanRenamed"]),
        ("plan --project nowhere acc", []),
        ("waiver grant no-such-rule", []),
    ],
)
def test_what_the_project_knows_is_offered(campus: Path, line: str, offered: list[str]) -> None:
    (campus / "audit.cfg").touch()
    assert words(line) == offered


def test_the_last_requests_are_offered_with_what_they_were(campus: Path) -> None:
    (item,) = completed("trace ")
    assert len(item.value) == 8
    assert "asked for: declare" in str(item.help)
    assert words(f"undo {item.value[:3]}") == [item.value]


def test_further_down_the_shell_completes_paths(campus: Path) -> None:
    assert [(item.type, item.value) for item in completed("import inventory/a")] == [("file", "inventory/a")]


@pytest.mark.parametrize("line", ["plan a", "trace ", "waiver grant s", "status --limit a", "drift revert a"])
def test_where_there_is_no_project_nothing_is_offered_and_nothing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert words(line) == []
    assert capsys.readouterr() == ("", "")
    assert list(tmp_path.iterdir()) == []


def test_to_complete_makes_no_store(campus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert words("plan --store sqlite:///other.db acc") == []
    assert not (campus / "other.db").exists()


@pytest.mark.parametrize("shell", [BashComplete, ZshComplete, FishComplete])
def test_each_shell_is_told_in_its_own_form(campus: Path, shell: type[ShellComplete]) -> None:
    told = shell(cli, {"obj": Options()}, "cimnet", "_CIMNET_COMPLETE")
    assert [told.format_completion(item).split()[0] for item in completed("backup acc", shell)] in (
        [f"plain,{name}" for name in ACCESS],
        ["plain"] * len(ACCESS),
    )
