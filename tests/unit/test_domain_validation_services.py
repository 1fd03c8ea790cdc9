"""Rules about services: each finds what it is for, and is silent about what works."""

from collections.abc import Callable

import pytest

from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.validation import NetworkView, Registry
from cimnet_nornir.domain.validation.service_rules import SERVICE_RULES

Make = Callable[[str], Network]

ROUTER = """devices:
  r1:
    kind: router
    ports: Gi0/0-1
    interfaces: {{Gi0/0: {{address: 192.0.2.1/24}}}}
    features:
{features}
"""


def told(network_of: Make, *features: str) -> list[str]:
    text = "\n".join(f"      {feature}" for feature in features)
    found = Registry(SERVICE_RULES).check(NetworkView(network_of(ROUTER.format(features=text))))
    return [f"{finding.rule} {finding.path}: {finding.message}; {finding.right}" for finding in found]


SERVER = "ntp-server: {192.0.2.9: {authentication_key: 5}}"
KEY = "ntp-key: {5: {secret: 'env:KEY'}}"


def test_a_key_that_is_not_there_is_found(network_of: Make) -> None:
    assert told(network_of, SERVER) == [
        "ntp-authentication ntp-server 192.0.2.9: there is no key 5; ntp-key 5, or another key here"
    ]


def test_a_key_that_is_not_trusted_is_found(network_of: Make) -> None:
    (found,) = told(network_of, SERVER, KEY, "ntp: {authenticate: true, trusted_keys: [{first: 6, last: 9}]}")
    assert found == "ntp-authentication ntp-server 192.0.2.9: key 5 is not trusted; 5 among the trusted keys"


def test_a_key_that_nobody_looks_at_is_found(network_of: Make) -> None:
    (found,) = told(network_of, SERVER, KEY, "ntp: {trusted_keys: [{first: 1, last: 9}]}")
    assert found.endswith("its answers are not authenticated; authenticate: true of ntp")


def test_a_server_with_a_trusted_key_is_no_problem(network_of: Make) -> None:
    trusts = "ntp: {authenticate: true, trusted_keys: [{first: 5}]}"
    assert told(network_of, SERVER, KEY, trusts) == []
    adopted = "configuration-block: {keys: {lines: [ntp authentication-key 5 md5 <secret:env:KEY>]}}"
    assert told(network_of, SERVER, adopted, trusts) == []


def test_a_line_that_lets_nobody_in_is_found(network_of: Make) -> None:
    assert told(network_of, "line: {con 0: {login: line}}") == [
        "line-locked line con 0: it asks for a password, and has none; login: local"
    ]


@pytest.mark.parametrize(
    "features",
    [
        ("line: {con 0: {login: line, password: 'env:WORD'}}",),
        ("line: {vty 5 15: {login: line, transport: {input: [none]}}}",),
        ("line: {aux 0: {login: line, exec: false}}",),
        ("line: {con 0: {login: local}}",),
    ],
)
def test_a_line_with_a_password_or_that_is_closed_is_no_problem(network_of: Make, features: tuple[str, ...]) -> None:
    assert told(network_of, *features) == []


def test_an_object_that_is_not_there_is_found(network_of: Make) -> None:
    lists = "track: {1: {of: {kind: list, rule: or, objects: [{number: 2}, {number: 3}]}}, 3: {of: {kind: stub}}}"
    assert told(network_of, lists) == ["tracked-object track 1: there is no tracked object 2; track 2"]


def test_a_probe_that_is_not_there_is_found(network_of: Make) -> None:
    track = "track: {1: {of: {kind: probe, probe: 9}}}"
    assert told(network_of, track) == ["tracked-object track 1: there is no probe 9; ip-sla 9"]
    assert told(network_of, track, "ip-sla: {9: {target: 192.0.2.9}}") == []
    assert told(network_of, track, "configuration-block: {probe: {lines: [ip sla 9, ' dns x']}}") == []
