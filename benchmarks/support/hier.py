"""Times hier_config over two configurations; runs in an environment of its own, and prints JSON.

`python hier.py RUNNING INTENDED RUNS`: seconds to read both, and to compute what takes one to the other (the median of
the runs), with the number of lines.
"""

import json
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

from hier_config import (  # type: ignore[import-not-found,import-untyped,unused-ignore]  # it cannot be installed beside ciscoconfparse
    Platform,
    WorkflowRemediation,
    get_hconfig,
)


def main() -> None:
    """Print the times."""
    running, intended = (Path(name).read_text(encoding="utf-8") for name in sys.argv[1:3])
    parsing, computing, lines = [], [], 0
    for _ in range(int(sys.argv[3])):
        start = perf_counter()
        have, want = (get_hconfig(Platform.CISCO_IOS, text) for text in (running, intended))
        read = perf_counter()
        remediation = WorkflowRemediation(have, want).remediation_config
        lines = sum(1 for _ in remediation.all_children())
        computing.append(perf_counter() - read)
        parsing.append(read - start)
    print(json.dumps({"parse": median(parsing), "remediate": median(computing), "lines": lines}))


if __name__ == "__main__":
    main()
