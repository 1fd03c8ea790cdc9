"""Reads and evaluates what was generated, with the real Nix: each file on its own, then the flake as a whole."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path

from cimnet_nornir.errors import InvalidInput
from cimnet_nornir.nix.expressions import Code, Value, expression, text
from cimnet_nornir.nix.folder import SITE, generated_files
from cimnet_nornir.nix.programs import Nix, find_nix

PARSED, EVALUATED, BY_NIXOS = "parsed", "evaluated", "evaluated by NixOS"
_PACKAGE = re.compile(r"\bpkgs\.([A-Za-z_][A-Za-z0-9_-]*)")
FLAKE, DEVICES = "flake.nix", "devices.nix"
_VALUES = frozenset({"position.nix"})
_HOSTS = "hosts/"


@dataclass(frozen=True, slots=True)
class Checked:
    """A file, what was done with it ("parsed", "evaluated"), and what is wrong with it: empty where nothing is."""

    file: str
    done: tuple[str, ...]
    problem: str = ""


def check_folder(folder: Path) -> tuple[Checked, ...]:
    """What Nix says of each generated file of a folder, and of the user's own in site/, in order.

    Modules are evaluated by stand-ins for nixpkgs, and hosts also by the real one where NIX_PATH has it; site/ is only
    parsed, since nothing but the real one can evaluate it. Nothing is built, and nothing outside of a temporary folder
    is written. Raises InvalidInput where nothing was generated there, SettingsError where there is no Nix.
    """
    names = _names(folder)
    if not names:
        raise InvalidInput(
            f"{folder}: nothing was generated there; write it with: cimnet nix generate", subject=str(folder)
        )
    nix = find_nix()
    with tempfile.TemporaryDirectory(prefix="cimnet-nix-") as scratch, as_file(_stand_in()) as stand_in:
        return tuple(_Check(folder.absolute(), names, nix, stand_in, Path(scratch), nixos=nix.has_nixos()).all())


def _stand_in() -> Traversable:
    return files("cimnet_nornir.nix") / "stand_in"


def _names(folder: Path) -> tuple[str, ...]:
    if not folder.is_dir():
        return ()
    generated = [name for name in generated_files(folder) if name.endswith((".nix", ".sh"))]
    own = [path.relative_to(folder).as_posix() for path in sorted((folder / SITE).rglob("*.nix"))]
    return (*generated, *own) if generated else ()


@dataclass(frozen=True, slots=True)
class _Check:
    """One look at a folder; `nixos` says whether there are the real modules of NixOS."""

    folder: Path
    names: tuple[str, ...]
    nix: Nix
    stand_in: Path
    scratch: Path
    nixos: bool

    def all(self) -> Iterator[Checked]:
        parsed = _problems([name for name in self.names if name.endswith(".nix")], self._parse)
        sound = [name for name, problem in parsed.items() if not problem and not name.startswith(f"{SITE}/")]
        evaluated = _problems([name for name in sound if name != FLAKE], self._evaluate)
        whole = len(sound) == len(evaluated) + 1 and not any((*parsed.values(), *evaluated.values()))
        for name in self.names:
            if name in evaluated:
                yield Checked(name, self._steps(name, evaluated[name]), evaluated[name])
            elif name == FLAKE and whole and self.nix.flakes is not None:
                # Where one of its files is wrong, that is what is wrong with it.
                yield Checked(name, (PARSED, EVALUATED), self._flake())
            else:
                yield Checked(name, (PARSED,), parsed[name] if name in parsed else _script(self.folder / name))

    def _steps(self, name: str, problem: str) -> tuple[str, ...]:
        nixos = (BY_NIXOS,) if self.nixos and not problem and name.startswith(_HOSTS) else ()
        return (PARSED, EVALUATED, *nixos)

    def _parse(self, names: Sequence[str]) -> str:
        return self._relative(self.nix.parse([self.folder / name for name in names]))

    def _evaluate(self, names: Sequence[str]) -> str:
        packages = _packages(self.folder, names)
        checks = [self._call("check.nix", name, names=packages, kind=_kind(name)) for name in names]
        problem = self.nix.evaluate(expression(checks))
        hosts = [name for name in names if name.startswith(_HOSTS)] if self.nixos else []
        if hosts and not problem:
            devices = self._path(self.folder / DEVICES)
            calls = [self._call("nixos.nix", name, devices=devices, host=Path(name).stem) for name in hosts]
            problem = self.nix.evaluate(expression(calls), store=True)
        return self._relative(problem)

    def _call(self, function: str, name: str, **arguments: Value) -> Code:
        values: Mapping[str, Value] = {"file": self._path(self.folder / name), **arguments}
        return Code(f"(import {self._path(self.stand_in / function).text} {expression(values)})")

    @staticmethod
    def _path(path: Path) -> Code:
        """A path as an expression, whatever is in its name."""
        return Code(f"(/. + {text(str(path))})")

    def _flake(self) -> str:
        flake, nixpkgs = self.scratch / "flake", self.scratch / "nixpkgs"
        # Without site/, which asks for more than the stand-ins have, and without what is no part of it.
        for name in generated_files(self.folder):
            (flake / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self.folder / name, flake / name)
        nixpkgs.mkdir()
        for path in self.stand_in.iterdir():
            shutil.copyfile(path, nixpkgs / path.name)
        (nixpkgs / "names.nix").write_text(expression(_packages(self.folder, self.names)), encoding="utf-8")
        return self._relative(self.nix.check_flake(flake, nixpkgs, self.scratch))

    def _relative(self, problem: str) -> str:
        return problem.replace(f"{self.folder}/", "").replace(f"{self.stand_in}/", "")


def _problems(names: Sequence[str], look: Callable[[Sequence[str]], str]) -> dict[str, str]:
    """By file what is wrong with it; all in one go, and one by one only where something is wrong with one."""
    if len(names) <= 1:
        return {name: look([name]) for name in names}
    return dict.fromkeys(names, "") if look(names) == "" else {name: look([name]) for name in names}


def _kind(name: str) -> str:
    return "devices" if name == DEVICES else "value" if name in _VALUES else "module"


def _packages(folder: Path, names: Sequence[str]) -> tuple[str, ...]:
    """The packages that files name: they get stand-ins."""
    texts = ((folder / name).read_text(encoding="utf-8", errors="replace") for name in names)
    return tuple(sorted({found for each in texts for found in _PACKAGE.findall(each)}))


def _script(path: Path) -> str:
    """What is wrong with the syntax of a script."""
    shell = shutil.which("sh")
    if shell is None:
        return ""
    done = subprocess.run([shell, "-n", path], capture_output=True, text=True, check=False, errors="replace")
    return "" if done.returncode == 0 else " ".join(done.stderr.replace(f"{path}: ", "").split())
