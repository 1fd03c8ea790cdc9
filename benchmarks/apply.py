"""Time `cimnet apply` over simulated devices beside plain Nornir that is handed the same lines.

Both open their sessions, send the same configuration lines to the same devices in the same state, and save them.
`cimnet apply` besides reads the devices, computes what to send, records every start and outcome durably, reads back and
compares. The two take turns; the ratio is the median of the pairs.

    python benchmarks/apply.py [--devices 50] [--rounds 3] [--workers 20]
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

LINES_BY_DEVICE = 31

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


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--devices", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cimnet-bench-") as folder:
        project = Path(folder)
        os.chdir(project)
        (project / "inventory").mkdir()
        settings = "inventory:\n  plugin: CimnetInventory\n  options: {network: bench}\n"
        (project / "inventory" / "config.yaml").write_text(settings)
        declare(project, options.devices, 0)
        cimnet(project, "lab", "up")
        try:
            cimnet(project, "apply", "--yes")
            measure(project, options)
        finally:
            cimnet(project, "lab", "down")


def declare(project: Path, devices: int, generation: int) -> None:
    """Declare a generation of the network."""
    file = project / "inventory" / "network.yaml"
    file.write_text(definition(devices, generation))
    cimnet(project, "declare", str(file))


def measure(project: Path, options: argparse.Namespace) -> None:
    """Take turns: each pushes a generation of its own, with as many lines."""
    ours, theirs, starts, longest = [], [], [], 0
    for turn in range(options.rounds):
        declare(project, options.devices, 2 * turn + 1)
        longest = write_plain(project, options.workers)
        began = time.perf_counter()
        starts.append(plain(project))
        theirs.append(time.perf_counter() - began)
        declare(project, options.devices, 2 * turn + 2)
        began = time.perf_counter()
        cimnet(project, "apply", "--yes", "--workers", str(options.workers))
        ours.append(time.perf_counter() - began)
    ratio = statistics.median(mine / other for mine, other in zip(ours, theirs, strict=True))
    print(f"{options.devices} devices, {longest} lines each, {options.workers} workers, {options.rounds} rounds")
    print(f"plain Nornir, netmiko_send_config and save : median {statistics.median(theirs):6.2f} s")
    print(f"  of which imports and InitNornir          : median {statistics.median(starts):6.2f} s")
    print(f"cimnet apply (plan, push, verify, record)  : median {statistics.median(ours):6.2f} s")
    print(f"ratio                                      : {ratio:6.2f} (at most 1.3)")


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


if __name__ == "__main__":
    main()
