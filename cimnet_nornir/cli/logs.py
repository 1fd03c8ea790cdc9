"""Where the log of a command that runs on goes: stderr, as text for people or as JSON, one object a line."""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])
LogFormat = Literal["text", "json"]


def log_option(command: Command) -> Command:
    """Add --log to a command that runs on; it is handed over as `log_format`."""
    return click.option(
        "--log",
        "log_format",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="How the log on stderr is written; json: one object a line.",
    )(command)


@contextmanager
def logging_to_stderr(log_format: LogFormat, *, verbose: bool = False) -> Iterator[None]:
    """Have `log` write to stderr while the block runs; what is logged as debugging only where asked for."""
    from cimnet_nornir.application.logs import LOGGER

    logger, handler = logging.getLogger(LOGGER), _Stderr(log_format)
    before = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG if verbose else logging.INFO)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.level, logger.propagate = before


class _Stderr(logging.Handler):
    """Writes to what stderr is at the moment; a line at once, and none cut into another."""

    def __init__(self, log_format: LogFormat) -> None:
        from cimnet_nornir.application.logs import json_line, text_line

        super().__init__()
        self._line = json_line if log_format == "json" else text_line

    def emit(self, record: logging.LogRecord) -> None:
        # A log that nobody reads any more stops nothing.
        try:
            sys.stderr.write(self._line(record) + "\n")
            sys.stderr.flush()
        except (OSError, ValueError):
            # Its reader went away, or it is closed.
            return
