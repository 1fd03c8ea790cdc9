"""Settings of a project, and the inventory plugin that Nornir itself loads."""

import gc
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from nornir import InitNornir
from nornir.core.filter import F

from cimnet_nornir.application.project import create_project
from cimnet_nornir.bootstrap import (
    CimnetInventory,
    Settings,
    endpoints_of,
    find_project,
    load_settings,
    open_nornir,
    open_service,
    settings_from,
    with_options,
)
from cimnet_nornir.cli import run
from cimnet_nornir.errors import InvalidInput, NotFound, RenderError, SettingsError
from cimnet_nornir.inventory.builder import NO_LAB, NOT_IN_LAB, CimnetDefaults


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CIMNET_STORE", "CIMNET_ENV", "CIMNET_USERNAME", "CIMNET_PASSWORD", "CIMNET_ENABLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    create_project(tmp_path / "campus")
    monkeypatch.chdir(tmp_path / "campus")
    return tmp_path / "campus"


@pytest.fixture
def declared(project: Path) -> Iterator[Path]:
    assert run(["declare", "inventory/network.yaml"]) == 0
    yield project
    # InitNornir leaves nobody to close the store: it goes with the inventory.
    gc.collect()


def test_a_projects_settings_are_those_of_its_file(project: Path) -> None:
    settings = load_settings(project)
    assert (settings.network, settings.environment, settings.workers) == ("campus", "lab", 20)
    assert settings.store == f"sqlite:///{project}/.cimnet/events.db"
    assert settings.credentials["password"] == "env:CIMNET_PASSWORD"
    assert (settings.lab, settings.known_hosts) == (project / ".cimnet/lab", project / ".cimnet/known_hosts.lab")
    assert load_settings() == settings
    assert find_project(project / "inventory") == project
    assert find_project(project.parent) is None


def test_what_is_given_wins_over_the_environment_and_that_over_the_file(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CIMNET_STORE", "sqlite:///other.db")
    monkeypatch.setenv("CIMNET_ENV", "real")
    settings = load_settings()
    assert (settings.store, settings.environment) == (f"sqlite:///{project}/other.db", "real")
    settings = load_settings(store="memory:", environment="lab")
    assert (settings.store, settings.environment) == ("memory:", "lab")


@pytest.mark.parametrize(
    ("url", "absolute"),
    [
        ("sqlite:///events.db", "sqlite:////project/events.db"),
        ("sqlite:////var/lib/events.db", "sqlite:////var/lib/events.db"),
        ("postgresql://host/db", "postgresql://host/db"),
        ("memory:", "memory:"),
    ],
)
def test_a_relative_path_counts_from_the_project(url: str, absolute: str) -> None:
    assert settings_from(Path("/project"), {"store": url}).store == absolute


def test_the_number_of_workers_is_at_least_one(project: Path) -> None:
    settings = load_settings()
    assert with_options(settings) is settings
    assert with_options(settings, workers=3).workers == 3
    with pytest.raises(SettingsError, match="--workers is 1 or more, not 0"):
        with_options(settings, workers=0)


def test_a_lab_that_is_down_leads_nowhere_and_real_devices_have_their_own_addresses(project: Path) -> None:
    assert endpoints_of(load_settings()) == {}
    assert endpoints_of(load_settings(environment="real")) is None


def test_a_folder_that_cannot_be_written_is_told_in_one_line(project: Path) -> None:
    (project / ".cimnet").write_text("a file where the folder should be")
    with pytest.raises(SettingsError, match=r"\.cimnet: File exists"):
        open_service(load_settings())


def test_templates_that_cannot_be_read_leave_no_store_behind(project: Path) -> None:
    (project / "templates" / "cisco_ios" / "loop.j2").symlink_to("loop.j2")
    with pytest.raises(RenderError):
        open_service(load_settings())
    assert not (project / ".cimnet" / "events.db").exists()


def test_an_option_of_the_credentials_that_is_none_is_told(project: Path) -> None:
    config = project / "inventory" / "config.yaml"
    config.write_text(config.read_text().replace("enable: env:", "enabel: env:"))
    settings = load_settings()
    assert run(["declare", "inventory/network.yaml"]) == 0
    service = open_service(settings)
    try:
        with pytest.raises(SettingsError, match=r"config\.yaml: transform_function_options: .*'enabel'"):
            open_nornir(settings, service)
    finally:
        service.store.close()


# --- Nornir loads it --------------------------------------------------------------------------------------------------


def test_nornir_loads_the_inventory_by_its_name(declared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIMNET_PASSWORD", "of-real-devices")
    nornir = InitNornir(config_file="inventory/config.yaml")
    assert len(nornir.inventory.hosts) == 9
    assert sorted(nornir.filter(F(groups__contains="role__core")).inventory.hosts) == ["r1", "r2"]
    assert {host.hostname for host in nornir.inventory.hosts.values()} == {NO_LAB, NOT_IN_LAB}
    defaults = nornir.inventory.defaults
    assert isinstance(defaults, CimnetDefaults)
    assert defaults.service.network_name == "campus"
    assert "of-real-devices" not in str([host.data for host in nornir.inventory.hosts.values()])
    defaults.service.store.close()


def test_the_operators_place_is_a_setting_from_which_distances_count(declared: Path) -> None:
    def away() -> dict[str, object]:
        nornir = InitNornir(config_file="inventory/config.yaml")
        assert isinstance(nornir.inventory.defaults, CimnetDefaults)
        nornir.inventory.defaults.service.store.close()
        return {name: nornir.inventory.hosts[name]["distance"] for name in ("r1", "dist1", "acc1", "srv1")}

    assert away() == {"r1": 0, "dist1": 1, "acc1": 2, "srv1": 3}
    config = declared / "inventory" / "config.yaml"
    text = config.read_text()
    config.write_text(text.replace("environment: lab", "environment: lab\n    operator: acc1"))
    assert load_settings().operator == "acc1"
    assert away() == {"r1": 2, "dist1": 1, "acc1": 0, "srv1": 3}
    config.write_text(text.replace("environment: lab", "environment: lab\n    operator: 7"))
    with pytest.raises(SettingsError, match="operator is a text, not 7"):
        load_settings()


def test_nornir_shows_the_past(declared: Path) -> None:
    for at, hosts in ((1, 0), ("2", 0), (None, 9)):
        inventory = CimnetInventory(network="campus", at=at).load()
        assert len(inventory.hosts) == hosts
        assert isinstance(inventory.defaults, CimnetDefaults)
        assert inventory.defaults.at == (None if at is None else int(at))
        inventory.defaults.service.store.close()


@pytest.mark.parametrize(("at", "kind"), [("99999", NotFound), ("yesterday", InvalidInput)])
def test_a_moment_that_is_none_is_told_by_the_plugin(declared: Path, at: str, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        CimnetInventory(network="campus", at=at).load()


def test_a_plugin_names_its_project_and_its_environment(declared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    inventory = CimnetInventory(project=str(declared), network="campus", environment="real").load()
    assert inventory.hosts["acc1"].hostname == "10.0.99.11"
    assert isinstance(inventory.defaults, CimnetDefaults)
    inventory.defaults.service.store.close()
    with pytest.raises(SettingsError, match="environment 'prod' is not known"):
        CimnetInventory(environment="prod")


def test_a_relative_key_file_counts_from_the_project(tmp_path: Path) -> None:
    settings = Settings(tmp_path, "memory:", "net", "lab", credentials={"key_file": "keys/id", "agent": True})
    assert settings.credentials_here() == {"key_file": str(tmp_path / "keys" / "id"), "agent": True}
    assert Settings(tmp_path, "memory:", "net", "lab").credentials_here() == {}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (None, (0, "inventory/allowed_signers", {})),
        ({}, (0, "inventory/allowed_signers", {})),
        ({"required": 2}, (2, "inventory/allowed_signers", {})),
        ({"allowed_signers": "/etc/cimnet/signers", "required": 1}, (1, "/etc/cimnet/signers", {})),
        ({"signers": {"ann": "a.smith@example.net"}}, (0, "inventory/allowed_signers", {"ann": "a.smith@example.net"})),
    ],
)
def test_a_project_says_who_approves_plans(said: object, expected: tuple[int, str, dict[str, str]]) -> None:
    settings = settings_from(Path("/project"), {"approval": said})
    required, file, signers = expected
    assert (settings.approval.required, settings.approval.signers) == (required, signers)
    assert settings.allowed_signers == Path("/project") / file


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (1, "is a mapping like {required: 1}, not 1"),
        ({"require": 1}, "has no require; it has required, allowed_signers, signers"),
        ({"required": True}, "required is a number from 0, not True"),
        ({"required": -1}, "required is a number from 0, not -1"),
        ({"required": "1"}, "required is a number from 0, not '1'"),
        ({"allowed_signers": ["a"]}, "allowed_signers is the path of a file, not ['a']"),
        ({"signers": ["ann"]}, "signers maps an actor to a principal"),
        ({"signers": {"ann": None}}, "signers maps an actor to a principal"),
    ],
)
def test_a_wrong_setting_of_approval_is_told_in_one_line(said: object, words: str) -> None:
    with pytest.raises(SettingsError) as refused:
        settings_from(Path("/project"), {"approval": said})
    assert refused.value.message.startswith(f"inventory/config.yaml: approval: {words}")


def test_observations_are_kept_for_a_week_unless_told_otherwise() -> None:
    assert settings_from(Path("/project"), {}).observations.keep == timedelta(days=7)
    said = {"observations": {"keep_days": 0.5}}
    assert settings_from(Path("/project"), said).observations.keep == timedelta(hours=12)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (7, "is a mapping like {keep_days: 7}, not 7"),
        ({"days": 7}, "has no days; it has keep_days"),
        ({"keep_days": 0}, "keep_days is a number of days, more than 0 and at most 3650, not 0"),
        ({"keep_days": True}, "keep_days is a number of days, more than 0 and at most 3650, not True"),
        ({"keep_days": "a week"}, "keep_days is a number of days, more than 0 and at most 3650, not 'a week'"),
    ],
)
def test_a_wrong_setting_of_observations_is_told_in_one_line(said: object, words: str) -> None:
    with pytest.raises(SettingsError) as refused:
        settings_from(Path("/project"), {"observations": said})
    assert refused.value.message == f"inventory/config.yaml: observations: {words}"


def test_options_of_a_runbook_do_not_take_the_requirement_away(declared: Path) -> None:
    config = declared / "inventory" / "config.yaml"
    text = config.read_text(encoding="utf-8")
    config.write_text(
        text.replace("    environment:", "    approval: {required: 2}\n    environment:"), encoding="utf-8"
    )
    for options in ({}, {"approval": {"required": 0}}, {"approval": None}):
        inventory = CimnetInventory(network="campus", **options).load()
        assert isinstance(inventory.defaults, CimnetDefaults)
        service = inventory.defaults.service
        assert service.approval.policy.required == 2
        service.store.close()


def test_a_runbook_of_another_folder_says_itself_what_it_requires(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    inventory = CimnetInventory(network="campus", approval={"required": 1}).load()
    assert isinstance(inventory.defaults, CimnetDefaults)
    assert inventory.defaults.service.approval.policy.required == 1
    inventory.defaults.service.store.close()
