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
from typing import Any

LINES_BY_DEVICE = 31

PLAIN = textwrap.dedent(
    """
    import json, sys, warnings
    warnings.simplefilter("ignore")
    from pathlib import Path
    from nornir.core import Nornir
    from nornir.core.configuration import Config, LoggingConfig
    from nornir.core.inventory import ConnectionOptions, Defaults, Groups, Host, Hosts, Inventory
    from nornir.core.plugins.connections import ConnectionPluginRegister
    from nornir.core.state import GlobalState
    from nornir.plugins.runners import ThreadedRunner
    from nornir_netmiko.connections import Netmiko
    from nornir_netmiko.tasks import netmiko_save_config, netmiko_send_config

    work = json.loads(Path(sys.argv[1]).read_text())
    ConnectionPluginRegister.register("netmiko", Netmiko)
    defaults = Defaults()
    hosts = Hosts({
        name: Host(
            name=name, hostname=item["host"], port=item["port"], username=work["username"], password=work["password"],
            platform="ios", defaults=defaults,
            connection_options={"netmiko": ConnectionOptions(extras={"secret": work["enable"]})},
        )
        for name, item in work["devices"].items()
    })
    nornir = Nornir(
        inventory=Inventory(hosts, Groups(), defaults), runner=ThreadedRunner(num_workers=work["workers"]),
        config=Config(logging=LoggingConfig(enabled=False)), data=GlobalState(),
    )

    def push(task):
        lines = work["devices"][task.host.name]["lines"]
        task.run(task=netmiko_send_config, config_commands=lines, enable=True, error_pattern="% Invalid")
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
    ours, theirs = [], []
    work: dict[str, Any] = {}
    for turn in range(options.rounds):
        declare(project, options.devices, 2 * turn + 1)
        work = plain_work(project, options.workers)
        began = time.perf_counter()
        plain(project, work)
        theirs.append(time.perf_counter() - began)
        declare(project, options.devices, 2 * turn + 2)
        began = time.perf_counter()
        cimnet(project, "apply", "--yes", "--workers", str(options.workers))
        ours.append(time.perf_counter() - began)
    lines = [len(item["lines"]) for item in work["devices"].values()]
    ratio = statistics.median(mine / other for mine, other in zip(ours, theirs, strict=True))
    print(f"{options.devices} devices, {max(lines)} lines each, {options.workers} workers, {options.rounds} rounds")
    print(f"plain Nornir, netmiko_send_config and save : median {statistics.median(theirs):6.2f} s")
    print(f"cimnet apply (plan, push, verify, record)  : median {statistics.median(ours):6.2f} s")
    print(f"ratio                                      : {ratio:6.2f} (at most 1.3)")


def plain_work(project: Path, workers: int) -> dict[str, Any]:
    """What plain Nornir is handed: where to go, and the very lines that cimnet would send."""
    plan = json.loads(cimnet(project, "plan", "--json"))
    lab = json.loads(cimnet(project, "lab", "status", "--json"))
    secrets = json.loads((project / ".cimnet" / "lab" / "spec.json").read_text())["credentials"]
    commands = {item["device"]: item["commands"] for item in plan["devices"]}
    return {
        **secrets,
        "workers": workers,
        "devices": {
            name: {"host": item["host"], "port": item["port"], "lines": commands[name]}
            for name, item in lab["devices"].items()
        },
    }


def plain(project: Path, work: dict[str, Any]) -> None:
    """Plain Nornir in a process of its own, as a runbook would be."""
    file = project / "work.json"
    file.write_text(json.dumps(work))
    script = project / "plain.py"
    script.write_text(PLAIN)
    done = subprocess.run([sys.executable, str(script), str(file)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"plain Nornir failed: {done.stdout[-2000:]}{done.stderr[-2000:]}")


if __name__ == "__main__":
    main()
