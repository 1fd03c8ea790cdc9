"""Times reading and remediating a configuration of 5,000 lines, beside hier_config 3.7.1 in an environment of its own.

Both take turns, and the least time of each counts, in seconds of the processor: others may load the machine. Also how
long 1,000 devices take to render. Run: python -m benchmarks.remediation [RUNS]
"""

import json
import subprocess
import sys
import venv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import TypeVar

from benchmarks.render import access_switch
from cimnet_nornir.domain.network import Network
from cimnet_nornir.ios import canonical, tree
from cimnet_nornir.ios import normalise as normalising
from cimnet_nornir.ios.bundle import TemplateBundle
from cimnet_nornir.ios.generator import IosGenerator
from cimnet_nornir.ios.normalise import normalise
from cimnet_nornir.ios.profiles import profile_for
from cimnet_nornir.ios.remediation import remediate
from cimnet_nornir.ios.rules import table
from cimnet_nornir.ios.tree import Config, parse_config

T = TypeVar("T")
HIER_CONFIG = "hier_config==3.7.1"
ENVIRONMENT = Path(__file__).parents[1] / ".venv-clients" / "hier_config"
PROFILE = profile_for("ios", routes=True, switches=True)
PORTS, ENTRIES, PREFIXES = 600, 600, 800
DEVICES = 1000


def configuration(*, changed: bool) -> str:
    """Some 5,000 lines of a large layer-3 switch; changed, one line in twenty differs."""

    def every(number: int, usual: T, other: T) -> T:
        return other if changed and number % 20 == 0 else usual

    lines = ["hostname big", "ip routing"]
    for vlan in range(2, 302):
        lines += [f"vlan {vlan}", f" name {every(vlan, f'vlan-{vlan}', f'renamed-{vlan}')}"]
    for port in range(1, PORTS + 1):
        lines += [
            f"interface GigabitEthernet1/0/{port}",
            f" description {every(port, f'desk {port}', f'printer {port}')}",
            f" switchport access vlan {every(port, 2 + port % 300, 2 + (port + 7) % 300)}",
            " switchport mode access",
            " spanning-tree portfast",
        ]
    lines.append("ip access-list extended EDGE")
    for entry in range(1, ENTRIES + 1):
        port = every(entry, entry, entry + 10000)
        lines.append(f" {entry * 10} permit tcp any host 10.{entry // 256}.{entry % 256}.1 eq {port}")
    for number in range(1, PREFIXES + 1):
        hop = every(number, 1, 2)
        lines.append(f"ip route 172.{16 + number // 256}.{number % 256}.0 255.255.255.0 10.0.0.{hop}")
    return "\n".join(lines) + "\n"


def forget() -> None:
    """Read as if for the first time: what is kept between readings would make the second one cheap."""
    for kept in (
        *(parse_config, tree._read, tree._outline),  # noqa: SLF001 - the benchmark measures the first reading
        *(normalising._section, normalising._lines, normalising._alone),  # noqa: SLF001 - the same
        *(canonical.canonical_line, table.placed),
    ):
        kept.cache_clear()


Times = tuple[float, float, int]
"""Seconds to read both and to remediate, and the number of lines."""


def ours(running: str, intended: str) -> Times:
    forget()
    start = process_time()
    have, want = (read(text) for text in (running, intended))
    at = process_time()
    lines = len(remediate(have, want, PROFILE).lines())
    return at - start, process_time() - at, lines


def read(text: str) -> Config:
    return normalise(parse_config(text), PROFILE)


def is_there() -> bool:
    """Whether hier_config can be run; it is installed where it is not yet."""
    if (ENVIRONMENT / "bin" / "python").exists():
        return True
    venv.create(ENVIRONMENT, with_pip=True)
    command: list[str | Path] = [ENVIRONMENT / "bin" / "python", "-m", "pip", "install", "-q", HIER_CONFIG]
    return subprocess.run(command, check=False).returncode == 0


def theirs(running: str, intended: str) -> Times:
    """The same by hier_config, the better of two, since its first run is slower."""
    with TemporaryDirectory() as folder:
        files = []
        for name, text in (("running", running), ("intended", intended)):
            path = Path(folder) / name
            path.write_text(text, encoding="utf-8")
            files.append(str(path))
        program = Path(__file__).parent / "support" / "hier.py"
        command: list[str | Path] = [ENVIRONMENT / "bin" / "python", program, *files, "2"]
        out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = json.loads(out)
    return found["parse"], found["remediate"], found["lines"]


def rendering() -> float:
    """Seconds to render 1,000 switches that differ."""
    generator, network = IosGenerator(TemplateBundle.load()), Network("campus")
    devices = [replace(access_switch(), id=f"access{number}", name=f"access{number}") for number in range(DEVICES)]
    return seconds(lambda: [generator.generate(device, network) for device in devices])


def seconds(work: Callable[[], object]) -> float:
    start = process_time()
    work()
    return process_time() - start


def least(times: list[Times]) -> tuple[float, float]:
    """The least time to read, and to remediate."""
    return min(each[0] for each in times), min(each[1] for each in times)


def main() -> int:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    running, intended = configuration(changed=False), configuration(changed=True)
    if not is_there():
        print(f"{HIER_CONFIG} cannot be installed here, so there is nothing to compare with", file=sys.stderr)
        return 1
    ours(running, intended)  # both have one run before, in which patterns are compiled
    both = [(ours(running, intended), theirs(running, intended)) for _ in range(runs)]
    mine, other = least([each for each, _ in both]), least([each for _, each in both])
    print(f"two configurations of {len(running.splitlines()):,} lines, one in twenty differs; least of {runs} runs")
    print(f"cimnet       read and normalise {mine[0]:6.2f} s, remediate {mine[1]:6.2f} s ({both[0][0][2]:,} lines)")
    print(f"hier_config  read               {other[0]:6.2f} s, remediate {other[1]:6.2f} s ({both[0][1][2]:,} lines)")
    print(f"ratio, cimnet to hier_config, whole {sum(mine) / sum(other):.2f}")
    print(f"{DEVICES:,} switches of 50 ports rendered in {rendering():.2f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
