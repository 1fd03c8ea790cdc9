"""The table of options that may be written, and what is found to be no option, or of another type."""

import re
from typing import Any

import pytest

from cimnet_nornir.nix.expressions import Block, Code, Value
from cimnet_nornir.nix.option_types import fits
from cimnet_nornir.nix.options import networkd_sections, option_types, unknown_options, wrong_values

UNIT: dict[str, Value] = {"netdevConfig": {"Name": "br0", "Kind": "bridge"}, "bridgeConfig": {"VLANFiltering": True}}
RIGHT: dict[str, Value] = {
    "systemd.network": {"enable": True, "netdevs": {"40-br0": UNIT}, "networks": {"40-a.b": {"vlan": ("v1",)}}},
    "networking.useNetworkd": True,
    "networking.interfaces": {"eno1": {"ipv4": {"addresses": ({"address": "10.0.0.1", "prefixLength": 24},)}}},
    "networking.defaultGateway": {"address": "10.0.0.1", "interface": "eno1"},
    'boot.kernel.sysctl."net.ipv4.ip_forward"': 1,
    'systemd.services."podman-network-apps"': {
        "description": "The container network apps",
        "after": ("network.target",),
        "path": (Code("pkgs.podman"),),
        "script": Block((("exit 0",),)),
        "serviceConfig": {"Type": "oneshot", "RemainAfterExit": True},
    },
    "systemd.services.frr.serviceConfig.Restart": "always",
    "services.frr.bgpd.enable": True,
    "services.frr.config": Block((("hostname web",),)),
    "virtualisation.libvirtd.enable": True,
    "virtualisation.docker.daemon.settings": {"live-restore": False, "mtu": 1450},
    "virtualisation.oci-containers": {
        "backend": "podman",
        "containers": {"web": {"image": "nginx", "log-driver": "x"}},
    },
    'environment.etc."cimnet/host.nix".text': "{ }",
    "environment.systemPackages": Code("[ pkgs.podman ]"),
}


def test_what_nixos_has_is_known_and_of_the_right_type() -> None:
    assert unknown_options(RIGHT) == ()
    assert wrong_values(RIGHT) == ()


@pytest.mark.parametrize(
    ("path", "value", "unknown"),
    [
        ("systemd.networkd.enable", True, "systemd.networkd.enable"),
        ("systemd.network", {"networks": {"40-a": {"Match": {}}}}, "systemd.network.networks.40-a.Match"),
        (
            "systemd.network.networks",
            {"40-a": {"networkConfig": {"Brigde": "b"}}},
            "systemd.network.networks.40-a.networkConfig.Brigde",
        ),
        (
            "systemd.network.networks",
            {"40-a": {"bridgeVLANs": ({"VLAN": 1}, {"Vlan": 2})}},
            "systemd.network.networks.40-a.bridgeVLANs.Vlan",
        ),
        ("networking.bridges.br0.vlanFiltering", True, "networking.bridges.br0.vlanFiltering"),
        ("networking.bridges", {"br0": {"vlan_filtering": True}}, "networking.bridges.br0.vlan_filtering"),
        # Options that have been removed: their names are still there, to say so.
        ("services.frr.bgp.config", "x", "services.frr.bgp.config"),
        ("systemd.network.networks.a.dhcpConfig", {}, "systemd.network.networks.a.dhcpConfig"),
        ('systemd.services."a.b".startsAt', "daily", 'systemd.services."a.b".startsAt'),
        ("virtualisation.docker.networks.x", {}, "virtualisation.docker.networks.x"),
    ],
)
def test_what_nixos_does_not_have_is_found(path: str, value: Value, unknown: str) -> None:
    assert unknown_options({path: value}) == (unknown,)


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        ("networking.useDHCP", 1, "networking.useDHCP is 1; it should be boolean"),
        ("networking.vlans.v1", {"id": "1"}, "networking.vlans.v1.id is '1'; it should be signed integer"),
        ("networking.vlans.v1", True, "networking.vlans.v1 is True; it should be a set of options"),
        ("networking.vlans", ("v1",), "networking.vlans is ('v1',); it should be attribute set of (submodule)"),
        (
            "networking.interfaces.a.ipv4.addresses",
            ({"address": "10.0.0.1", "prefixLength": 33},),
            "networking.interfaces.a.ipv4.addresses.0.prefixLength is 33; it should be integer between 0 and 32",
        ),
        (
            "systemd.network.networks.a.addresses",
            {"Address": "10.0.0.1"},
            "systemd.network.networks.a.addresses is a set; it should be list of attribute set of",
        ),
        (
            "virtualisation.oci-containers.backend",
            "podmann",
            "virtualisation.oci-containers.backend is 'podmann'; it should be one of",
        ),
        ("boot.kernel.sysctl", {"net.ipv4.ip_forward": {}}, "boot.kernel.sysctl is a set; it should be"),
    ],
)
def test_a_value_of_another_type_is_found(path: str, value: Value, line: str) -> None:
    (found,) = wrong_values({path: value})
    assert found.startswith(line)
    assert unknown_options({path: value}) == ()


SERVICE = "list of string matching the pattern [a-zA-Z0-9@%:_.\\-]+[.](service|socket)"


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        ("boolean", [True, False, Code("x")], [0, 1, "true", None]),
        ("null or string", [None, "", Block(())], [1, (), {}]),
        ("signed integer", [-1, 0, 1], [True, "1", None]),
        ("unsigned integer, meaning >=0", [0, 5], [-1, False]),
        ("16 bit unsigned integer; between 0 and 65535 (both inclusive)", [0, 65535], [-1, 65536]),
        ("list of string", [(), ("a",), [Code("x")]], ["a", (1,), {"a": "b"}]),
        ("attribute set of list of string", [{}, {"a": ("b",)}], [{"a": "b"}, ()]),
        ('one of "tun", "tap"', ["tun"], ["tub", "", None]),
        ('boolean or one of "strict", "loose"', [True, "loose"], ["lose", 1]),
        ('value "none" (singular enum) or (unsigned integer, meaning >=0)', ["none", 3], ["some", -3]),
        ("absolute path", ["/etc", Code("./x")], ["etc", Block(())]),
        ("package", [Code("pkgs.frr")], ["frr", None]),
        ("list of (package or string)", [(Code("pkgs.frr"), "x")], [(1,)]),
        (SERVICE, [("a-b@c.service",)], [("a",), ("a b.service",)]),
        ("(optionally newline-terminated) single-line string", ["a", "a\n"], ["a\nb"]),
        ('strings concatenated with "\\n"', ["a\nb", Block(())], [("a",)]),
        ("list of attribute set of (systemd option)", [({"A": 1, "B": ("x", "y")},)], [({"A": {}},), {"A": 1}]),
        ("open submodule of (JSON value)", [{"a": {"b": 1}}], ["a"]),
    ],
)
def test_a_type_is_what_its_words_say(kind: str, right: list[Any], wrong: list[Any]) -> None:
    assert [value for value in right if not fits(kind, value)] == []
    assert [value for value in wrong if fits(kind, value)] == []


PROBES: tuple[Value, ...] = (True, 1, "a", "/a", "a.service", (), {})


def test_the_table_has_a_type_for_every_path_and_can_read_it() -> None:
    table = option_types()
    assert len(table) > 600
    unread = [
        kind
        for kind in {*table.values()}
        if "submodule" not in kind
        and not kind.startswith(("one of", "value", "package", "null"))
        and not any(fits(kind, value) for value in PROBES)
    ]
    assert unread == []
    assert "unspecified value" not in table.values()


def test_sections_of_networkd_are_options_of_nixos() -> None:
    for kind in ("netdev", "network"):
        for section in networkd_sections(kind).values():
            words = option_types()["systemd", "network", f"{kind}s", "<name>", section.option]
            assert re.fullmatch(r"(list of )?attribute set of \(systemd option\)", words)
            assert section.keys
