"""Network namespaces as hosts of a small network, each with Debian's systemd-networkd or nothing but its addresses."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

NETWORKD = Path("/usr/lib/systemd/systemd-networkd")
PATIENCE = 30.0
# One echo request after another until one is answered: the neighbours have to find one another first.
_PING = """
import socket, struct, sys, time
address, seconds = sys.argv[1], float(sys.argv[2])
echo = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
echo.settimeout(0.2)
body = struct.pack("!BBHHH", 8, 0, 0, 7, 1)
words = sum(struct.unpack("!4H", body))
body = struct.pack("!BBHHH", 8, 0, ~words & 0xFFFF, 7, 1)
end = time.monotonic() + seconds
while time.monotonic() < end:
    try:
        echo.sendto(body, (address, 0))
        data, (sender, _) = echo.recvfrom(2048)
    except OSError:
        continue
    if sender == address and data[(data[0] & 15) * 4] == 0:
        sys.exit(0)
sys.exit(1)
"""
# networkd waits for udev unless /sys is read-only, and writes its state as its own user. From the machine's id and a
# name it makes the MAC address of an interface, which no two hosts may share.
_START = """
set -eu
mount --make-rprivate /
mount -o remount,bind,ro /sys
[ ! -e /etc/machine-id ] || mount --bind "$3" /etc/machine-id
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/network /run/systemd/netif/links /run/systemd/netif/leases /run/systemd/netif/lldp
cp "$1"/* /run/systemd/network/
chown -R systemd-network: /run/systemd/netif
exec "$2"
"""


def require_namespaces() -> None:
    """Skip where a namespace with networkd in it cannot be had."""
    if os.geteuid() != 0:
        pytest.skip("network namespaces need root")
    for path, package in ((shutil.which("ip"), "iproute2"), (NETWORKD.exists() or None, "systemd")):
        if path is None:
            pytest.skip(f"there is no program for network namespaces (Debian: {package})")


@dataclass
class Namespace:
    """A network namespace."""

    name: str
    daemons: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        arguments = ["ip", "netns", "exec", self.name, *command]
        done = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=PATIENCE * 2)
        assert done.returncode == 0 or not check, (command, done.stderr)
        return done

    def ip(self, *arguments: str) -> Any:
        """What `ip` says, as data."""
        shown = self.run("ip", "-j", "-d", *arguments).stdout
        return json.loads(shown) if shown.strip() else []

    def link(self, name: str) -> Mapping[str, Any]:
        """An interface with its addresses; empty where there is none."""
        return next((each for each in self.ip("addr", "show") if each.get("ifname") == name), {})

    def has_address(self, name: str, address: str) -> bool:
        found = (f"{each['local']}/{each['prefixlen']}" for each in self.link(name).get("addr_info", ()))
        return address in found

    def in_bridge(self, name: str, bridge: str) -> bool:
        link = self.link(name)
        return link.get("master") == bridge and "UP" in link["flags"]

    def configure(self, name: str, *, address: str | None = None, bridge: str | None = None) -> None:
        """What a container runtime, or a switch, does with its end of a cable."""
        if address is not None:
            self.run("ip", "addr", "add", address, "dev", name)
        if bridge is not None:
            self.run("ip", "link", "set", name, "master", bridge)
        self.run("ip", "link", "set", name, "up")

    def pings(self, address: str, *, seconds: float = PATIENCE) -> bool:
        done = self.run(sys.executable, "-c", _PING, address, str(seconds), check=False)
        assert not done.stderr, done.stderr
        return done.returncode == 0

    def networkd(self, files: Mapping[str, str], folder: Path) -> Path:
        """Start networkd with these files alone; returns the path of its log."""
        folder.mkdir(parents=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        log, identity = folder.with_suffix(".log"), folder.with_suffix(".id")
        identity.write_text(hashlib.sha256(self.name.encode()).hexdigest()[:32] + "\n", encoding="ascii")
        start: list[str | Path] = ["unshare", "--mount", "sh", "-c", _START, "sh", folder, NETWORKD, identity]
        command = ["ip", "netns", "exec", self.name, *start]
        environment = {**os.environ, "SYSTEMD_LOG_TARGET": "console", "SYSTEMD_LOG_LEVEL": "info"}
        with log.open("wb") as output:
            self.daemons.append(subprocess.Popen(command, stdout=output, stderr=output, env=environment))
        return log

    def stop(self) -> None:
        for daemon in self.daemons:
            daemon.send_signal(signal.SIGTERM)
            try:
                daemon.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait(PATIENCE)


class Namespaces:
    """The namespaces of one test by the names that it gives them."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._made: dict[str, Namespace] = {}

    def __getitem__(self, name: str) -> Namespace:
        if name not in self._made:
            self._made[name] = Namespace(f"{self._prefix}{name}")
            _ip("netns", "add", self._made[name].name)
            self._made[name].run("ip", "link", "set", "lo", "up")
        return self._made[name]

    def cable(self, a: tuple[str, str], b: tuple[str, str]) -> None:
        """Join an interface of one namespace with one of another; both are made."""
        (one, card), (other, port) = a, b
        ends = ("name", card, "netns", self[one].name), ("name", port, "netns", self[other].name)
        _ip("link", "add", *ends[0], "type", "veth", "peer", *ends[1])

    def remove(self) -> None:
        for each in self._made.values():
            try:
                each.stop()
            finally:
                _ip("netns", "del", each.name)


def _ip(*arguments: str) -> None:
    done = subprocess.run(["ip", *arguments], capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert done.returncode == 0, (arguments, done.stderr)


@contextmanager
def opened_namespaces() -> Iterator[Namespaces]:
    """Namespaces that are gone at the end, whatever happens."""
    require_namespaces()
    found = Namespaces(f"cimnet{os.getpid()}-")
    try:
        yield found
    finally:
        found.remove()


def kernel_has(namespace: Namespace, *kind: str) -> bool:
    """Whether the kernel makes interfaces of a kind, such as ("vlan", "id", "5"), on the loopback interface."""
    made = namespace.run("ip", "link", "add", "link", "lo", "name", "probe", "type", *kind, check=False)
    if made.returncode == 0:
        namespace.run("ip", "link", "del", "probe")
    return made.returncode == 0


def wait_until(true: Callable[[], bool], what: str, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"{what}: {log.read_text(encoding='utf-8', errors='replace')}"
        time.sleep(0.05)
