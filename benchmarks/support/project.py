"""A project of simulated switches whose ports change with each generation, and plain Nornir beside it."""

import json
import os
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PLAIN = textwrap.dedent(
    """
    import json, sys, time
    began = time.perf_counter()
    from pathlib import Path
    from nornir import InitNornir
    from nornir_netmiko.tasks import netmiko_save_config, netmiko_send_config

    lines = json.loads(Path("lines.json").read_text())
    nornir = InitNornir(config_file="plain.yaml")
    print(time.perf_counter() - began)

    def push(task):
        task.run(
            task=netmiko_send_config, config_commands=lines[task.host.name], enable=True, error_pattern="% Invalid"
        )
        task.run(task=netmiko_save_config)

    result = nornir.run(task=push)
    nornir.close_connections()
    sys.exit(1 if result.failed else 0)
    """
)


def definition(devices: int, generation: int) -> str:
    """A network of access switches whose ports all change with each generation."""
    lines = [
        "network: bench",
        "defaults: {vendor: cisco, platform: ios}",
        "vlans: {10: users, 20: voice, 30: other}",
        "devices:",
    ]
    for number in range(devices):
        lines += [
            f"  sw{number:03}:",
            "    kind: switch",
            f"    management: 10.0.{number // 250}.{number % 250 + 1}",
            "    ports: GigabitEthernet1/0/1-24",
            "    interfaces:",
        ]
        for port in range(1, 11):
            vlan = (10, 20, 30)[(port + generation) % 3]
            what = f"mode: access, vlan: {vlan}, description: port {port} gen {generation}"
            lines.append(f"      GigabitEthernet1/0/{port}: {{{what}}}")
    return "\n".join(lines) + "\n"


def cimnet(project: Path, *arguments: str) -> str:
    """Run the command line in the project; stop where it fails."""
    command = [sys.executable, "-m", "cimnet_nornir", *arguments, "--project", str(project)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)}: {done.stdout}{done.stderr}")
    return done.stdout


@contextmanager
def lab_project(devices: int, *options: str) -> Iterator[Path]:
    """A project in a folder of its own, the working directory meanwhile, whose lab is up with these options."""
    with tempfile.TemporaryDirectory(prefix="cimnet-bench-") as folder:
        project = Path(folder)
        os.chdir(project)
        start_project(project, devices)
        cimnet(project, "lab", "up", *options)
        try:
            yield project
        finally:
            cimnet(project, "lab", "down")


def lab_process(project: Path) -> int:
    """The process of the project's lab."""
    pid: int = json.loads(cimnet(project, "lab", "status", "--json"))["pid"]
    return pid


def start_project(project: Path, devices: int) -> None:
    """Write the settings, and declare the first generation."""
    (project / "inventory").mkdir()
    settings = "inventory:\n  plugin: CimnetInventory\n  options: {network: bench}\n"
    (project / "inventory" / "config.yaml").write_text(settings)
    declare(project, devices, 0)


def declare(project: Path, devices: int, generation: int) -> None:
    """Declare a generation of the network."""
    file = project / "inventory" / "network.yaml"
    file.write_text(definition(devices, generation))
    cimnet(project, "declare", str(file))


def write_plain(project: Path, workers: int) -> int:
    """Write an inventory and the very lines that cimnet would send; returns how many a host has at the most."""
    plan = json.loads(cimnet(project, "plan", "--json"))
    lab = json.loads(cimnet(project, "lab", "status", "--json"))
    secrets = json.loads((project / ".cimnet" / "lab" / "spec.json").read_text())["credentials"]
    lines = {item["name"]: item["commands"] for item in plan["devices"]}
    hosts = {name: {"hostname": item["host"], "port": item["port"]} for name, item in lab["devices"].items()}
    defaults = {
        "username": secrets["username"],
        "password": secrets["password"],
        "platform": "ios",
        "connection_options": {"netmiko": {"extras": {"secret": secrets["enable"]}}},
    }
    files = {"host_file": "hosts.yaml", "group_file": "groups.yaml", "defaults_file": "defaults.yaml"}
    settings = {
        "inventory": {"plugin": "SimpleInventory", "options": files},
        "runner": {"plugin": "threaded", "options": {"num_workers": workers}},
        "logging": {"enabled": False},
    }
    contents = {"plain.yaml": settings, "hosts.yaml": hosts, "groups.yaml": {}, "defaults.yaml": defaults}
    for name, content in {**contents, "lines.json": lines}.items():
        # JSON is YAML too.
        (project / name).write_text(json.dumps(content))
    (project / "plain.py").write_text(PLAIN)
    return max(len(each) for each in lines.values())


def plain(project: Path) -> float:
    """Plain Nornir in a process of its own, as a runbook is run; returns the seconds until its inventory stands."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "plain.py"], cwd=project, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"plain Nornir failed: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return float(done.stdout)
