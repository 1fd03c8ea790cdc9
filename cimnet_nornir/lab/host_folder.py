"""What a simulated NixOS host has on its disk: a folder with its generations, its state, and programs that stand in.

Commands really run in it, as the user whose lab it is: CIMNET_ROOT leads the agent and the stand-ins there.
"""

import os
import shutil
import signal
import time
from contextlib import suppress
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final
from uuid import uuid4

MINUTE_SECONDS: Final = 60
_FOLDERS: Final = ("nix/store", "nix/var/nix/profiles", "nix/var/nix/gcroots", "run", "etc", "lab/units")
# How often, and how long after the last time, it is looked whether a process that was ended is gone.
_ENDING_ROUNDS: Final = 100
_ENDING_SECONDS: Final = 0.02
_FIRST: Final = "0" * 32 + "-nixos-system-initial"


class HostFolder:
    """One host's folder. `minute` is how many seconds its timers take for one, `shift` how far its clock is ahead."""

    def __init__(self, root: Path, *, minute: int = MINUTE_SECONDS) -> None:
        self.root = root.absolute()
        self.minute = minute

    @property
    def environment(self) -> dict[str, str]:
        """What the commands of the host find around them: the stand-ins before the real programs."""
        usual = os.environ.get("PATH", "/usr/local/bin:/usr/bin:/bin")
        return {
            "CIMNET_ROOT": str(self.root),
            "CIMNET_LAB_MINUTE": str(self.minute),
            "PATH": f"{self.root / 'lab' / 'bin'}:{usual}",
            "HOME": str(self.root),
            "LC_ALL": "C.UTF-8",
            # As root, Nix warns of a group for building where nothing is built.
            "NIX_CONFIG": "build-users-group =",
        }

    @property
    def module(self) -> str:
        """The text of the module that the host runs by; empty where nothing was ever deployed."""
        return _read(self.root / "etc" / "cimnet" / "host.nix")

    @property
    def cut(self) -> bool:
        """Whether an activation has cut the host off."""
        return (self.root / "lab" / "cut").exists()

    def tell_cut_off(self) -> None:
        """Let the activation that asked for it go on: nobody is in any more."""
        if self.cut:
            _write(self.root / "lab" / "cut-off", "")

    @property
    def reboots(self) -> bool:
        """Whether the host was told to reboot."""
        return (self.root / "lab" / "reboot").exists()

    def boot(self) -> None:
        """Start the host with what its boot loader names; the first time, make a generation with nothing in it."""
        for name in _FOLDERS:
            (self.root / name).mkdir(parents=True, exist_ok=True)
        self.root.chmod(0o700)
        # A lab that was killed could end nothing.
        self.halt()
        self._install()
        profile = self.root / "nix/var/nix/profiles/system"
        if not profile.is_symlink():
            self._first(profile)
        loader = self.root / "lab/boot-loader"
        if not loader.is_symlink():
            _link(loader, profile.resolve())
        system = loader.resolve()
        for name in ("booted-system", "current-system"):
            _link(self.root / "run" / name, system)
        self._module_of(system)
        _write(self.root / "proc/sys/kernel/random/boot_id", f"{uuid4()}\n")
        _link(self.root / "proc/uptime", Path("/proc/uptime"))
        _write(self.root / "lab/failed-units", "")
        for name in ("cut", "cut-off", "reboot"):
            (self.root / "lab" / name).unlink(missing_ok=True)

    def halt(self) -> None:
        """End every process of the host, as the power's failing does; transient units are gone with them.

        Those too that whoever asked for them left behind: a build goes on when its connection is lost.
        """
        for _ in range(_ENDING_ROUNDS):
            if not (ours := self._processes()):
                break
            for pid in ours:
                # It may end in this very moment.
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(_ENDING_SECONDS)
        for unit in (self.root / "lab/units").glob("*"):
            shutil.rmtree(unit, ignore_errors=True)

    def _processes(self) -> tuple[int, ...]:
        """The numbers of the host's processes that run; none where the system does not tell (no /proc)."""
        found = (int(each.name) for each in Path("/proc").glob("[0-9]*"))
        return tuple(pid for pid in found if self._is_ours(pid))

    def set_faults(self, faults: tuple[str, ...]) -> None:
        """Tell the stand-ins what is to fail."""
        _write(self.root / "lab/faults", "".join(f"{fault}\n" for fault in faults))

    @property
    def shift(self) -> float:
        """How many seconds the clock of the host is ahead."""
        return float(_read(self.root / "lab/clock") or 0)

    def advance(self, seconds: float) -> None:
        """Set the clock forward; what falls due goes off a moment later."""
        _write(self.root / "lab/clock", f"{round(self.shift + seconds)}\n")

    @property
    def due(self) -> bool:
        """Whether a timer is to go off by now, or what it started is at work."""
        now = time.time() + self.shift
        units = tuple((self.root / "lab/units").glob("cimnet-revert.*"))
        return any(unit.suffix == ".service" or float(_read(unit / "due") or now) <= now for unit in units)

    def _install(self) -> None:
        (self.root / "lab/bin").mkdir(exist_ok=True)
        with as_file(files("cimnet_nornir.lab") / "host") as programs:
            for program in programs.iterdir():
                copy = self.root / "lab/bin" / program.name
                shutil.copyfile(program, copy)
                copy.chmod(0o755)
        for name, content in (("clock", "0\n"), ("faults", "")):
            if not (self.root / "lab" / name).exists():
                _write(self.root / "lab" / name, content)

    def _first(self, profile: Path) -> None:
        system = self.root / "nix/store" / _FIRST
        (system / "bin").mkdir(parents=True, exist_ok=True)
        shutil.copy(self.root / "lab/bin/switch-to-configuration", system / "bin")
        _link(profile.with_name("system-1-link"), system)
        _link(profile, Path("system-1-link"))

    def _module_of(self, system: Path) -> None:
        module = self.root / "etc/cimnet/host.nix"
        module.unlink(missing_ok=True)
        if (system / "etc/cimnet/host.nix").is_file():
            _write(module, _read(system / "etc/cimnet/host.nix"))

    def _is_ours(self, pid: int) -> bool:
        """Whether a process is still the one that the host started: its number may be another's by now."""
        try:
            return f"CIMNET_ROOT={self.root}".encode() in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        except OSError:
            return False


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return ""


def _write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.draft")
    draft.write_text(content, encoding="utf-8")
    draft.replace(path)


def _link(path: Path, target: Path) -> None:
    draft = path.with_name(f"{path.name}.draft")
    draft.unlink(missing_ok=True)
    draft.symlink_to(target)
    draft.replace(path)
