"""What a project says of the hosts that it deploys to, and how each is reached by that."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from nornir import InitNornir

from cimnet_nornir.application.project import create_project
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.bootstrap import HostSettings, Settings, load_settings, open_service
from cimnet_nornir.bootstrap.host_settings import host_settings
from cimnet_nornir.bootstrap.hosts import hosts_of, managed_hosts
from cimnet_nornir.cli import run
from cimnet_nornir.domain.events import LocalTarget, RemoteTarget
from cimnet_nornir.errors import DeviceUnreachable, SettingsError
from cimnet_nornir.nix.port import VerbSeconds
from cimnet_nornir.nix.ways import LocalWay, SshWay

OPTIONS = "    environment: lab"


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CIMNET_STORE", "CIMNET_ENV"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example, declared; its settings name no host yet."""
    create_project(tmp_path / "campus")
    monkeypatch.chdir(tmp_path / "campus")
    assert run(["declare", "inventory/network.yaml"]) == 0
    return tmp_path / "campus"


def settings_with(project: Path, *lines: str, environment: str = "real") -> Settings:
    """The project's settings with lines added to the options of its inventory."""
    config = project / "inventory" / "config.yaml"
    text = config.read_text(encoding="utf-8")
    assert OPTIONS in text
    config.write_text(text.replace(OPTIONS, "".join(f"    {line}\n" for line in lines) + OPTIONS), encoding="utf-8")
    return load_settings(project, environment=environment)


@pytest.fixture
def service(project: Path) -> Iterator[NetworkService]:
    service = open_service(load_settings(project, environment="real"))
    yield service
    service.store.close()


def way_of(settings: Settings, service: NetworkService) -> SshWay | LocalWay:
    hosts = hosts_of(settings, lambda: service)
    assert hosts is not None
    with hosts.session("srv1") as session:
        assert isinstance(session.way, SshWay | LocalWay)
        return session.way


def test_without_hosts_in_the_settings_none_is_deployed_to(project: Path, service: NetworkService) -> None:
    settings = load_settings(project)
    assert settings.hosts == {}
    assert hosts_of(settings, lambda: service) is None
    assert not service.manages("srv1")
    with pytest.raises(SettingsError, match=r"inventory/config.yaml names none under hosts"):
        _ = service.host_port


def test_a_host_is_reached_at_its_management_address_as_root(project: Path, service: NetworkService) -> None:
    settings = settings_with(project, "hosts: {srv1: }", "timeouts: {connect: 7, read: 8, build: 9, activate: 10}")
    way = way_of(settings, service)
    assert isinstance(way, SshWay)
    assert (way.name, way.address, way.user, way.port, way.sudo) == ("srv1", "10.0.100.10", "root", 22, False)
    assert (way.target, way.connect_seconds) == (RemoteTarget(host="10.0.100.10", user="root"), 7)
    assert way.config_file is None, "the user's own SSH configuration counts"
    assert way.known_hosts == project / ".cimnet/known_hosts.real.hosts/srv1.nixos"
    assert way.known_hosts.read_text() == "", "no key is pinned yet"
    hosts = hosts_of(settings, lambda: service)
    assert hosts is not None
    assert (hosts.manages("srv1"), hosts.manages("acc1")) == (True, False)
    with hosts.session("srv1") as session:
        assert session.seconds == VerbSeconds(answer=8, build=9, activate=10)


def test_all_that_can_be_said_of_a_host_counts(project: Path, service: NetworkService) -> None:
    settings = settings_with(
        project,
        "hosts:",
        "  srv1:",
        "    {address: srv1.example.net, user: deploy, port: 2222, sudo: true, identity: keys/id, jump: ann@gate:22}",
    )
    way = way_of(settings, service)
    assert isinstance(way, SshWay)
    assert (way.address, way.user, way.port, way.sudo) == ("srv1.example.net", "deploy", 2222, True)
    assert (way.identity, way.jump) == (project / "keys/id", "ann@gate:22")
    assert way.target == RemoteTarget(host="srv1.example.net", user="deploy")


def test_a_host_may_be_this_machine(project: Path, service: NetworkService) -> None:
    way = way_of(settings_with(project, "hosts: {srv1: {local: true, sudo: true}}"), service)
    assert way == LocalWay("srv1", LocalTarget(), sudo=True)


def test_the_lab_is_never_anything_but_the_lab(project: Path, service: NetworkService) -> None:
    settings = settings_with(project, "hosts: {srv1: {address: 192.0.2.1, local: true}}", environment="lab")
    with pytest.raises(DeviceUnreachable, match="no lab is up; start one: cimnet lab up"):
        way_of(settings, service)


def test_a_host_without_an_address_says_where_to_write_one(project: Path) -> None:
    network = project / "inventory" / "network.yaml"
    text = network.read_text(encoding="utf-8")
    # A server without containers: those on a VLAN need its address.
    network.write_text(
        text.replace(
            "  srv1:\n    kind: host\n", "  srv9:\n    kind: host\n    role: server\n\n  srv1:\n    kind: host\n"
        ),
        encoding="utf-8",
    )
    assert run(["declare", "inventory/network.yaml"]) == 0
    service = open_service(settings_with(project, "hosts: {srv9: {}}"))
    try:
        with pytest.raises(DeviceUnreachable, match="srv9 has no address: declare its management address, or name one"):
            service.host_port.session("srv9").__enter__()
    finally:
        service.store.close()


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("srv2", "there is no host 'srv2' in the network; its hosts: srv1"),
        ("acc1", "acc1 is a network device, and no host; its hosts: srv1"),
    ],
)
def test_a_name_that_is_no_hosts_is_told(project: Path, service: NetworkService, name: str, why: str) -> None:
    settings = settings_with(project, f"hosts: {{srv1: {{}}, {name}: {{}}}}")
    with pytest.raises(SettingsError, match=f"inventory/config.yaml: hosts: {why}"):
        managed_hosts(settings, service)


def test_hosts_are_looked_up_anew_once_the_intent_has_changed(project: Path) -> None:
    service = open_service(settings_with(project, "hosts: {srv1: {}}"))
    try:
        assert service.manages("srv1")
        text = (project / "inventory" / "network.yaml").read_text(encoding="utf-8")
        changed = text.replace("management: 10.0.100.10", "management: 10.0.100.11")
        (project / "inventory" / "network.yaml").write_text(changed, encoding="utf-8")
        assert run(["declare", "inventory/network.yaml"]) == 0
        with service.host_port.session("srv1") as session:
            assert session.target == RemoteTarget(host="10.0.100.11", user="root")
    finally:
        service.store.close()


def test_before_anything_is_declared_no_host_is_known(tmp_path: Path) -> None:
    create_project(tmp_path / "new")
    settings = settings_with(tmp_path / "new", "hosts: {srv1: {}}")
    service = open_service(settings)
    try:
        assert managed_hosts(settings, service) == {}
        assert not service.manages("srv1")
    finally:
        service.store.close()


def test_nornir_itself_takes_the_option(project: Path) -> None:
    settings_with(project, "hosts: {srv1: {}}")
    nornir = InitNornir(config_file="inventory/config.yaml")
    try:
        assert nornir.inventory.defaults.service.manages("srv1")  # type: ignore[attr-defined]  # of CimnetDefaults
    finally:
        nornir.inventory.defaults.service.store.close()  # type: ignore[attr-defined]  # the same


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ("srv1", "a mapping of host names is wanted, like {srv1: {user: root}}, not 'srv1'"),
        ({1: {}}, "a mapping of host names is wanted"),
        ({"srv1": "root"}, "srv1 is a mapping like {user: root}, not 'root'"),
        ({"srv1": {"usr": "x"}}, "srv1 has no usr; it has address, user, port, sudo, identity, jump, local"),
        ({"srv1": {"port": 0}}, "srv1: port is a number from 1 to 65535, not 0"),
        ({"srv1": {"port": True}}, "srv1: port is a number"),
        ({"srv1": {"port": "22"}}, "srv1: port is a number"),
        ({"srv1": {"sudo": "yes"}}, "srv1: sudo is true or false, not 'yes'"),
        ({"srv1": {"local": 1}}, "srv1: local is true or false, not 1"),
        ({"srv1": {"address": "-oProxyCommand=id"}}, "srv1: address is one word without '@' that does not begin"),
        ({"srv1": {"address": "a b"}}, "srv1: address is one word"),
        ({"srv1": {"user": "root@there"}}, "srv1: user is one word"),
        ({"srv1": {"user": ""}}, "srv1: user is one word"),
        ({"srv1": {"jump": "-x"}}, "srv1: jump is a jump host like user@gate.example.net:22, not '-x'"),
        ({"srv1": {"identity": 5}}, "srv1: identity is the path of a private key, not 5"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(options: object, why: str) -> None:
    with pytest.raises(SettingsError) as raised:
        host_settings(options)
    assert raised.value.message.startswith(f"inventory/config.yaml: hosts: {why}")


def test_a_target_of_the_command_line_goes_before_the_settings() -> None:
    said = HostSettings(address="192.0.2.1", user="deploy", sudo=True, local=True)
    assert said.at("admin@192.0.2.9") == HostSettings(address="192.0.2.9", user="admin", sudo=True)
    assert said.at("192.0.2.9").user == "deploy"
    for wrong in ("", "a@", "@b", "-o", "a b", "x@-o"):
        with pytest.raises(SettingsError, match="is no target; it is user@host or host"):
            said.at(wrong)
