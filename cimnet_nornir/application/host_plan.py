"""The configuration engine of hosts: a host's configuration is the text of its module, compared line by line."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher, unified_diff

from cimnet_nornir.application.host_side import host_side
from cimnet_nornir.application.host_site import SITE_MARK
from cimnet_nornir.application.ports import HostGenerator
from cimnet_nornir.domain.capabilities import Protection
from cimnet_nornir.domain.comparison import Change, Comparison, Path
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.validation import AnyRule
from cimnet_nornir.errors import DomainError, InvalidValue, RenderError

# What only ends a block says nothing: it stands and goes with what it ends.
_CLOSING = frozenset({"{", "}", "};", "]", "];", "''", "'';"})
# Above and below what differs, as in any unified difference.
_CONTEXT = 3


@dataclass(frozen=True, slots=True)
class HostEngine:
    """The ConfigurationEngine of hosts, as far as it is asked about them. A module holds no secrets, and no times.

    `site` gives the line that names what the project adds to its hosts by files of its own; empty where it adds none.
    """

    generator: HostGenerator
    site: Callable[[], str] = str

    @property
    def templates(self) -> str:
        """The digest of what writes the modules: the same digest writes the same text."""
        return "sha256:" + hashlib.sha256(self.archive).hexdigest()

    @property
    def archive(self) -> bytes:
        """The program that writes modules has no templates: what stands for them is its own digest."""
        return self.generator.digest.encode()

    @property
    def rules(self) -> tuple[AnyRule, ...]:
        """None besides those of every network."""
        return ()

    def render(self, device: Device, network: Network) -> str:
        """The module of the host, and what the project adds. Raises RenderError where what stands on it cannot be."""
        try:
            return self.generator.module(host_side(network, device.name)) + self.site()
        except (DomainError, InvalidValue) as error:
            raise RenderError(error.message, subject=device.name) from error

    def compare(self, device: Device, running: str, intended: str, *, formerly: str | None = None) -> Comparison:  # noqa: ARG002 - the port's: a module has nothing of anybody else's in it
        """What takes the host from the one module to the other; nothing where they are the same."""
        changes = tuple(_changes(running, intended))
        return Comparison(
            changes=changes,
            commands=tuple(change.command for change in changes),
            diff=_diff(running, intended),
            inverse=tuple(change.command for change in _changes(intended, running)),
            touched=running,
        )

    def candidate(
        self,
        device: Device,  # noqa: ARG002 - the port's
        running: str,  # noqa: ARG002 - the port's
        intended: str,
        *,
        formerly: str | None = None,  # noqa: ARG002 - the port's
        replace: bool = False,  # noqa: ARG002 - the port's
    ) -> str:
        """The module: a host is always given the whole of it."""
        return intended

    def unplanned(self, diff: str, running: str, candidate: str) -> tuple[str, ...]:  # noqa: ARG002 - the port's
        """Nothing: a host runs the module that it was given, or another one."""
        return ()

    def protection(self, device: Device, running: str) -> Protection:  # noqa: ARG002 - the port's
        """Every host goes back by a timer of its own."""
        return Protection("revert timer")

    def site_paths(self, device: Device, network: Network) -> frozenset[Path]:  # noqa: ARG002 - the port's
        """What names the site's own files: no event is behind them."""
        line = self.site().strip()
        return frozenset({(line,)} if line else ())

    def site_causes(self, device: Device, network: Network) -> Mapping[Path, str]:
        """The folder of the site's own files."""
        return dict.fromkeys(self.site_paths(device, network), "nix/")

    def prepare(self, device: Device, text: str) -> None:
        """Nothing takes long."""

    def paths(self, text: str) -> tuple[Path, ...]:
        """Each line that says something, with the blocks it stands in."""
        return tuple(path for path in _paths(text.splitlines()) if path)

    def lines(self, device: Device, text: str) -> frozenset[Path]:  # noqa: ARG002 - the port's
        """The same as a set."""
        return frozenset(self.paths(text))

    def stable(self, text: str) -> str:
        """The text: nothing in it changes by itself."""
        return text

    def with_unshown(self, text: str, other: str | None) -> str:  # noqa: ARG002 - the port's
        """A module as it is: a host shows all of it."""
        return text

    def reveal(self, text: str) -> str:
        """The text itself: a host's module holds no secrets."""
        return text

    def mask(self, text: str) -> str:
        """The text: there are references to secrets in it at most."""
        return text


def _changes(running: str, intended: str) -> Iterator[Change]:
    """The lines that go and come, in the order of the file; lines that only end blocks where nothing else differs."""
    said = tuple(change for change in _all_changes(running, intended) if change.path[-1] not in _CLOSING)
    yield from said or _all_changes(running, intended)


def _all_changes(running: str, intended: str) -> Iterator[Change]:
    have, wanted = running.splitlines(), intended.splitlines()
    had, will = _paths(have), _paths(wanted)
    for kind, i, j, k, m in SequenceMatcher(None, have, wanted, autojunk=False).get_opcodes():
        if kind != "equal":
            yield from (_change("-", have[at], had[at]) for at in range(i, j))
            yield from (_change("+", wanted[at], will[at]) for at in range(k, m))


def _change(mark: str, line: str, path: Path) -> Change:
    whole = path or (line.strip(),)
    return Change(section=whole[:-1], command=f"{mark} {line}".rstrip(), path=whole, adds=mark == "+")


def _paths(lines: list[str]) -> list[Path]:
    """For each line its path; an empty one for a line that only ends a block, or is empty."""
    found: list[Path] = []
    above: list[tuple[int, str]] = []
    for line in lines:
        said, indent = line.strip(), len(line) - len(line.lstrip())
        if not said or said in _CLOSING:
            found.append(())
            continue
        while above and above[-1][0] >= indent:
            above.pop()
        found.append((*(text for _, text in above), said))
        # What stands at the margin holds the module, and is no option in it.
        above += [(indent, said)] if indent else []
    return found


def _diff(running: str, intended: str) -> str:
    lines = unified_diff(running.splitlines(), intended.splitlines(), n=_CONTEXT, lineterm="")
    # Without the two lines that name files.
    return "".join(f"{line}\n" for line in list(lines)[2:])


def only_takes_away(commands: tuple[str, ...]) -> bool:
    """Whether a change to a host brings nothing that was not there: then the host goes before the switches.

    A list that gets shorter is a line that goes and one that comes, whose words all stood in the one before. What the
    project adds by files of its own needs nothing of a switch.
    """
    said = [line for line in commands if not line[1:].strip().startswith(SITE_MARK.strip())]
    words = {mark: [word for line in said if line.startswith(mark) for word in line[1:].split()] for mark in "+-"}
    left = list(words["-"])
    for word in words["+"]:
        if word not in left:
            return False
        left.remove(word)
    return bool(left)
