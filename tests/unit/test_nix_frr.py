"""FRR's configuration and the options of NixOS for a host that routes, read by FRR's own vtysh and by Nix."""

import shutil
import subprocess
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from pathlib import Path
from typing import Any

import pytest

from cimnet_nornir.application.host_parts import HostInterface, HostRouting, HostSide
from cimnet_nornir.domain.routing_values import BgpRouter
from cimnet_nornir.domain.values import OspfInterface, OspfProcess, StaticRoute
from cimnet_nornir.nix import NixGenerator
from cimnet_nornir.nix.expressions import Block
from cimnet_nornir.nix.frr import frr_configuration, frr_settings, networkd_routes
from tests.nix_evaluation import evaluated

DEFAULT = StaticRoute(prefix=IPv4Network("0.0.0.0/0"), next_hop=IPv4Address("192.0.2.1"))
BACKUP = StaticRoute(prefix=IPv4Network("198.51.100.0/24"), next_hop=IPv4Address("192.0.2.7"), distance=200)
OSPF = OspfProcess(process=7, router_id=IPv4Address("10.255.0.9"), default_originate=True)
RUNS = (
    ("eno2", OspfInterface(process=7, area=0, cost=10, point_to_point=True)),
    ("lo", OspfInterface(process=7, area=0, passive=True)),
)
BGP = BgpRouter.model_validate(
    {
        "as_number": 65001,
        "router_id": "10.255.0.9",
        "neighbors": [
            {"address": "192.0.2.1", "remote_as": 65002, "description": "core | 1", "next_hop_self": True},
            {"address": "10.255.0.1", "remote_as": 65003, "update_source": "lo", "ebgp_multihop": 2},
        ],
        "networks": ["198.51.100.0/24", "10.20.0.0/16"],
    }
)
CARDS = (
    HostInterface("eno2", (IPv4Interface("192.0.2.10/24"),), description="to core1"),
    HostInterface("lo", (IPv4Interface("10.255.0.9/32"),)),
)
WRITTEN = """\
frr defaults traditional
hostname srv1
!
ip route 0.0.0.0/0 192.0.2.1
ip route 198.51.100.0/24 192.0.2.7 200
!
interface eno2
 description to core1
 ip ospf area 0
 ip ospf cost 10
 ip ospf network point-to-point
exit
!
interface lo
 ip ospf area 0
 ip ospf passive
exit
!
router ospf
 ospf router-id 10.255.0.9
 default-information originate
exit
!
router bgp 65001
 bgp router-id 10.255.0.9
 no bgp ebgp-requires-policy
 bgp network import-check
 neighbor 10.255.0.1 remote-as 65003
 neighbor 10.255.0.1 update-source lo
 neighbor 10.255.0.1 ebgp-multihop 2
 neighbor 192.0.2.1 remote-as 65002
 neighbor 192.0.2.1 description core / 1
 !
 address-family ipv4 unicast
  network 10.20.0.0/16
  network 198.51.100.0/24
  neighbor 10.255.0.1 activate
  neighbor 192.0.2.1 activate
  neighbor 192.0.2.1 next-hop-self
 exit-address-family
exit
!
"""


def routing(**parts: Any) -> HostSide:
    told = HostRouting(**parts) if parts else None
    return HostSide("net", "srv1", (), (), (), interfaces=CARDS, routing=told)


WHOLE = routing(forwards=True, routes=(DEFAULT, BACKUP), ospf=OSPF, ospf_interfaces=RUNS, bgp=BGP)


def text(side: HostSide) -> str:
    return "".join(f"{line}\n" for line in frr_configuration(side))


def test_a_host_that_routes_has_all_of_it_in_one_file() -> None:
    assert text(WHOLE) == WRITTEN


def test_only_the_daemons_that_are_needed_are_started() -> None:
    settings = frr_settings(WHOLE)
    config = settings.pop("services.frr.config")
    assert isinstance(config, Block)
    assert settings == {
        "boot.kernel.sysctl": {"net.ipv4.ip_forward": 1},
        "services.frr.bgpd.enable": True,
        "services.frr.ospfd.enable": True,
    }
    assert set(frr_settings(routing(ospf=OSPF))) == {"services.frr.ospfd.enable", "services.frr.config"}
    assert set(frr_settings(routing(bgp=BGP))) == {"services.frr.bgpd.enable", "services.frr.config"}


def test_static_routes_alone_are_those_of_networkd_by_the_interface_that_leads_to_them() -> None:
    side = routing(routes=(DEFAULT, BACKUP))
    assert (frr_settings(side), frr_configuration(side)) == ({}, ())
    assert networkd_routes(side, CARDS[0].addresses) == (
        {"Destination": "0.0.0.0/0", "Gateway": "192.0.2.1"},
        {"Destination": "198.51.100.0/24", "Gateway": "192.0.2.7", "Metric": 200},
    )
    assert networkd_routes(side, CARDS[1].addresses) == ()


def test_static_routes_beside_a_daemon_are_frrs() -> None:
    assert networkd_routes(WHOLE, CARDS[0].addresses) == ()


def test_a_host_that_passes_packets_on_by_static_routes_needs_no_daemon() -> None:
    assert frr_settings(routing(forwards=True, routes=(DEFAULT,))) == {"boot.kernel.sysctl": {"net.ipv4.ip_forward": 1}}


def test_a_host_that_does_not_route_has_nothing_of_it() -> None:
    side = routing()
    assert (frr_settings(side), frr_configuration(side), networkd_routes(side, CARDS[0].addresses)) == ({}, (), ())


def test_frr_takes_the_file_and_would_not_take_another(tmp_path: Path) -> None:
    vtysh = shutil.which("vtysh")
    if vtysh is None:
        pytest.skip("no vtysh is installed (Debian: frr)")

    def dry_run(configuration: str) -> tuple[int, str]:
        file = tmp_path / "frr.conf"
        (tmp_path / "vtysh.conf").touch()
        file.write_text(configuration, encoding="utf-8")
        command = [vtysh, "-C", "-f", str(file), "--config_dir", str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        return done.returncode, done.stdout + done.stderr

    assert dry_run(text(WHOLE)) == (0, "")
    assert dry_run(text(WHOLE).replace("ip ospf cost", "ip ospf price"))[0] != 0


def test_nix_reads_the_file_back_as_it_was_written() -> None:
    question = "let all = module { }; in [ all.services.frr all.boot.kernel.sysctl ]"
    frr, sysctl = evaluated(question, module=NixGenerator().module(WHOLE))
    assert frr == {"bgpd": {"enable": True}, "ospfd": {"enable": True}, "config": WRITTEN}
    assert sysctl == {"net.ipv4.ip_forward": 1}
