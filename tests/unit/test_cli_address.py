"""`cimnet address`, as a person types it: pools, subnets, addresses, and what is refused."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cimnet_nornir.application.project import create_project
from cimnet_nornir.bootstrap import load_settings, open_service
from cimnet_nornir.cli import run
from cimnet_nornir.domain import commands as c

Cimnet = Callable[..., tuple[int, str, str]]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose network has nothing in it yet."""
    for name in ("CIMNET_STORE", "CIMNET_ENV"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CIMNET_ACTOR", "ann")
    create_project(tmp_path / "campus")
    monkeypatch.chdir(tmp_path / "campus")
    service = open_service(load_settings(None))
    service.execute(c.CreateNetwork(name=service.network_name))
    service.store.close()
    return tmp_path / "campus"


@pytest.fixture
def cimnet(project: Path, capsys: pytest.CaptureFixture[str]) -> Cimnet:
    """Runs `cimnet address …` and tells its status, stdout and stderr."""

    def call(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        status = run(["address", *arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return call


def document(said: tuple[int, str, str], kind: str) -> dict[str, Any]:
    assert said[0] == 0, said
    found = json.loads(said[1])
    assert found.pop("format") == f"cimnet.{kind}/1"
    return dict(found)


def test_a_pool_is_added_subnets_allocated_and_addresses_assigned(cimnet: Cimnet) -> None:
    status, out, err = cimnet("pool", "add", "campus", "10.0.0.0/8", "--for", "all of it")
    assert (status, out) == (0, "pool campus of 10.0.0.0/8 added\n")
    assert "next: cimnet address allocate campus" in err
    web = ("allocate", "campus", "/24", "--name", "web", "--for", "shops", "--owner", "ann", "--vlan", "100")
    assert cimnet(*web) == (0, "10.0.0.0/24\n", "its gateway is 10.0.0.1\n")
    assert cimnet("allocate", "campus", "31", "--gateway", "none") == (0, "10.0.1.0/31\n", "")
    asked = cimnet("allocate", "campus", "10.9.0.0/22", "--gateway", "10.9.3.254")
    assert asked == (0, "10.9.0.0/22\n", "its gateway is 10.9.3.254\n")
    assert cimnet("reserve", "campus", "10.255.0.0/16", "--for", "old site")[1] == "10.255.0.0/16 reserved\n"
    assert cimnet("assign", "web", "container", "web1") == (0, "10.0.0.2\n", "")
    assert cimnet("assign", "web", "vm", "db", "--address", "10.0.0.20") == (0, "10.0.0.20\n", "")

    status, out, err = cimnet("list")
    assert (status, err) == (0, "")
    assert [line.split("  ")[0] for line in out.splitlines()] == [
        "SUBNET", "10.0.0.0/24", "10.0.1.0/31", "10.9.0.0/22", "10.255.0.0/16",
    ]  # fmt: skip
    rows = [line.split() for line in out.splitlines()]
    assert rows[1] == ["10.0.0.0/24", "web", "100", "campus", "10.0.0.1", "2", "of", "254", "shops", "(ann)"]
    assert rows[4][-3:] == ["reserved", "old", "site"]
    shown = cimnet("show", "10.0.0.0/24")[1].splitlines()
    assert shown[2:] == ["ADDRESS    OWNER", "10.0.0.2   container web1", "10.0.0.20  vm db"]
    pools = cimnet("pool", "list")[1].splitlines()
    assert pools[0].split() == ["POOL", "PREFIX", "SUBNETS", "ADDRESSES", "IN", "USE", "LARGEST", "FREE", "FOR"]
    assert pools[1].split() == ["campus", "10.0.0.0/8", "4", "2", "0.4%", "/10", "all", "of", "it"]


def test_what_is_released_is_handed_out_again(cimnet: Cimnet) -> None:
    cimnet("pool", "add", "campus", "10.0.0.0/24")
    cimnet("allocate", "campus", "/25", "--name", "web")
    cimnet("assign", "web", "container", "web1")
    status, out, err = cimnet("release", "web")
    assert (status, out) == (1, "")
    assert err == "cimnet: error: 10.0.0.0/25 is in use: 10.0.0.2 container web1\n"
    assert cimnet("release", "web", "10.0.0.2") == (0, "10.0.0.2 released\n", "")
    assert cimnet("release", "web") == (0, "web released\n", "")
    assert cimnet("pool", "remove", "campus") == (0, "pool campus removed\n", "")
    assert cimnet("pool", "list")[2].startswith("there is no pool; cimnet address pool add")
    assert cimnet("list")[2] == "no subnet is allocated or reserved\n"


def test_every_result_is_one_json_document(cimnet: Cimnet) -> None:
    pool = document(cimnet("pool", "add", "v6", "2001:db8::/32", "--json"), "address-pool-add")
    assert pool == {"pool": "v6", "prefix": "2001:db8::/32", "purpose": ""}
    subnet = document(cimnet("allocate", "v6", "/64", "--name", "web", "--json"), "address-allocate")
    assert subnet == {
        "subnet": "2001:db8::/64",
        "pool": "v6",
        "kind": "allocated",
        "name": "web",
        "vlan": None,
        "purpose": "",
        "owner": "",
        "gateway": "2001:db8::1",
        "capacity": 2**64 - 1,
        "assigned": 0,
    }
    held = document(cimnet("reserve", "v6", "2001:db8:1::/48", "--json"), "address-reserve")
    assert (held["kind"], held["gateway"]) == ("reserved", None)
    given = document(cimnet("assign", "web", "vm", "db", "--json"), "address-assign")
    assert given == {"subnet": "web", "address": "2001:db8::2", "owner": "vm db"}
    assert cimnet("list")[1].splitlines()[1].split()[-2:] == ["1", "-"]
    shown = document(cimnet("show", "web", "--json"), "address-show")
    assert (shown["addresses"], shown["next"]) == ([{"address": "2001:db8::2", "owner": "vm db"}], None)
    (listed,) = document(cimnet("pool", "list", "--json"), "address-pool-list")["pools"]
    assert (listed["subnets"], listed["assigned"], listed["largest_free"]) == (2, 1, 33)
    released = document(cimnet("release", "web", "2001:db8::2", "--json"), "address-release")
    assert (released["address"], len(released["request"])) == ("2001:db8::2", 36)
    cimnet("release", "web")
    cimnet("release", "2001:db8:1::/48")
    assert document(cimnet("pool", "remove", "v6", "--json"), "address-pool-remove") == {"pool": "v6"}


def test_long_lists_are_read_by_cursor_and_as_of_then(cimnet: Cimnet) -> None:
    cimnet("pool", "add", "campus", "10.0.0.0/8")
    for _ in range(3):
        cimnet("allocate", "campus", "/24")
    for number in (1, 2, 3):
        cimnet("assign", "10.0.0.0/24", "container", f"c{number}")
    _, out, err = cimnet("list", "campus", "--first", "2")
    assert [line.split()[0] for line in out.splitlines()[1:]] == ["10.0.0.0/24", "10.0.1.0/24"]
    assert err == "more: cimnet address list campus --first 2 --after 10.0.1.0/24\n"
    assert cimnet("list", "--first", "2", "--after", "10.0.1.0/24")[1].splitlines()[1].startswith("10.0.2.0/24")
    page = document(cimnet("list", "--first", "3", "--json"), "address-list")
    assert (len(page["subnets"]), page["next"], page["at"]) == (3, None, None)
    err = cimnet("show", "10.0.0.0/24", "--first", "2")[2]
    assert err == "more: cimnet address show 10.0.0.0/24 --first 2 --after 10.0.0.3\n"
    page = document(cimnet("show", "10.0.0.0/24", "--after", "10.0.0.3", "--json"), "address-show")
    assert page["addresses"] == [{"address": "10.0.0.4", "owner": "container c3"}]
    # Events 3 and 4 added the pool, 5 and 6 allocated the first subnet.
    page = document(cimnet("list", "--at", "6", "--json"), "address-list")
    assert (page["at"], [subnet["subnet"] for subnet in page["subnets"]]) == (6, ["10.0.0.0/24"])
    assert page["subnets"][0]["assigned"] == 0
    assert cimnet("list", "--at", "4")[2] == "no subnet is allocated or reserved\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("pool", "add", "dc", "10.1.0.0/16"), "10.1.0.0/16 overlaps the pool 'campus' of 10.0.0.0/8"),
        (("pool", "add", "dc", "10.1.0.1/16"), "prefix: '10.1.0.1/16' has bits set behind its length"),
        (("pool", "remove", "dc"), "there is no pool 'dc'"),
        (("allocate", "dc", "/24"), "there is no pool 'dc'"),
        (("allocate", "campus", "/7"), "has no free /7"),
        (("allocate", "campus", "big"), "subnet: 'big' is no prefix"),
        (("allocate", "campus", "/24", "--vlan", "9999"), "vlan: VLAN ids are 1 to 4094"),
        (("list", "dc"), "there is no pool 'dc'; cimnet address pool list shows them"),
        (("list", "--after", "x"), "'x' is no prefix"),
        (("show", "web"), "no pool has a subnet 'web'; cimnet address list shows them"),
        (("assign", "10.0.0.0/24", "vm", "a"), "the pool 'campus' has no subnet 10.0.0.0/24"),
        (("allocate", "campus", "/24", "--at", "3"), "--at is for commands that only read"),
    ],
)
def test_what_is_refused_is_one_line(cimnet: Cimnet, arguments: tuple[str, ...], message: str) -> None:
    cimnet("pool", "add", "campus", "10.0.0.0/8")
    status, out, err = cimnet(*arguments)
    assert (status, out) == (1, "")
    assert err.startswith("cimnet: error: ")
    assert err.count("\n") == 1
    assert message in err


@pytest.mark.parametrize(
    "names", [("pool", "add"), ("pool", "list"), ("pool", "remove"), *((name,) for name in
    ("allocate", "assign", "list", "release", "reserve", "show"))]
)  # fmt: skip
def test_each_sub_command_has_help_with_an_example(cimnet: Cimnet, names: tuple[str, ...]) -> None:
    status, out, _ = cimnet(*names, "--help")
    assert status == 0
    assert f"  cimnet address {' '.join(names)}" in out.partition("Examples:")[2]
