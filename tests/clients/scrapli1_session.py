"""A session by scrapli 1: reads what to do as JSON from standard input, writes what came of each step as JSON.

Run by the interpreter of the environment that has scrapli 1, not by that of the tests.
"""

import asyncio
import json
import sys
from contextlib import suppress
from typing import Any

from scrapli.driver.core import AsyncIOSXEDriver, IOSXEDriver  # type: ignore[import-not-found]  # of its environment
from scrapli.exceptions import ScrapliException  # type: ignore[import-not-found]  # the same

ASYNCHRONOUS = "asyncssh"


def arguments(wanted: dict[str, Any]) -> dict[str, Any]:
    return {
        "host": wanted["host"],
        "port": wanted["port"],
        "auth_username": wanted["username"],
        "auth_password": wanted["password"],
        "auth_secondary": wanted["enable"],
        "auth_strict_key": False,
        "transport": wanted["transport"],
    }


def told(response: Any) -> dict[str, Any]:
    return {"output": response.result, "failed": response.failed}


# Closing types `exit`, and the device closes at once; in the middle of its own closing each transport finds that in an
# error of its own. By then all answers are there, and only closing is let off.
def run(wanted: dict[str, Any]) -> list[dict[str, Any]]:
    driver = IOSXEDriver(**arguments(wanted))
    driver.open()
    try:
        send = {"commands": driver.send_commands, "configs": driver.send_configs}
        return [told(send[kind](lines, stop_on_failed=True)) for kind, lines in wanted["steps"]]
    finally:
        with suppress(Exception):
            driver.close()


async def run_asynchronously(wanted: dict[str, Any]) -> list[dict[str, Any]]:
    driver = AsyncIOSXEDriver(**arguments(wanted))
    await driver.open()
    try:
        send = {"commands": driver.send_commands, "configs": driver.send_configs}
        return [told(await send[kind](lines, stop_on_failed=True)) for kind, lines in wanted["steps"]]
    finally:
        with suppress(Exception):
            await driver.close()


def main() -> None:
    wanted = json.load(sys.stdin)
    try:
        asynchronous = wanted["transport"] == ASYNCHRONOUS
        steps = asyncio.run(run_asynchronously(wanted)) if asynchronous else run(wanted)
    except ScrapliException as error:
        sys.exit(f"{type(error).__name__}: {error}")
    json.dump(steps, sys.stdout)


if __name__ == "__main__":
    main()
