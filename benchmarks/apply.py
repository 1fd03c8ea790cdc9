"""Time `cimnet apply` over simulated devices beside plain Nornir that is handed the same lines.

Both open their sessions, send the same configuration lines to the same devices in the same state, and save them.
`cimnet apply` besides reads the devices, computes what to send, records every start and outcome durably, reads back and
compares. The two take turns; the ratio is the median of the pairs.

    python -m benchmarks.apply [--devices 50] [--rounds 3] [--workers 20]
"""

import argparse
import statistics
import time
from pathlib import Path

from benchmarks.support.project import cimnet, declare, lab_project, plain, write_plain


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--devices", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=20)
    options = parser.parse_args()
    with lab_project(options.devices) as project:
        cimnet(project, "apply", "--yes")
        measure(project, options)


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


if __name__ == "__main__":
    main()
