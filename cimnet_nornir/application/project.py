"""Makes a new project: a ready-to-run Nornir project, the same as the example in the repository."""

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from pydantic import ValidationError

from cimnet_nornir.domain.commands import CreateNetwork
from cimnet_nornir.errors import InvalidInput, SettingsError

PARTS = ("inventory", "tasks", "templates")
_EXAMPLE_NETWORK = "network: campus"
_IGNORED = frozenset({"__pycache__", ".cimnet"})
# What only the example network has.
_OF_THE_EXAMPLE = frozenset({Path("templates/cisco_ios/site.j2")})
_DEFINITION = Path("inventory/network.yaml")
_NOTHING_YET = """\
# The network as it is to be. `cimnet declare` records what differs from what was declared before; what this file leaves
# out stays as it is. `cimnet declare --schema` prints a JSON Schema, from which editors complete and check.
#
# A network that is there already is taken over by `cimnet import`; `cimnet render --definition` writes this file then.

network: campus

# For every device that does not say otherwise.
# defaults: {vendor: cisco, platform: ios, site: hq}

# The VLANs of every switch that does not name its own.
# vlans: {10: users, 99: management}

# devices:
#   sw1:
#     kind: switch                      # router, switch or host; a switch with `routing: true` is a layer-3 switch
#     management: 192.0.2.11            # the address at which it is reached
#     ports: [GigabitEthernet1/0/1-24]
#     interfaces:
#       GigabitEthernet1/0/1-20: {mode: access, vlan: 10, portfast: true}
#       Vlan99: {address: 192.0.2.11/24, description: management}

# links:
#   - [sw1 GigabitEthernet1/0/24, sw2 GigabitEthernet1/0/24]
"""
_GITIGNORE = """\
# the store, the lab and what waits
.cimnet/
nornir.log
# secrets that came in with configurations
inventory/secrets/
"""


def create_project(folder: Path, *, network: str | None = None, empty: bool = False) -> tuple[Path, ...]:
    """Write a project into the folder and return the files, in order; nothing that exists is overwritten.

    One that is `empty` has a definition of which only the name is said, in the place of the example network.
    Raises InvalidInput where a file of the project is there already or cannot be written, or for a name that no network
    can have.
    """
    if network is not None:
        _check_name(network)
    contents = dict(_contents(network, empty=empty))
    taken = [path for path in contents if (folder / path).exists()]
    if taken:
        raise InvalidInput(f"{folder / taken[0]} is there already; choose another folder", subject=str(folder))
    try:
        for path, text in contents.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
    except OSError as error:
        raise InvalidInput(f"{error.filename}: {error.strerror}", subject=str(folder)) from error
    return tuple(folder / path for path in contents)


def _check_name(network: str) -> None:
    try:
        CreateNetwork(name=network)
    except ValidationError as error:
        message = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise InvalidInput(f"--network: {message}", subject="network") from error


def _contents(network: str | None, *, empty: bool) -> Iterator[tuple[Path, str]]:
    source = _source()
    for part in PARTS:
        for path, file in _walk(source / part, Path(part)):
            if empty and path in _OF_THE_EXAMPLE:
                continue
            text = _NOTHING_YET if empty and path == _DEFINITION else file.read_text(encoding="utf-8")
            yield path, text.replace(_EXAMPLE_NETWORK, f'network: "{network}"') if network else text
    yield Path(".gitignore"), _GITIGNORE


def _source() -> Traversable:
    """A wheel carries the example inside the package; an editable install finds it beside the package."""
    package = files("cimnet_nornir")
    for place in (package / "example", Path(str(package)).parent):
        if (place / "inventory" / "config.yaml").is_file():
            return place
    raise SettingsError("this installation has no example project; install the wheel again", subject="init")


def _walk(folder: Traversable, path: Path) -> Iterator[tuple[Path, Traversable]]:
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name in _IGNORED:
            continue
        if entry.is_dir():
            yield from _walk(entry, path / entry.name)
        else:
            yield path / entry.name, entry
