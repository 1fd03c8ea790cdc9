"""Public keys at the simulated devices: they let in without a password, and nobody past the enable secret."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import paramiko
import pytest
from netmiko import ConnectHandler
from netmiko.base_connection import BaseConnection

from cimnet_nornir.errors import InvalidInput
from cimnet_nornir.lab.spec import LabCredentials, LabDevice, LabSpec
from cimnet_nornir.lab.thread import RunningLab, running_lab


def key_in(folder: Path, name: str) -> Path:
    """A new private key in a file."""
    path = folder / name
    paramiko.ECDSAKey.generate().write_private_key_file(str(path))
    return path


def public_line(path: Path) -> str:
    key = paramiko.PKey.from_path(path)
    return f"{key.get_name()} {key.get_base64()} somebody@example.net"


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """The private key that the lab lets in."""
    return key_in(tmp_path, "id_known")


@pytest.fixture
def lab(tmp_path: Path, key: Path) -> Iterator[RunningLab]:
    credentials = LabCredentials("admin", "login-word", "enable-word", (public_line(key),))
    with running_lab(LabSpec((LabDevice("SW1", "ios", "switch", ("Gi0/1",)),), (), credentials), tmp_path) as lab:
        yield lab


def by_key(lab: RunningLab, key: Path) -> BaseConnection:
    """A session by key and nothing else."""
    endpoint = lab.devices["SW1"]
    return ConnectHandler(
        device_type="cisco_ios",
        host=endpoint.host,
        port=endpoint.port,
        username="admin",
        use_keys=True,
        key_file=str(key),
        secret="enable-word",
    )


def test_a_key_lets_into_user_mode_and_the_secret_beyond(lab: RunningLab, key: Path) -> None:
    with by_key(lab, key) as connection:
        assert connection.find_prompt() == "SW1>"
        assert not connection.check_enable_mode()
        connection.enable()
        assert connection.find_prompt() == "SW1#"


def test_a_key_does_not_replace_the_enable_secret(lab: RunningLab, key: Path) -> None:
    with by_key(lab, key) as connection:
        connection.secret = "guessed"
        with pytest.raises(ValueError, match="Failed to enter enable mode"):
            connection.enable()


def refused(lab: RunningLab, key: Path, username: str) -> list[str]:
    """What the device takes after it refused the key: a plain refusal says nothing against keys as such."""
    endpoint = lab.devices["SW1"]
    with closing(paramiko.Transport((endpoint.host, endpoint.port))) as transport:
        transport.start_client(timeout=10)
        with pytest.raises(paramiko.AuthenticationException) as error:
            transport.auth_publickey(username, paramiko.PKey.from_path(key))
        return getattr(error.value, "allowed_types", ["publickey"])


def test_another_key_and_another_user_are_refused(lab: RunningLab, key: Path, tmp_path: Path) -> None:
    assert "publickey" in refused(lab, key_in(tmp_path, "id_other"), "admin")
    assert "publickey" in refused(lab, key, "bob")


def test_a_lab_without_keys_offers_passwords_only(tmp_path: Path) -> None:
    spec = LabSpec((LabDevice("SW1", "ios", "switch", ()),), (), LabCredentials("admin", "login-word"))
    with running_lab(spec, tmp_path) as lab:
        assert "publickey" not in refused(lab, key_in(tmp_path, "id_any"), "admin")


def test_keys_are_kept_with_the_lab_and_older_labs_have_none(key: Path) -> None:
    spec = LabSpec((), (), LabCredentials("admin", "login-word", "enable-word", (public_line(key),)))
    assert LabSpec.from_json(spec.to_json()) == spec
    older = json.loads(spec.to_json())
    del older["credentials"]["authorized_keys"]
    assert LabSpec.from_json(json.dumps(older)).credentials == LabCredentials("admin", "login-word", "enable-word")


@pytest.mark.parametrize("line", ["", "ssh-ed25519", "ssh-ed25519 ???", "ssh-ed25519 AAAA", "ssh-rsa é"])
def test_what_is_no_public_key_is_refused(line: str) -> None:
    with pytest.raises(InvalidInput, match="this is no SSH public key"):
        LabCredentials("admin", "login-word", authorized_keys=(line,))
