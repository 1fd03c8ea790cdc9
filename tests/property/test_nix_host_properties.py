"""Whatever a server has: its module says it to Nix, its files to systemd, and neither says what Linux cannot have."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from ipaddress import IPv4Interface
from typing import Any

from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from cimnet_nornir.application.host_parts import HostBridge, HostSide
from cimnet_nornir.application.host_rules import refuse_impossible
from cimnet_nornir.errors import RuleViolated
from cimnet_nornir.nix import NixGenerator, networkd_files
from cimnet_nornir.nix.networkd import networkd_settings, networkd_units
from cimnet_nornir.nix.networking import networking_settings
from cimnet_nornir.nix.options import networkd_sections, unknown_options, wrong_values
from tests.host_sides import TEXTS, host_sides
from tests.nix_evaluation import evaluated


def possible(side: HostSide) -> bool:
    try:
        refuse_impossible(side)
    except RuleViolated:
        return False
    return True


POSSIBLE = host_sides().filter(possible)
# What containers have besides is no part of these.
NETWORKS = POSSIBLE.map(lambda side: replace(side, container_networks=()))


# Each list has many, of which each may be one that Linux cannot have: that some lists are thrown away says nothing.
MANY_AT_ONCE = partial(settings, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])


def nested(settings: Mapping[str, Any]) -> Any:
    """Values by option path as the attribute set that Nix makes of them."""
    found: dict[str, Any] = {}
    for path, value in settings.items():
        *outer, last = path.split(".")
        inside = found
        for name in outer:
            inside = inside.setdefault(name, {})
        inside[last] = value
    return json.loads(json.dumps(found))


@given(st.lists(NETWORKS, min_size=10, max_size=20))
@MANY_AT_ONCE(max_examples=5)
def test_nix_reads_in_a_module_what_the_server_is_to_have(sides: list[HostSide]) -> None:
    # Many modules in one go: each start of Nix costs more than reading them.
    modules = "\n".join(f"({NixGenerator().module(side)})" for side in sides)
    found = evaluated("map (module: module { }) modules", modules=f"[ {modules} ]")
    assert found == [nested(networkd_settings(side)) for side in sides]


@given(st.lists(NETWORKS.map(lambda side: replace(side, vxlans=(), vlan_aware=False)), min_size=10, max_size=20))
@MANY_AT_ONCE(max_examples=4)
def test_nix_reads_the_other_style_too(sides: list[HostSide]) -> None:
    modules = "\n".join(f"({NixGenerator('networking').module(side)})" for side in sides)
    found = evaluated("map (module: module { }) modules", modules=f"[ {modules} ]")
    assert found == [nested(networking_settings(side)) for side in sides]
    for side in sides:
        assert unknown_options(networking_settings(side)) == wrong_values(networking_settings(side)) == ()


@given(POSSIBLE)
@settings(max_examples=60, deadline=None)
def test_nothing_generated_is_what_linux_cannot_have(side: HostSide) -> None:
    units = networkd_units(side)
    addresses: dict[str, list[str]] = {}
    for unit in units.networks.values():
        found: Any = json.loads(json.dumps(unit))
        name = found["matchConfig"]["Name"]
        addresses[name] = [each["Address"] for each in found.get("addresses", ())]
        inside = found.get("networkConfig", {}).keys() & {"Bridge", "Bond"}
        # A member has no address, and is in one thing only.
        assert not inside or (len(inside) == 1 and not addresses[name])
    names = {re.sub("^40-", "", name) for name in (*units.netdevs, *units.networks)}
    assert all(1 <= len(name) <= 15 for name in names)
    gateways = {network.gateway for network in side.container_networks if network.vlan is not None}
    assert not {IPv4Interface(each).ip for found in addresses.values() for each in found} & gateways
    made = [unit["netdevConfig"]["Name"] for unit in json.loads(json.dumps(units.netdevs)).values()]
    assert len(made) == len({*made})
    assert unknown_options(networkd_settings(side)) == wrong_values(networkd_settings(side)) == ()


def read(text: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """A file as systemd reads it (systemd.syntax(7)): comments, lines joined by a backslash, sections, keys."""
    found: list[tuple[str, list[tuple[str, str]]]] = []
    for line in re.sub(r"\\\n", " ", text).split("\n"):
        stripped = line.strip(" \t\r")
        if not stripped or stripped[0] in "#;":
            continue
        if stripped.startswith("["):
            assert stripped.endswith("]"), line
            found.append((stripped[1:-1], []))
        else:
            key, equals, value = stripped.partition("=")
            assert equals, line
            found[-1][1].append((key.strip(), value.strip()))
    return found


def written(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def expected_of(kind: str, unit: Mapping[str, Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The sections that a unit of NixOS is in a file."""
    found: list[tuple[str, list[tuple[str, str]]]] = []
    for option, value in unit.items():
        if option != "vlan":
            name = networkd_sections(kind)[option].name
            sections = [value] if isinstance(value, Mapping) else value
            found.extend((name, [(key, written(item)) for key, item in each.items()]) for each in sections)
    if "vlan" in unit:
        if "Network" not in dict(found):
            found.append(("Network", []))
        dict(found)["Network"].extend(("VLAN", each) for each in unit["vlan"])
    return found


@given(POSSIBLE)
@settings(max_examples=60, deadline=None)
def test_systemd_reads_in_the_files_what_nixos_is_told(side: HostSide) -> None:
    units, files = networkd_units(side), networkd_files(side)
    assert files.keys() == {f"{name}.netdev" for name in units.netdevs} | {f"{name}.network" for name in units.networks}
    for kind, of_kind in (("netdev", units.netdevs), ("network", units.networks)):
        for name, unit in of_kind.items():
            assert without_texts(read(files[f"{name}.{kind}"])) == without_texts(expected_of(kind, unit))


def without_texts(sections: list[tuple[str, list[tuple[str, str]]]]) -> Any:
    """What is said besides descriptions, of which only the words are kept."""
    return sorted(
        (name, [(key, value if key != "Description" else "") for key, value in keys]) for name, keys in sections
    )


@given(TEXTS, TEXTS)
def test_a_description_keeps_its_words(network: str, container: str) -> None:
    assume(container.strip())
    side = HostSide(network, container, (), (), (HostBridge("br-a", None, networks=(container,)),))
    (_, keys), *others = read(networkd_files(side)["40-br-a.netdev"])
    assert [key for key, _ in keys] == ["Name", "Kind", "Description"]
    assert others == []
    printable = "".join(each if each.isprintable() else " " for each in container)
    assert keys[2][1] == " ".join(printable.split())
    event("hostile" if re.search(r"[\n\\\[]", container) else "plain")
