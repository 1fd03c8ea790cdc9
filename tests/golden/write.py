"""Writes the computed files of golden cases of features; read what it wrote before you keep it.

`python tests/golden/write.py tests/golden/features/ntp-server/*` needs `intent.yaml` and `running.cfg` in each folder.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.golden_features import FOLDER, FeatureCase


def main() -> None:
    """Write, and show what was written."""
    for argument in sys.argv[1:]:
        folder = Path(argument).resolve()
        case = FeatureCase(str(folder.relative_to(FOLDER)))
        for file, text in case.outputs().items():
            (folder / file).write_text(text, encoding="utf-8")
            if file != "rendered.cfg":
                print(f"--- {case.name}/{file}\n{text}", end="")


if __name__ == "__main__":
    main()
