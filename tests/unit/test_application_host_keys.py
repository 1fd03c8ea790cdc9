"""SSH host keys: fingerprints as OpenSSH shows them, and pins as events."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from cimnet_nornir.application.host_keys import fingerprint, pin_host_keys
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.errors import InvalidValue

ServiceMaker = Callable[..., NetworkService]
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIADRGNRefiJJxlN39usKM9LuiiOfYh2jZOT1AxqL5akE"
OTHER = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBDRGNRefiJJxlN39usKM9LuiiOfYh2jZOT1AxqL5akE"


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")
@pytest.mark.parametrize(("kind", "bits"), [("ed25519", "256"), ("rsa", "2048"), ("ecdsa", "256")])
def test_a_fingerprint_is_the_one_that_ssh_keygen_shows(tmp_path: Path, kind: str, bits: str) -> None:
    file = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-b", bits, "-N", "", "-f", file], check=True)
    public = file.with_suffix(".pub")
    shown = subprocess.run(["ssh-keygen", "-lf", public], check=True, capture_output=True, text=True).stdout
    assert fingerprint(public.read_text()) == shown.split()[1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ssh-ed25519",
        "ssh-ed25519 ?",
        "ssh-ed25519 AAAA",
        "hello word",
        "ssh-rsa é",
        KEY.replace("ssh-ed25519", "ssh-rsa", 1),
    ],
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="this is no SSH public key; it looks like: ssh-ed25519 AAAA…"):
        fingerprint(text)


def test_keys_are_pinned_once_and_for_their_environment(small: NetworkService, service_of: ServiceMaker) -> None:
    result = pin_host_keys(small, {"sw1": f"{KEY} of sw1", "r1": OTHER, "gone": KEY}, command="trust")
    assert [event.type for event in result.events] == ["ChangeRequested", "HostKeyPinned", "HostKeyPinned"]
    assert {host.name: host.host_key for host in small.hosts()} == {"sw1": KEY, "r1": OTHER, "sw2": None}
    assert pin_host_keys(small, {"sw1": f"{KEY} another comment"}, command="trust").events == ()
    assert {host.host_key for host in service_of(small.store, environment="real").hosts()} == {None}
    assert len(pin_host_keys(small, {"sw1": OTHER}, command="trust").events) == 2
    assert small.network().devices["sw1"].host_keys == {"lab": OTHER}


def test_a_key_that_is_none_pins_nothing(small: NetworkService) -> None:
    head = small.store.head()
    with pytest.raises(InvalidValue):
        pin_host_keys(small, {"sw1": KEY, "r1": "nonsense"}, command="trust")
    assert small.store.head() == head
