"""What a project adds to its hosts' flake: the line that names it, and whether it fixes which nixpkgs they run."""

import json

import pytest

from cimnet_nornir.application.host_plan import HostEngine, only_takes_away
from cimnet_nornir.application.host_site import HostSite, line_of, of_intent, require_fixed
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.errors import SettingsError
from cimnet_nornir.nix import NixGenerator
from cimnet_nornir.nix.flake import DEFAULT_NIXPKGS

REVISION = "github:NixOS/nixpkgs/" + "0a" * 20
SITE = HostSite({"site/common.nix": b"{ }\n", "site/srv1.nix": b"{ }\n"}, DEFAULT_NIXPKGS)


def lock(**original: str) -> bytes:
    """A flake.lock as Nix writes it for the generated flake."""
    node = {"locked": {"narHash": "sha256-AAAA", "rev": "0a" * 20, "type": "github"}, "original": original}
    nodes = {"nixpkgs": node, "root": {"inputs": {"nixpkgs": "nixpkgs"}}}
    return json.dumps({"nodes": nodes, "root": "root", "version": 7}).encode()


UNSTABLE = lock(owner="NixOS", repo="nixpkgs", ref="nixos-unstable", type="github")


def test_a_project_that_adds_nothing_has_no_line() -> None:
    assert HostSite().line == HostSite({}, DEFAULT_NIXPKGS).line == ""


def test_the_line_says_what_is_added_in_whichever_order() -> None:
    again = HostSite(dict(sorted(SITE.files.items(), reverse=True)), DEFAULT_NIXPKGS)
    assert again.line == SITE.line
    assert line_of(f"{{ ... }}:\n{{\n}}\n{SITE.line}") == SITE.line
    assert line_of("{ ... }:\n{\n}\n") == ""


@pytest.mark.parametrize(
    "other",
    [
        HostSite({**SITE.files, "site/srv1.nix": b"{ }"}, DEFAULT_NIXPKGS),
        HostSite({"site/common.nix": b"{ }\n", "site/srv2.nix": b"{ }\n"}, DEFAULT_NIXPKGS),
        HostSite({"site/common.nix": b"{ }\n"}, DEFAULT_NIXPKGS),
        HostSite({**SITE.files, "flake.lock": UNSTABLE}, DEFAULT_NIXPKGS),
        HostSite(SITE.files, REVISION),
    ],
)
def test_whatever_changes_in_it_changes_the_line(other: HostSite) -> None:
    assert other.line not in ("", SITE.line)


def test_a_revision_in_the_settings_is_named_without_any_file() -> None:
    lines = {HostSite({}, REVISION).line, HostSite({}, REVISION.replace("0a", "0b")).line}
    assert len(lines - {""}) == 2


@pytest.fixture
def srv1(small: NetworkService) -> Device:
    small.execute(
        c.AddHost(device="srv1", name="srv1", details=DeviceDetails(vendor="nixos", platform="nixos"), ports=("eno1",))
    )
    return small.network().devices["srv1"]


def test_a_change_of_it_alone_is_a_change_of_the_host(small: NetworkService, srv1: Device) -> None:
    present = small.network()
    before = HostEngine(NixGenerator(), lambda: SITE.line).render(srv1, present)
    engine = HostEngine(NixGenerator(), lambda: HostSite({}, REVISION).line)
    after = engine.render(srv1, present)
    found = engine.compare(srv1, before, after)
    assert found.commands == (f"- {SITE.line.rstrip()}", f"+ {HostSite({}, REVISION).line.rstrip()}")
    assert of_intent(change.path for change in found.changes) == ()
    assert engine.site_paths(srv1, present) == {found.changes[1].path}
    assert HostEngine(NixGenerator()).render(srv1, present) == NixGenerator().module(small.flake_contents().hosts[0])


def test_what_the_project_adds_does_not_say_in_which_order_a_host_goes() -> None:
    assert only_takes_away(("- Id = 10;", "- # site: sha256:a", "+ # site: sha256:b"))
    assert not only_takes_away(("+ Id = 10;", "- # site: sha256:a"))
    assert not only_takes_away(("- # site: sha256:a",))


@pytest.mark.parametrize(
    ("site", "why"),
    [
        (HostSite(), "there is no flake.lock"),
        (SITE, "there is no flake.lock"),
        (HostSite({}, "github:NixOS/nixpkgs/nixos-25.11"), "there is no flake.lock"),
        (HostSite({}, REVISION[:-1]), "there is no flake.lock"),
        (HostSite({"flake.lock": b"{}\n"}, DEFAULT_NIXPKGS), "flake.lock says nothing of nixpkgs"),
        (HostSite({"flake.lock": b"\xff"}, DEFAULT_NIXPKGS), "flake.lock says nothing of nixpkgs"),
        (
            HostSite({"flake.lock": b'{"root": 1, "nodes": 1}'}, DEFAULT_NIXPKGS),
            "flake.lock says nothing of nixpkgs",
        ),
        (
            HostSite({"flake.lock": UNSTABLE}, "github:NixOS/nixpkgs/nixos-25.11"),
            "flake.lock is of github:NixOS/nixpkgs/nixos-unstable, and not of github:NixOS/nixpkgs/nixos-25.11",
        ),
    ],
)
def test_a_host_is_not_built_from_whichever_nixpkgs_there_is(site: HostSite, why: str) -> None:
    with pytest.raises(SettingsError, match="nothing was done") as caught:
        require_fixed(site, "real")
    assert f"in nix/ {why}" in caught.value.message
    assert "nix flake lock path:./nix, or nix: {nixpkgs: github:NixOS/nixpkgs/REVISION}" in caught.value.message
    require_fixed(site, "lab")


@pytest.mark.parametrize(
    "site",
    [
        HostSite({"flake.lock": UNSTABLE}, DEFAULT_NIXPKGS),
        HostSite({"flake.lock": lock(type="indirect", id="nixpkgs")}, "nixpkgs"),
        HostSite({}, REVISION),
        HostSite({}, f"git+https://example.net/nixpkgs?rev={'0a' * 20}&shallow=1"),
    ],
)
def test_a_host_is_built_from_what_was_fixed(site: HostSite) -> None:
    require_fixed(site, "real")
