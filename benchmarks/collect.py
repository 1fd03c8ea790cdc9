"""Ask many simulated devices how they are: by cimnet_collect, and by plain Nornir, which sends the same and keeps text.

Plain Nornir sends the same show commands by netmiko_send_command and parses nothing; by NAPALM it asks the same getters
by napalm_get. cimnet_collect besides reads its inventory from the events, checks host keys and makes an Observed of
each device; by NAPALM it asks for neighbours by CDP too. The lab's own processor time is of the same machine.

    python -m benchmarks.collect [--devices 100] [--workers 20]
"""

import argparse
import json
import os
import sys
import textwrap
from pathlib import Path

from benchmarks.support.processes import Cost, measured, show_ratios
from benchmarks.support.project import lab_process, lab_project, write_plain
from cimnet_nornir.ios.observing import COMMANDS

_PLAIN = """
from nornir import InitNornir
{imported}

def look(task):
    {look}

nornir = InitNornir(config_file="plain.yaml")
result = nornir.run(task=look)
nornir.close_connections()
print(sum(not item.failed for item in result.values()), "answered")
"""
_OURS = """
from nornir import InitNornir
from cimnet_nornir.tasks import cimnet_collect

nornir = InitNornir(config_file="inventory/config.yaml")
result = nornir.run(task=cimnet_collect, method={method!r})
nornir.close_connections()
print(sum(bool(item[0].observed and item[0].observed.ports) for item in result.values()), "answered")
"""
_GETTERS = ("facts", "environment", "interfaces", "interfaces_counters", "lldp_neighbors_detail")
PLAIN, OURS = "plain Nornir, netmiko_send_command", "cimnet_collect"
PLAIN_NAPALM, OURS_NAPALM = "plain Nornir, napalm_get", "cimnet_collect by NAPALM"
RATIOS = ((OURS, PLAIN, "at most 1.3"), (OURS_NAPALM, PLAIN_NAPALM, ""), (OURS_NAPALM, OURS, ""))


def programs() -> dict[str, str]:
    """Each contender as a runbook."""
    commands = f"""\
    for command in {COMMANDS!r}:
        task.run(task=netmiko_send_command, command_string=command, enable=True)"""
    return {
        PLAIN: _PLAIN.format(
            imported="from nornir_netmiko.tasks import netmiko_send_command",
            look=textwrap.dedent(commands).replace("\n", "\n    "),
        ),
        OURS: _OURS.format(method="netmiko"),
        PLAIN_NAPALM: _PLAIN.format(
            imported="from nornir_napalm.plugins.tasks import napalm_get",
            look=f"task.run(task=napalm_get, getters={list(_GETTERS)!r})",
        ),
        OURS_NAPALM: _OURS.format(method="napalm"),
    }


def run(project: Path, devices: int, lab: int) -> dict[str, Cost]:
    """All contenders, one after another, on one lab."""
    costs = {}
    print(f"{'':40} devices   wall s  ms/device processor s  peak MiB   lab s")
    for name, program in programs().items():
        (project / "contender.py").write_text(program)
        cost = measured([sys.executable, "-W", "ignore", "contender.py"], cwd=project, beside=lab)
        if f"{devices} answered" not in cost.output:
            raise SystemExit(f"{name}: {cost.output[-2000:]}")
        costs[name] = cost
        print(
            f"{name:40} {devices:7} {cost.seconds:8.1f} {1000 * cost.seconds / devices:10.0f} {cost.processor:11.1f}"
            f" {cost.peak / 2**20:9.0f} {cost.beside:7.1f}",
            flush=True,
        )
    return costs


def plain_napalm(project: Path) -> None:
    """Let plain Nornir's inventory have what NAPALM needs, for each host its own: nornir_napalm writes into it."""
    hosts = json.loads((project / "hosts.yaml").read_text())
    defaults = json.loads((project / "defaults.yaml").read_text())
    secret = defaults["connection_options"]["netmiko"]["extras"]["secret"]
    for host in hosts.values():
        host["connection_options"] = {"napalm": {"extras": {"optional_args": {"secret": secret, "port": host["port"]}}}}
    (project / "hosts.yaml").write_text(json.dumps(hosts))


def prepare(project: Path, workers: int) -> None:
    """Write the inventory of plain Nornir, and have it do as many at once."""
    with (project / "inventory" / "config.yaml").open("a") as settings:
        settings.write(f"runner: {{plugin: threaded, options: {{num_workers: {workers}}}}}\n")
        settings.write("logging: {enabled: false}\n")
    write_plain(project, workers)
    plain_napalm(project)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--devices", type=int, default=100)
    parser.add_argument("--workers", type=int, default=20)
    options = parser.parse_args()
    with lab_project(options.devices, "--no-archive") as project:
        prepare(project, options.workers)
        print(f"{options.workers} workers, {os.cpu_count()} processors")
        costs = run(project, options.devices, lab_process(project))
        show_ratios("ratios", {name: (cost, 1) for name, cost in costs.items()}, RATIOS)


if __name__ == "__main__":
    main()
