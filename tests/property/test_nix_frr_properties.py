"""Whatever stands in descriptions, FRR's configuration keeps its lines, and FRR takes each of them."""

import shutil
import subprocess
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cimnet_nornir.application.host_parts import HostInterface, HostRouting, HostSide
from cimnet_nornir.domain.routing_values import BgpNeighbor, BgpRouter
from cimnet_nornir.domain.values import OspfInterface, OspfProcess, StaticRoute
from cimnet_nornir.nix.frr import frr_configuration

# The domain lets no control character into a description; a generator does not rely on it.
HOSTILE = st.text(alphabet="!#|\n\r\t\0 ?\\\"'${}ab日\u2028\u0085", max_size=30) | st.text(max_size=30)
NAMES = ("eno1", "enp1s0f0", "lo", "br-x.1")
ADDRESSES = st.integers(1, 200).map(lambda number: IPv4Address(f"192.0.2.{number}"))
PREFIXES = st.integers(0, 99).map(lambda number: IPv4Network(f"172.16.{number}.0/24"))
ROUTES = st.builds(StaticRoute, prefix=PREFIXES, next_hop=ADDRESSES, distance=st.integers(1, 255))
RUNS = st.builds(
    OspfInterface,
    area=st.integers(0, 2**32 - 1),
    cost=st.none() | st.integers(1, 65535),
    passive=st.booleans(),
    point_to_point=st.booleans(),
)
PROCESSES = st.none() | st.builds(OspfProcess, router_id=ADDRESSES, default_originate=st.booleans())


@st.composite
def neighbors(draw: st.DrawFn) -> BgpNeighbor:
    address, multihop = draw(ADDRESSES), draw(st.none() | st.integers(1, 255))
    return BgpNeighbor.model_construct(
        address=address,
        remote_as=draw(st.integers(2, 2**32 - 1)),
        description=draw(st.none() | HOSTILE),
        update_source=draw(st.sampled_from([None, "lo"])),
        next_hop_self=draw(st.booleans()),
        ebgp_multihop=multihop,
    )


@st.composite
def routers(draw: st.DrawFn) -> BgpRouter | None:
    peers = draw(st.lists(neighbors(), max_size=3, unique_by=lambda peer: peer.address))
    networks = draw(st.lists(PREFIXES, unique=True, max_size=3))
    router = BgpRouter.model_construct(
        as_number=1, router_id=draw(st.none() | ADDRESSES), neighbors=tuple(peers), networks=tuple(networks)
    )
    return draw(st.sampled_from([router, None]))


@st.composite
def sides(draw: st.DrawFn) -> HostSide:
    runs = draw(st.dictionaries(st.sampled_from(NAMES), RUNS))
    process = draw(PROCESSES)
    routing = HostRouting(
        routes=tuple(draw(st.lists(ROUTES, max_size=3))),
        ospf=process,
        ospf_interfaces=tuple(runs.items()) if process is not None else (),
        bgp=draw(routers()),
    )
    cards = tuple(HostInterface(name, description=draw(st.none() | HOSTILE)) for name in runs)
    return HostSide("net", "srv1", (), (), (), interfaces=cards, routing=routing)


def plain(side: HostSide) -> HostSide:
    """The host without any description."""
    routing = side.routing
    if routing is not None and routing.bgp is not None:
        peers = tuple(peer.model_copy(update={"description": None}) for peer in routing.bgp.neighbors)
        routing = replace(routing, bgp=routing.bgp.model_copy(update={"neighbors": peers}))
    return replace(side, interfaces=tuple(replace(card, description=None) for card in side.interfaces), routing=routing)


@given(sides())
@settings(max_examples=150, deadline=None)
def test_a_description_is_one_line_and_changes_no_other(side: HostSide) -> None:
    lines = frr_configuration(side)
    assert all(line.isprintable() and "|" not in line for line in lines)
    assert tuple(line for line in lines if " description " not in line) == frr_configuration(plain(side))


@given(many=st.lists(sides(), min_size=4, max_size=8))
@settings(max_examples=10, deadline=None)
def test_frr_takes_whatever_is_written(tmp_path_factory: pytest.TempPathFactory, many: list[HostSide]) -> None:
    vtysh = shutil.which("vtysh")
    if vtysh is None:
        pytest.skip("no vtysh is installed (Debian: frr)")
    folder: Path = tmp_path_factory.mktemp("frr")
    (folder / "vtysh.conf").touch()
    file = folder / "frr.conf"
    file.write_text("".join(f"{line}\n" for side in many for line in frr_configuration(side)), encoding="utf-8")
    command = [vtysh, "-C", "-f", str(file), "--config_dir", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
