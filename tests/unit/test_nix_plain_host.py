"""Hosts without NixOS: what is generated for them, and the installer, run for real in another root."""

import os
import subprocess
from pathlib import Path

import pytest

from cimnet_nornir.application.host_flake import FlakeContents
from cimnet_nornir.application.host_parts import HostSide
from cimnet_nornir.nix import NixGenerator
from cimnet_nornir.nix.folder import write_folder
from cimnet_nornir.nix.marks import MARK, is_marked

WEB = HostSide("campus", "web", (), (), ())
NETDEV = f"# {MARK}\n[NetDev]\nName=br-a\nKind=bridge\n"


@pytest.fixture
def host(tmp_path: Path) -> Path:
    """The folder of a host that has a bridge and a network of containers; its programs tell how they are called."""
    write_folder(tmp_path / "networkd", NixGenerator().plain([WEB]))
    folder = tmp_path / "networkd/hosts/web"
    for name, text in {
        "networkd/40-br-a.netdev": NETDEV,
        "containers/podman.sh": "#!/bin/sh\necho containers\n",
        "containers/sysctl.d/90-cimnet.conf": f"# {MARK}\nnet.bridge.bridge-nf-call-iptables = 0\n",
        "containers/modules-load.d/cimnet.conf": f"# {MARK}\nbr_netfilter\n",
        "hypervisor/libvirt.sh": "echo machines\n",
        "hypervisor/vmware.sh": "echo not here\n",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (tmp_path / "bin").mkdir()
    for program in ("networkctl", "modprobe", "sysctl"):
        (tmp_path / "bin" / program).write_text(f'#!/bin/sh\necho {program} "$@"\n')
        (tmp_path / "bin" / program).chmod(0o755)
    return folder


def install(host: Path, root: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": f"{root}/bin:{os.environ['PATH']}", "CIMNET_ROOT": str(root)}
    return subprocess.run(
        ["sh", host / "install.sh"], capture_output=True, text=True, check=False, env=environment, cwd="/"
    )


def told(root: Path, *changes: str) -> list[str]:
    """What an installation says: the changes, and what it does each time."""
    always = (
        "networkctl reload",
        "modprobe br_netfilter",
        "sysctl -q -p containers/sysctl.d/90-cimnet.conf",
        "containers",
        "machines",
    )
    return [*(change.format(etc=root / "etc") for change in changes), *always]


def test_the_installer_puts_files_in_place_and_a_second_run_changes_nothing(host: Path, tmp_path: Path) -> None:
    first = install(host, tmp_path)
    assert first.stderr == ""
    assert first.stdout.splitlines() == told(
        tmp_path,
        "installed {etc}/systemd/network/40-br-a.netdev",
        "installed {etc}/modules-load.d/cimnet.conf",
        "installed {etc}/sysctl.d/90-cimnet.conf",
    )
    assert (tmp_path / "etc/systemd/network/40-br-a.netdev").read_text() == NETDEV
    assert install(host, tmp_path).stdout.splitlines() == told(tmp_path)


def test_the_installer_removes_what_it_brought_and_nothing_else(host: Path, tmp_path: Path) -> None:
    install(host, tmp_path)
    (tmp_path / "etc/systemd/network/10-mine.network").write_text("[Match]\nName=eno1\n")
    (host / "networkd/40-br-a.netdev").rename(host / "networkd/40-br-b.netdev")
    assert install(host, tmp_path).stdout.splitlines() == told(
        tmp_path,
        "installed {etc}/systemd/network/40-br-b.netdev",
        "removed {etc}/systemd/network/40-br-a.netdev",
    )
    assert sorted(path.name for path in (tmp_path / "etc/systemd/network").iterdir()) == [
        "10-mine.network",
        "40-br-b.netdev",
    ]


def test_the_installer_says_where_networkd_does_not_run(host: Path, tmp_path: Path) -> None:
    (tmp_path / "bin/networkctl").write_text("#!/bin/sh\nexit 1\n")
    done = install(host, tmp_path)
    assert done.returncode == 1
    assert done.stderr == "systemd-networkd does not run here; start it: systemctl enable --now systemd-networkd\n"
    assert "containers" not in done.stdout.splitlines()


def test_every_file_bears_the_mark() -> None:
    files = NixGenerator().plain([WEB])
    assert {"README.md", "hosts/web/install.sh"} <= files.keys()
    assert [name for name, text in files.items() if not is_marked(text)] == []


def test_a_host_that_runs_no_linux_gets_no_files_of_linux() -> None:
    hosts = tuple(HostSide("campus", vendor, (), (), (), vendor=vendor) for vendor in ("vmware", "microsoft"))
    flake = NixGenerator().flake(FlakeContents("campus", 1, hosts, ()))
    assert [name for name in flake if name.startswith("hosts/")] == []
    assert "hosts = [ ];" in flake["flake.nix"].decode()


def test_a_host_of_another_linux_stands_beside_the_systems_of_nixos() -> None:
    debian = HostSide("campus", "old", (), (), (), vendor="debian")
    flake = NixGenerator().flake(FlakeContents("campus", 1, (debian, WEB), ()))
    assert {"hosts/old/install.sh", "hosts/web.nix"} <= flake.keys()
    assert 'hosts = [ "web" ];' in flake["flake.nix"].decode()
    assert 'scripts = [ "hosts/old/install.sh" ];' in flake["flake.nix"].decode()
