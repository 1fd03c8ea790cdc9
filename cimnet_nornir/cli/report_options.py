"""Reports for pipelines, beside what is printed: the options --junit and --markdown of several commands."""

import functools
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from cimnet_nornir.application.status import ERROR, FAILED
from cimnet_nornir.cli.options import options_of
from cimnet_nornir.cli.output import note

Command = TypeVar("Command", bound=Callable[..., Any])
_STDOUT = Path("-")
_FILE = click.Path(path_type=Path, dir_okay=False, allow_dash=True)
_MOST, _LEAST = 60_000, 2_000


@dataclass(frozen=True, slots=True)
class Reports:
    """Which reports are wanted, and where; `-` is stdout, which then has nothing else."""

    junit: Path | None = None
    markdown: Path | None = None
    limit: int = _MOST

    @property
    def on_stdout(self) -> bool:
        """Whether stdout belongs to a report."""
        return _STDOUT in (self.junit, self.markdown)

    def prepare(self, *, json: bool = False) -> None:
        """Refuse what cannot be written, before anything is done, and take away the reports of the run before.

        Those would tell of a run that ends before it has something to report.
        """
        if (self.junit, self.markdown).count(_STDOUT) + json > 1:
            raise click.UsageError("stdout has room for one document: of --json, --junit - and --markdown - say one")
        for path in (self.junit, self.markdown):
            if path is not None and path != _STDOUT:
                _make_way(path)

    def write(self, junit: Callable[[], str], markdown: Callable[[int], str] = lambda _: "") -> None:
        """Write what is wanted; `markdown` is given the limit. Raises click.ClickException."""
        for path, text in ((self.junit, junit), (self.markdown, lambda: markdown(self.limit))):
            if path is not None:
                _write(path, text())

    def write_after(self, status: int, junit: Callable[[], str], markdown: Callable[[int], str]) -> int:
        """Write what is wanted of what is done already, and return the exit status: a failed device counts more."""
        try:
            self.write(junit, markdown)
        except click.ClickException as error:
            note(f"cimnet: warning: {error.format_message()}")
            return status if status >= FAILED else ERROR
        return status


def _make_way(path: Path) -> None:
    if not os.access(path.parent, os.W_OK):
        strerror = "Permission denied" if path.parent.is_dir() else "No such file or directory"
        raise click.ClickException(f"{path}: {strerror}")
    if path.is_file() and not path.is_symlink():
        path.unlink()


def _write(path: Path, text: str) -> None:
    if path == _STDOUT:
        click.echo(text, nl=False)
        return
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from error


_REPORTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("--junit", {"type": _FILE, "metavar": "FILE", "help": "Write a JUnit file; - is stdout."}),
    (
        "--markdown",
        {"type": _FILE, "metavar": "FILE", "help": "Write Markdown for a merge request; - is stdout."},
    ),
    (
        "--markdown-limit",
        {
            "type": click.IntRange(min=_LEAST),
            "default": _MOST,
            "metavar": "N",
            "help": f"Of at most so many characters ({_MOST}).",
        },
    ),
)


def report_options(*flags: str) -> Callable[[Command], Command]:
    """Add options for reports to a command, which gets them as `reports`, a Reports; without flags all of them."""
    chosen = [(flag, settings) for flag, settings in _REPORTS if not flags or flag in flags]

    def add(command: Command) -> Command:
        @functools.wraps(command)
        def collected(*arguments: Any, **values: Any) -> Any:
            given = {flag: values.pop(flag.removeprefix("--").replace("-", "_")) for flag, _ in chosen}
            limit = given.get("--markdown-limit", _MOST)
            reports = Reports(given.get("--junit"), given.get("--markdown"), limit)
            reports.prepare(json=options_of(click.get_current_context()).json)
            return command(*arguments, reports=reports, **values)

        result: Any = collected
        for flag, settings in reversed(chosen):
            result = click.option(flag, **settings)(result)
        done: Command = result
        return done

    return add
