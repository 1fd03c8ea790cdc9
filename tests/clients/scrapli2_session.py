"""A session by scrapli 2: reads what to do as JSON from standard input, writes what came of each step as JSON.

Run by the interpreter of the environment that has scrapli 2, not by that of the tests.
"""

import json
import sys
from typing import Any

from scrapli import (  # type: ignore[import-not-found]  # of its environment
    AuthOptions,
    Cli,
    LookupKeyValue,
    TransportBinOptions,
    TransportSsh2Options,
)
from scrapli.exceptions import ScrapliException  # type: ignore[import-not-found]  # the same

TRANSPORTS = {"bin": TransportBinOptions, "ssh2": TransportSsh2Options}
MODES = {"commands": "", "configs": "configuration"}


def driver(wanted: dict[str, Any]) -> Any:
    return Cli(
        wanted["host"],
        port=wanted["port"],
        definition_file_or_name="cisco_iosxe",
        auth_options=AuthOptions(
            username=wanted["username"],
            password=wanted["password"],
            lookups=[LookupKeyValue("enable", wanted["enable"])],
        ),
        transport_options=TRANSPORTS[wanted["transport"]](),
    )


def run(wanted: dict[str, Any]) -> list[dict[str, Any]]:
    with driver(wanted) as cli:
        results = [cli.send_inputs(lines, requested_mode=MODES[kind]) for kind, lines in wanted["steps"]]
        return [{"output": result.result, "failed": result.failed} for result in results]


def main() -> None:
    try:
        steps = run(json.load(sys.stdin))
    except ScrapliException as error:
        sys.exit(f"{type(error).__name__}: {error}")
    json.dump(steps, sys.stdout)


if __name__ == "__main__":
    main()
