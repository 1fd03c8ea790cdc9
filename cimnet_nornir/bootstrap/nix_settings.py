"""How the host side is generated, as a project says it under `nix:`."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, Self, get_args

from cimnet_nornir.errors import SettingsError

NixStyle = Literal["networkd", "networking"]


@dataclass(frozen=True, slots=True)
class NixSettings:
    """`nixpkgs` is the flake reference that hosts are built from, None the usual one; `style` that of their options."""

    nixpkgs: str | None = None
    style: NixStyle = "networkd"

    @classmethod
    def of(cls, settings: Any) -> Self:
        """As they are written in settings. Raises SettingsError for an unknown name or an odd value."""
        given = {} if settings is None else settings
        names = [item.name for item in fields(cls)]
        if not isinstance(given, Mapping) or set(given) - set(names):
            raise SettingsError(f"nix: a mapping of {', '.join(names)} is wanted, not {given!r}", subject="nix")
        nixpkgs, style = given.get("nixpkgs"), given.get("style", cls().style)
        if nixpkgs is not None and not (isinstance(nixpkgs, str) and nixpkgs):
            raise SettingsError(
                f"nix: nixpkgs is a flake reference (github:NixOS/nixpkgs/nixos-unstable), not {nixpkgs!r}",
                subject="nix",
            )
        if style not in get_args(NixStyle):
            raise SettingsError(f"nix: style is {' or '.join(get_args(NixStyle))}, not {style!r}", subject="nix")
        return cls(nixpkgs, style)
