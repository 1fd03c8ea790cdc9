"""Files of secrets that came in with configurations: for the owner alone, gone again where nothing came of it."""

import stat
from pathlib import Path

import pytest

from cimnet_nornir.application.project import create_project
from cimnet_nornir.bootstrap import Settings, load_settings, write_secrets
from cimnet_nornir.errors import RuleViolated, SettingsError

SECRETS = {"file:inventory/secrets/r1/enable-secret": "9 $9$abc"}
FILE = Path("inventory") / "secrets" / "r1" / "enable-secret"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    create_project(tmp_path / "lan")
    return load_settings(tmp_path / "lan")


def test_secrets_are_written_where_their_references_say(settings: Settings) -> None:
    with write_secrets(settings, SECRETS) as new:
        assert new == (settings.project / FILE,)
    assert (settings.project / FILE).read_text() == "9 $9$abc\n"
    assert stat.S_IMODE((settings.project / FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE((settings.project / FILE).parent.stat().st_mode) == 0o700


def test_a_file_that_is_there_stays_as_it_is(settings: Settings) -> None:
    with write_secrets(settings, SECRETS):
        pass
    (settings.project / FILE).write_text("mine\n")
    with write_secrets(settings, SECRETS) as new:
        assert new == ()
    assert (settings.project / FILE).read_text() == "mine\n"


def refused(settings: Settings) -> None:
    with write_secrets(settings, SECRETS):
        raise RuleViolated("refused", subject="r1")


def test_where_nothing_came_of_it_new_files_go_again(settings: Settings) -> None:
    with pytest.raises(RuleViolated, match="refused"):
        refused(settings)
    assert not (settings.project / FILE).exists()


def test_git_is_told_once_to_leave_them_out_also_in_an_older_project(settings: Settings) -> None:
    ignore = settings.project / ".gitignore"
    ignore.write_text(".cimnet/\n")
    for _ in range(2):
        with write_secrets(settings, SECRETS):
            pass
    assert ignore.read_text().splitlines().count("inventory/secrets/") == 1
    assert ignore.read_text().startswith(".cimnet/\n")


def test_without_secrets_nothing_is_touched(settings: Settings) -> None:
    (settings.project / ".gitignore").unlink()
    with write_secrets(settings, {}) as new:
        assert new == ()
    assert not (settings.project / ".gitignore").exists()


def test_a_folder_that_cannot_be_made_is_told(settings: Settings) -> None:
    (settings.project / "inventory" / "secrets").write_text("in the way")
    with pytest.raises(SettingsError, match="secrets"), write_secrets(settings, SECRETS):
        pass
