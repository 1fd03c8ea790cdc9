"""The hosts of a network as a flake, by file name: hosts, devices, the modules they stand on, and how to use it all."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib.resources import files

from cimnet_nornir.application.host_flake import NIXOS, FlakeContents, FlakeDevice
from cimnet_nornir.application.host_parts import HostSide
from cimnet_nornir.nix.expressions import Code, Value, expression
from cimnet_nornir.nix.marks import MARK
from cimnet_nornir.nix.plain_host import plain_files

OfHost = Callable[..., Mapping[str, bytes]]
"""The files of one host, by their names; by keyword `plain`, whether without NixOS."""

DEFAULT_NIXPKGS = "github:NixOS/nixpkgs/nixos-unstable"
_HEAD = f"# {MARK} from the network's intent: what is changed here is lost with the next generation."
_POSITION = "# The event of the network's intent up to which all of this was generated."
_MASKED = f"! {MARK} from the network's intent; its secrets are masked, since everybody can read the Nix store."
# What cimnet.nix is called in the package and in the flake: the same for every network.
_MODULE = "cimnet.nix"
# A text of the template that stands for a value.
_PLACE = re.compile(r'"@(?P<name>[a-z]+)@"')


def flake_files(contents: FlakeContents, of_host: OfHost, *, nixpkgs: str) -> dict[str, bytes]:
    """The files of the flake. `of_host` gives those of one host, `nixpkgs` is the flake reference of the input."""
    hosts = _of_hosts(contents.hosts, of_host)
    scripts = tuple(name for name in hosts if name.endswith(".sh"))
    texts = {
        _MODULE: _packaged(_MODULE),
        "README.md": _packaged("flake.template.md").replace("@network@", _line(contents.network)),
        "devices.nix": _devices(contents),
        "flake.nix": _flake(contents, scripts, nixpkgs),
        # Alone in its file: it changes with every event, and nothing else may change because of that.
        "position.nix": f"{_POSITION}\n{_HEAD}\n{contents.position}\n",
        **{_configuration(device): f"{_MASKED}\n{device.configuration}" for device in contents.devices},
    }
    return dict(sorted((hosts | _encoded(texts)).items()))


def plain_folder(hosts: Sequence[HostSide], of_host: OfHost) -> dict[str, bytes]:
    """The files of a folder for hosts without NixOS."""
    return {**_encoded({"README.md": _packaged("plain.template.md")}), **_of_hosts(hosts, partial(of_host, plain=True))}


def host_files(host: HostSide, module: Callable[[HostSide], str], *, plain: bool) -> dict[str, bytes]:
    """The files of one host; `module` gives that of a host with NixOS."""
    if host.vendor == NIXOS and not plain:
        return _encoded({f"hosts/{host.name}.nix": module(host)})
    return _encoded({f"hosts/{host.name}/{name}": text for name, text in plain_files(host).items()})


def _of_hosts(hosts: Sequence[HostSide], of_host: OfHost) -> dict[str, bytes]:
    return {name: content for host in hosts for name, content in of_host(host).items()}


def _encoded(texts: Mapping[str, str]) -> dict[str, bytes]:
    return {name: text.encode() for name, text in texts.items()}


def _configuration(device: FlakeDevice) -> str:
    return f"devices/{device.name}.cfg"


def _devices(contents: FlakeContents) -> str:
    sets: dict[str, Value] = {
        option: {device.name: _device(device) for device in contents.devices if device.kind == kind}
        for option, kind in (("cimnet.routers", "router"), ("cimnet.switches", "switch"))
    }
    settings = (f"  {option} = {expression(value, depth=1)};" for option, value in sets.items())
    head = f"# The routers and switches of {_line(contents.network)}."
    return "\n".join((head, _HEAD, "{ ... }:", "{", f"  imports = [ ./{_MODULE} ];", *settings, "}", ""))


def _device(device: FlakeDevice) -> dict[str, Value]:
    return {
        "vendor": device.vendor,
        "platform": device.platform,
        "management": device.management,
        "configFile": Code(f"./{_configuration(device)}"),
    }


def _flake(contents: FlakeContents, scripts: tuple[str, ...], nixpkgs: str) -> str:
    values: Mapping[str, Value] = {
        "description": f"The hosts of {contents.network}",
        "nixpkgs": nixpkgs,
        "hosts": tuple(host.name for host in contents.hosts if host.vendor == NIXOS),
        "scripts": scripts,
    }
    template = _packaged("flake.template.nix").replace("@network@", _line(contents.network))
    return _PLACE.sub(lambda match: expression(values[match["name"]], depth=3), template)


def _packaged(name: str) -> str:
    return (files("cimnet_nornir.nix") / name).read_text(encoding="utf-8")


def _line(name: str) -> str:
    """A name as it can stand in a comment: of one line."""
    return " ".join(name.split())
