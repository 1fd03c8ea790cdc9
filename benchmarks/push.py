"""Push 30 changed lines to each of many simulated devices: by cimnet, by plain Nornir, by Ansible's ios_config.

All send the same lines to the same devices in the same state, and save (plain Nornir: netmiko_send_config and
netmiko_save_config). `cimnet apply` besides reads the devices, plans, records starts and outcomes durably, reads back
and compares; with an archive on the devices it arms their timers first, and confirms over second sessions. Then each
runs again with nothing to change: plain Nornir, which does not look, sends all lines again.

Ansible has fewer devices, since it takes a second or more for each; what is compared is the time for one. It needs the
environment that `make clients` makes, and is left out where there is none. The lab's own processor time is of the same
machine.

    python -m benchmarks.push [--devices 200] [--ansible-devices 20] [--workers 20]
"""

import argparse
import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.support.ansible import PROGRAM, ansible, write_ansible
from benchmarks.support.processes import Cost, measured, show_ratios
from benchmarks.support.project import cimnet, declare, lab_process, lab_project, write_plain

PLAIN, PLAIN_AGAIN = "plain Nornir", "plain Nornir again, sends all again"
OURS, OURS_AGAIN = "cimnet apply, unprotected", "cimnet apply again, nothing to do"
CONFIRMED = "cimnet apply, confirmed commit"
ANSIBLE, ANSIBLE_AGAIN = "Ansible ios_config", "Ansible ios_config again, nothing to do"
RATIOS = (
    (OURS, PLAIN, "at most 1.3"),
    (CONFIRMED, PLAIN, ""),
    (ANSIBLE, PLAIN, ""),
    (ANSIBLE, OURS, ""),
    (ANSIBLE, CONFIRMED, ""),
    (OURS_AGAIN, PLAIN_AGAIN, ""),
    (ANSIBLE_AGAIN, OURS_AGAIN, ""),
)


@dataclass(frozen=True, slots=True)
class Bench:
    """The contenders on one lab, and what each cost for how many devices."""

    project: Path
    devices: int
    workers: int
    lab: int
    costs: dict[str, tuple[Cost, int]] = field(default_factory=dict)

    def plain(self, name: str) -> None:
        self._note(name, measured([sys.executable, "-W", "ignore", "plain.py"], cwd=self.project, beside=self.lab))

    def cimnet(self, name: str, said: str) -> None:
        """Apply; what it says must have `said` in it."""
        command = [sys.executable, "-m", "cimnet_nornir", "apply", "--yes", "--workers", str(self.workers)]
        cost = measured([*command, "--project", str(self.project)], cwd=self.project, beside=self.lab)
        if said not in cost.output:
            raise SystemExit(f"{name}: {cost.output[-2000:]}")
        self._note(name, cost)

    def ansible(self, name: str, devices: int, *, changes: int) -> None:
        self._note(name, ansible(self.project, self.workers, self.lab, changes=changes), devices)

    def _note(self, name: str, cost: Cost, devices: int | None = None) -> None:
        count = devices or self.devices
        self.costs[name] = (cost, count)
        print(
            f"{name:40} {count:7} {cost.seconds:8.1f} {1000 * cost.seconds / count:10.0f} {cost.processor:11.1f}"
            f" {cost.peak / 2**20:9.0f} {cost.beside:7.1f}",
            flush=True,
        )


def run(bench: Bench, few: int) -> None:
    """All contenders, each with a generation of its own."""
    project, devices, all_done = bench.project, bench.devices, f"{bench.devices} of {bench.devices} devices done"
    declare(project, devices, 1)
    longest = write_plain(project, bench.workers)
    print(f"{longest} changed lines a device, {bench.workers} workers, {os.cpu_count()} processors")
    print(f"{'':40} devices   wall s  ms/device processor s  peak MiB   lab s")
    bench.plain(PLAIN)
    bench.plain(PLAIN_AGAIN)
    declare(project, devices, 2)
    bench.cimnet(OURS, all_done)
    bench.cimnet(OURS_AGAIN, "nothing to change")
    if few:
        declare(project, devices, 3)
        write_ansible(project, few)
        bench.ansible(ANSIBLE, few, changes=few)
        bench.ansible(ANSIBLE_AGAIN, few, changes=0)
    add_archives(bench)
    declare(project, devices, 4)
    bench.cimnet(CONFIRMED, all_done)


def add_archives(bench: Bench) -> None:
    """Give each device the archive that timed reverts need."""
    hosts = json.loads((bench.project / "hosts.yaml").read_text())
    (bench.project / "lines.json").write_text(json.dumps({host: ["archive", "path flash:archive"] for host in hosts}))
    measured([sys.executable, "-W", "ignore", "plain.py"], cwd=bench.project)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--devices", type=int, default=200)
    parser.add_argument("--ansible-devices", type=int, default=20)
    parser.add_argument("--workers", type=int, default=20)
    options = parser.parse_args()
    few = min(options.ansible_devices, options.devices)
    if not PROGRAM.exists():
        print("Ansible is left out: there is no environment for it; make one: make clients")
        few = 0
    with lab_project(options.devices, "--no-archive") as project:
        cimnet(project, "apply", "--yes")
        bench = Bench(project, options.devices, options.workers, lab_process(project))
        run(bench, few)
    show_ratios("ratios for a device", bench.costs, RATIOS)


if __name__ == "__main__":
    main()
