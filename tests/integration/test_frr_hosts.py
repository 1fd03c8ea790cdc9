"""Two hosts with the configuration that is generated for them, run by FRR's own daemons: they learn routes.

Each is a network namespace with a cable (veth) to the other. Interfaces get their addresses by ip(8), as networkd would
give them.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv4Interface
from pathlib import Path
from signal import SIGTERM

import pytest

from cimnet_nornir.application.host_parts import HostInterface, HostRouting, HostSide
from cimnet_nornir.domain.routing_values import BgpRouter
from cimnet_nornir.domain.values import OspfInterface, OspfProcess, StaticRoute
from cimnet_nornir.nix.frr import frr_configuration

pytestmark = pytest.mark.slow

DAEMONS = Path("/usr/lib/frr")
HOSTILE = "! to the other # \\ \"quote' ${x} | include 日本 ?"
TAKEN = HOSTILE.replace("|", "/")
WITHIN = 60.0


def host(number: int) -> HostSide:
    """One of two hosts: OSPF announces its loopback, BGP a network that it has a static route to."""
    other = 3 - number
    area = OspfInterface(area=0, point_to_point=True)
    bgp = {
        "as_number": 65000 + number,
        "router_id": f"10.255.0.{number}",
        "neighbors": [{"address": f"192.0.2.{other}", "remote_as": 65000 + other, "description": HOSTILE}],
        "networks": [f"203.0.{number}.0/24"],
    }
    route = {"prefix": f"203.0.{number}.0/24", "next_hop": "192.0.2.99", "distance": 200}
    return HostSide(
        "net",
        f"srv{number}",
        (),
        (),
        (),
        interfaces=(
            HostInterface("eno2", (IPv4Interface(f"192.0.2.{number}/24"),), description=HOSTILE),
            HostInterface("lo", (IPv4Interface(f"10.255.0.{number}/32"),)),
        ),
        routing=HostRouting(
            forwards=True,
            routes=(StaticRoute.model_validate(route),),
            ospf=OspfProcess.model_validate({"router_id": f"10.255.0.{number}"}),
            ospf_interfaces=(("eno2", area), ("lo", OspfInterface(area=0, passive=True))),
            bgp=BgpRouter.model_validate(bgp),
        ),
    )


@dataclass(frozen=True)
class Machine:
    """A network namespace, by a process in it, with a folder for FRR."""

    pid: int
    folder: Path

    def run(self, *command: str | Path) -> str:
        line = ["nsenter", "--target", str(self.pid), "--net", *map(str, command)]
        done = subprocess.run(line, capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 0, (line, done.stdout, done.stderr)
        return done.stdout + done.stderr

    def configure(self, side: HostSide) -> None:
        for interface in side.interfaces:
            self.run("ip", "link", "set", interface.name, "up")
            for address in interface.addresses:
                self.run("ip", "address", "add", str(address), "dev", interface.name)
        (self.folder / "frr.conf").write_text("".join(f"{line}\n" for line in frr_configuration(side)))
        (self.folder / "vtysh.conf").write_text("service integrated-vtysh-config\n")
        for path in (self.folder, *self.folder.iterdir()):
            shutil.chown(path, "frr", "frr")
        own = ("-f", "/dev/null", "-z", self.folder / "zserv.api", "--vty_socket", self.folder, "-A", "127.0.0.1")
        # bgpd listens on the usual port of its own namespace.
        for daemon in ("zebra", "staticd", *(side.routing.daemons if side.routing else ())):
            self.run(DAEMONS / daemon, "-d", "-i", self.folder / f"{daemon}.pid", *own)

    def vtysh(self, *arguments: str) -> str:
        return self.run("vtysh", "--vty_socket", self.folder, "--config_dir", self.folder, *arguments)

    def learned(self, prefix: str, protocol: str) -> bool:
        """Whether the kernel has a route to a prefix that a routing protocol brought."""
        return f"proto {protocol}" in self.run("ip", "route", "show", prefix)

    def stop(self) -> None:
        for file in self.folder.glob("*.pid"):
            with suppress(ProcessLookupError):
                os.kill(int(file.read_text()), SIGTERM)


@contextmanager
def machine() -> Iterator[Machine]:
    sleeper = subprocess.Popen(["unshare", "--net", "sleep", "300"])
    # The daemons run as the user frr, who cannot enter the folders of the tests.
    folder = Path(tempfile.mkdtemp(prefix="frr-"))
    found = Machine(sleeper.pid, folder)
    try:
        wait_until(lambda: Path(f"/proc/{sleeper.pid}/ns/net").readlink() != Path("/proc/self/ns/net").readlink())
        yield found
    finally:
        found.stop()
        sleeper.terminate()
        sleeper.wait(timeout=60)
        shutil.rmtree(folder, ignore_errors=True)


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + WITHIN
    while not true():
        assert time.monotonic() < end, "it did not come to that in time"
        time.sleep(0.2)


def test_two_hosts_learn_each_others_routes_from_what_is_generated_for_them() -> None:
    if os.geteuid() != 0 or not (DAEMONS / "zebra").exists():
        pytest.skip("network namespaces need root, and FRR is needed (Debian: frr)")
    with machine() as one, machine() as other:
        one.run("ip", "link", "add", "eno2", "type", "veth", "peer", "name", "eno2", "netns", str(other.pid))
        for number, each in enumerate((one, other), start=1):
            each.configure(host(number))
            told = each.vtysh("-b")
            assert "%" not in told, told
        running = [line.strip() for line in one.vtysh("-c", "show running-config").splitlines()]
        assert f"description {TAKEN}" in running
        assert f"neighbor 192.0.2.2 description {TAKEN}" in running
        for each, far in ((one, 2), (other, 1)):
            wait_until(partial(each.learned, f"10.255.0.{far}", "ospf"))
            wait_until(partial(each.learned, f"203.0.{far}.0/24", "bgp"))
