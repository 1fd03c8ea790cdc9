"""The folder of generated files: only what differs is written, all or nothing, and nobody else's files are touched."""

import resource
import signal
from pathlib import Path

import pytest

from cimnet_nornir.errors import InvalidInput
from cimnet_nornir.nix.folder import generated_files, write_folder
from cimnet_nornir.nix.marks import MARK, is_marked, marked

HEAD = f"# {MARK}\n".encode()


def of_ours(**texts: str) -> dict[str, bytes]:
    return {f"hosts/{name}.nix": HEAD + text.encode() for name, text in texts.items()}


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_only_what_differs_is_written(tmp_path: Path) -> None:
    write_folder(tmp_path, of_ours(a="1", b="2"))
    before = (tmp_path / "hosts/a.nix").stat()
    written = write_folder(tmp_path, of_ours(a="1", b="3", c="4"))
    assert (written.created, written.changed, written.removed) == (("hosts/c.nix",), ("hosts/b.nix",), ())
    assert written.kept == ("hosts/a.nix",)
    after = (tmp_path / "hosts/a.nix").stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)
    assert content(tmp_path) == of_ours(a="1", b="3", c="4")


def test_what_is_no_longer_wanted_goes_with_its_folder(tmp_path: Path) -> None:
    write_folder(tmp_path, {"hosts/h/install.sh": marked("install.sh", "#!/bin/sh\n").encode(), **of_ours(a="1")})
    assert write_folder(tmp_path, of_ours(a="1")).removed == ("hosts/h/install.sh",)
    assert [path.name for path in (tmp_path / "hosts").iterdir()] == ["a.nix"]


def test_files_of_others_stay_as_they_are(tmp_path: Path) -> None:
    foreign = {"site/common.nix": HEAD, "hosts/mine.nix": b"{ }", "flake.lock": b"{}", "deep/hosts/a.nix": HEAD}
    for name, text in foreign.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(text)
    assert write_folder(tmp_path, of_ours(a="1")).removed == ()
    assert content(tmp_path) == {**foreign, **of_ours(a="1")}


def test_a_file_in_the_way_that_was_not_generated_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "hosts").mkdir()
    (tmp_path / "hosts/b.nix").write_text("{ }")
    with pytest.raises(InvalidInput, match=r"b\.nix was not generated, and is left alone; .* -o DIR"):
        write_folder(tmp_path, of_ours(a="1", b="2"))
    assert content(tmp_path) == {"hosts/b.nix": b"{ }"}


def test_a_link_in_the_way_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(HEAD)
    (tmp_path / "nix/hosts").mkdir(parents=True)
    (tmp_path / "nix/hosts/a.nix").symlink_to(elsewhere)
    with pytest.raises(InvalidInput, match="was not generated"):
        write_folder(tmp_path / "nix", of_ours(a="1"))
    assert elsewhere.read_bytes() == HEAD


def test_a_folder_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    elsewhere = {"gone.nix": HEAD, "a.nix": HEAD}
    (tmp_path / "elsewhere").mkdir()
    for name, text in elsewhere.items():
        (tmp_path / "elsewhere" / name).write_bytes(text)
    (tmp_path / "nix").mkdir()
    (tmp_path / "nix/hosts").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InvalidInput, match="was not generated"):
        write_folder(tmp_path / "nix", of_ours(a="1"))
    assert write_folder(tmp_path / "nix", {"flake.nix": HEAD}).removed == ()
    assert content(tmp_path / "elsewhere") == elsewhere


def test_some_files_alone_leave_the_others(tmp_path: Path) -> None:
    write_folder(tmp_path, of_ours(a="1", b="2"))
    assert write_folder(tmp_path, of_ours(b="3"), whole=False).removed == ()
    assert content(tmp_path) == of_ours(a="1", b="3")


def test_a_full_disk_leaves_everything_as_it_was(tmp_path: Path) -> None:
    write_folder(tmp_path, of_ours(a="1", b="2"))
    before = content(tmp_path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # A limit on the size of files is what a full disk is: writing fails in the middle.
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(InvalidInput, match="File too large; nothing was changed"):
            write_folder(tmp_path, of_ours(a="changed", z="x" * 10_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, ignored)
    assert content(tmp_path) == before


def test_what_a_killed_run_left_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / ".cimnet-abc/hosts").mkdir(parents=True)
    (tmp_path / ".cimnet-abc/hosts/a.nix").write_bytes(HEAD)
    write_folder(tmp_path, of_ours(a="1"))
    assert content(tmp_path) == of_ours(a="1")


def test_a_folder_that_cannot_be_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InvalidInput, match="nothing was changed") as caught:
        write_folder(tmp_path / "file" / "nix", of_ours(a="1"))
    assert "\n" not in caught.value.message


def test_scripts_can_be_run(tmp_path: Path) -> None:
    write_folder(tmp_path, {"hosts/h/install.sh": marked("install.sh", "#!/bin/sh\n").encode(), **of_ours(a="1")})
    assert (tmp_path / "hosts/h/install.sh").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "hosts/a.nix").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    ("name", "text", "first"),
    [
        ("a.netdev", "[NetDev]\n", "# "),
        ("a.sh", "#!/bin/sh\nset -eu\n", "#!/bin/sh\n# "),
        ("a.ps1", "New-VMSwitch\n", "# "),
        ("a.cfg", "hostname r1\n", "! "),
        ("a.md", "# Title\n", "<!-- "),
        ("a.xml", '<?xml version="1.0"?>\n<network/>\n', '<?xml version="1.0"?>\n<!-- '),
    ],
)
def test_the_mark_is_a_comment_of_the_kind_of_file(name: str, text: str, first: str) -> None:
    found = marked(name, text)
    assert found.startswith(f"{first}{MARK}")
    assert is_marked(found.encode())
    assert marked(name, found) == found
    assert not is_marked(text.encode())


def test_a_mark_far_down_makes_no_file_ours(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text(f"one\ntwo\nthree\n{MARK}\n")
    assert list(generated_files(tmp_path)) == []
