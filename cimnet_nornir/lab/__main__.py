"""The lab's background process: `python -m cimnet_nornir.lab STATE_DIR`, started by `control.lab_up`."""

import asyncio
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from cimnet_nornir.errors import CimnetError
from cimnet_nornir.lab.service import served
from cimnet_nornir.lab.spec import LabSpec
from cimnet_nornir.lab.state import LabState


async def serve(spec: LabSpec, state_dir: Path, *, on_up: Callable[[LabState], None] | None = None) -> None:
    """Serve the lab until it is told to stop, by its control port or by a signal; `on_up` is called when all listen."""
    async with served(spec, state_dir) as service:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, service.stopped.set)
        if on_up is not None:
            on_up(service.state)
        await service.stopped.wait()


def main(arguments: list[str]) -> int:
    """Read the specification from STATE_DIR/spec.json and serve it; the last line of stderr says what went wrong."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m cimnet_nornir.lab STATE_DIR\n")
        return 1
    state_dir = Path(arguments[0])
    try:
        spec = LabSpec.from_json((state_dir / "spec.json").read_text(encoding="utf-8"))
        asyncio.run(serve(spec, state_dir))
    except (CimnetError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
