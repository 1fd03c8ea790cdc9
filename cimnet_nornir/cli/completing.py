"""What the shell completes: hosts and groups, rules, events and their requests, as the project knows them."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from cimnet_nornir.cli.groups import ShowsUnlessTold

if TYPE_CHECKING:
    from cimnet_nornir.application.service import NetworkService
    from cimnet_nornir.cli.options import Options

Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]
_Find = Callable[["_Asked"], Iterable[CompletionItem]]
# So many requests and deployments are offered, the last ones.
_RECENT = 25
_SHORT = 8
_SQLITE = "sqlite:///"


class _Asked:
    """What is completed: the beginning that was typed, what stands there already, and the project it is typed in."""

    def __init__(self, ctx: click.Context, param: click.Parameter, begun: str) -> None:
        self.ctx = ctx
        self.begun = begun
        given = ctx.params.get(param.name or "")
        self.given: tuple[str, ...] = tuple(given) if isinstance(given, list | tuple) else ()

    @property
    def options(self) -> "Options":
        from cimnet_nornir.cli.options import Options

        return self.ctx.find_object(Options) or Options()

    @contextmanager
    def service(self) -> "Iterator[NetworkService]":
        """The project's service; raises FileNotFoundError where nothing was recorded: asking makes no store."""
        from cimnet_nornir.bootstrap import open_service

        settings = self.options.settings
        if settings.store.startswith(_SQLITE):
            Path(settings.store.removeprefix(_SQLITE)).stat()
        service = open_service(settings)
        try:
            yield service
        finally:
            service.store.close()


def _quiet(find: _Find) -> Complete:
    """At a prompt nobody wants to read an error: where nothing can be found, nothing is offered."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        try:
            return list(find(_Asked(ctx, param, incomplete)))
        except Exception:  # noqa: BLE001 - whatever is wrong, the command itself will tell
            return []

    return complete


def _those(asked: _Asked, words: Iterable[str], *, before: str = "") -> Iterator[CompletionItem]:
    """The words that begin so, behind what was typed `before` them in the same argument."""
    begun = asked.begun.removeprefix(before)
    yield from (CompletionItem(before + word) for word in words if word.startswith(begun))


def _names(asked: _Asked) -> list[str]:
    with asked.service() as service:
        return [host.name for host in service.hosts() if host.name not in asked.given]


def _hosts(asked: _Asked) -> Iterator[CompletionItem]:
    parent = asked.ctx.parent.command if asked.ctx.parent else None
    if isinstance(parent, ShowsUnlessTold) and not asked.given:
        # `show` may be left out: in its place another sub-command may come.
        yield from _those(asked, (name for name in parent.commands if name != "show"))
    yield from _those(asked, _names(asked))


def _hosts_or_files(asked: _Asked) -> Iterator[CompletionItem]:
    """Hosts, and what is in the folder; further down the shell completes paths by itself."""
    found = [] if "/" in asked.begun else [*_quietly_named(asked), *_those(asked, _entries())]
    yield from found or [CompletionItem(asked.begun, type="file")]


def _quietly_named(asked: _Asked) -> list[CompletionItem]:
    try:
        return list(_those(asked, _names(asked)))
    except Exception:  # noqa: BLE001 - files need no project
        return []


def _entries() -> list[str]:
    return sorted(f"{path.name}/" if path.is_dir() else path.name for path in Path().iterdir() if path.name[0] != ".")


def _patterns(asked: _Asked) -> Iterator[CompletionItem]:
    """Hosts and groups for --limit, the last of a list, `!` before it or not."""
    listed, comma, last = asked.begun.rpartition(",")
    before = listed + comma + ("!" if last.startswith("!") else "")
    with asked.service() as service:
        hosts = service.hosts()
    groups = sorted({f"group:{group}" for host in hosts for group in host.groups})
    yield from _those(asked, [*(host.name for host in hosts), *groups], before=before)


def _rules(asked: _Asked) -> Iterator[CompletionItem]:
    """The rules of validation and of audit: both are waived by their ids."""
    from cimnet_nornir.bootstrap import auditor_of

    auditor = auditor_of(asked.options.settings.project, ())
    with asked.service() as service:
        known: dict[str, str] = {rule.id: rule.description for rule in service.rules.rules}
    known |= {rule.id: rule.description for rule in auditor.rules}
    for rule, description in sorted(known.items()):
        if rule.startswith(asked.begun):
            yield CompletionItem(rule, help=description)


def _chains(asked: _Asked) -> Iterator[CompletionItem]:
    """The last requests and deployments by their ids, with what they were."""
    from cimnet_nornir.application.describe import describe

    with asked.service() as service:
        found = service.store.read_all(types=("ChangeRequested", "DeploymentStarted"), newest_first=True)
        seen: set[str] = set()
        for stored in found:
            identity = str(stored.correlation_id)[:_SHORT]
            if identity not in seen and identity.startswith(asked.begun):
                yield CompletionItem(identity, help=f"{stored.actor}: {describe(stored.event)}")
            seen.add(identity)
            if len(seen) == _RECENT and not asked.begun:
                return


def _types(asked: _Asked) -> Iterator[CompletionItem]:
    from cimnet_nornir.application.metrics import EVENT_NAMES

    yield from _those(asked, sorted(EVENT_NAMES))


hosts: Any = _quiet(_hosts)
hosts_or_files: Any = _quiet(_hosts_or_files)
patterns: Any = _quiet(_patterns)
rules: Any = _quiet(_rules)
chains: Any = _quiet(_chains)
event_types: Any = _quiet(_types)
