"""Times hier_config over two configurations; runs in an environment of its own, and prints JSON.

`python hier.py RUNNING INTENDED RUNS`: seconds of the processor to read both, and to compute what takes one to the
other (the least of the runs), with the number of lines.
"""

import json
import sys
from pathlib import Path
from time import process_time

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
        start = process_time()
        have, want = (get_hconfig(Platform.CISCO_IOS, text) for text in (running, intended))
        read = process_time()
        remediation = WorkflowRemediation(have, want).remediation_config
        lines = sum(1 for _ in remediation.all_children())
        computing.append(process_time() - read)
        parsing.append(read - start)
    print(json.dumps({"parse": min(parsing), "remediate": min(computing), "lines": lines}))


if __name__ == "__main__":
    main()
