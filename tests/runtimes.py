"""A stand-in for podman and docker that keeps networks and containers in a folder and writes down what it is told."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PROGRAM = r'''#!PYTHON -SEs
import json, sys

words = sys.argv[1:]
with open(FOLDER + "/calls", "a") as calls:
    calls.write(json.dumps(words) + "\n")
with open(FOLDER + "/state") as before:
    state = json.load(before)
networks, containers = state["networks"], state["containers"]


def values(option):
    """Of --option=value and --option value, and of an option that stands for another."""
    found = [word.partition("=")[2] for word in words if word.startswith(option + "=")]
    return found + [after for word, after in zip(words, words[1:]) if word == option]


def end(code, text=""):
    with open(FOLDER + "/state", "w") as after:
        json.dump(state, after)
    if text:
        print(text, file=sys.stderr if code else sys.stdout)
    sys.exit(code)


def label(thing, name):
    return next((value.partition("=")[2] for value in thing["labels"] if value.partition("=")[0] == name), "")


def fits(name, thing, of):
    for asked in values("--filter"):
        key, _, value = asked.partition("=")
        if key == "network" and value not in thing["networks"]:
            return False
        labels = [part for whole in thing["labels"] for part in (whole, whole.partition("=")[0])]
        if key == "label" and value not in labels:
            return False
    return True


def create(name):
    if name in networks:
        end(1, "network already exists")
    options = dict(option.partition("=")[::2] for option in values("--opt"))
    named = options.get("parent") or options.get("com.docker.network.bridge.name")
    interface = named or "".join(values("--interface-name"))
    networks[name] = {"driver": values("--driver")[0], "interface": interface, "subnet": values("--subnet")[0],
                      "gateway": values("--gateway")[0], "labels": values("--label"), "words": words}


def remove(name):
    if name not in networks or any(name in thing["networks"] for thing in containers.values()):
        end(1, "no such network, or it is in use")
    del networks[name]


def inspect(name):
    if name not in networks:
        end(1, "no such network")
    it = networks[name]
    end(0, f"{it['driver']} {it['interface']} {it['subnet']} {it['gateway']} {label(it, 'cimnet.settings')}")


def run(image):
    name = values("--name")[0]
    # Both runtimes take a name, and docker "name=web,ip=…", podman "web:ip=…" for several.
    named = [each.removeprefix("name=").partition(",")[0].partition(":ip=")[0] for each in values("--network")]
    if name in containers or not all(each in networks for each in named):
        end(1, "the name is in use, or there is no such network")
    containers[name] = {"networks": named, "labels": values("--label"), "image": image, "words": words}


match words:
    case ["network", "create", *_]:
        create(words[-1])
    case ["network", "rm", "--", name]:
        remove(name)
    case ["network", "inspect", "--format", _, "--", name]:
        inspect(name)
    case ["network", "ls", *_]:
        end(0, "\n".join(name for name, thing in networks.items() if fits(name, thing | {"networks": []}, networks)))
    case ["ps", *_]:
        end(0, "\n".join(name for name, thing in containers.items() if fits(name, thing, containers)))
    case ["container", "inspect", "--format", _, "--", name] if name in containers:
        end(0, f"=={label(containers[name], 'cimnet.settings')}")
    case ["run", *_, "--", image]:
        run(image)
    case ["rm", "--force", *_, name]:
        containers.pop(name, None)
    case ["start", "--", name] if name in containers:
        pass
    case ["version", *_]:
        end(0, state["version"])
    case ["info", *_]:
        end(0, state["swarm"])
    case _:
        end(125, f"not understood: {words}")
end(0)
'''


@dataclass(frozen=True)
class Runtime:
    """A folder with bin/podman and bin/docker that are one stand-in, and what they hold."""

    folder: Path

    @classmethod
    def make(cls, folder: Path, *, version: str = "5.6.0", swarm: str = "inactive false") -> "Runtime":
        (folder / "bin").mkdir(parents=True)
        program = _PROGRAM.replace("PYTHON", sys.executable).replace("FOLDER", repr(str(folder)))
        for name in ("podman", "docker"):
            (folder / "bin" / name).write_text(program)
            (folder / "bin" / name).chmod(0o755)
        state = {"version": version, "swarm": swarm, "networks": {}, "containers": {}}
        (folder / "state").write_text(json.dumps(state))
        return cls(folder)

    def sh(self, script: str) -> subprocess.CompletedProcess[str]:
        """Run a script by sh, with the stand-ins as its podman and docker."""
        path = f"{self.folder / 'bin'}:/usr/bin:/bin"
        return subprocess.run(
            ["sh"], input=script, env={"PATH": path}, capture_output=True, text=True, check=False, timeout=60
        )

    def apply(self, script: str) -> list[list[str]]:
        """Run a script that must succeed; what the runtime was told by it."""
        before = len(self.calls)
        done = self.sh(script)
        assert (done.returncode, done.stderr) == (0, "")
        return self.calls[before:]

    def told(self, *words: str) -> None:
        subprocess.run([self.folder / "bin" / "podman", *words], check=True, capture_output=True)

    @property
    def calls(self) -> list[list[str]]:
        path = self.folder / "calls"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    @property
    def networks(self) -> dict[str, Any]:
        return dict(json.loads((self.folder / "state").read_text())["networks"])

    @property
    def containers(self) -> dict[str, Any]:
        return dict(json.loads((self.folder / "state").read_text())["containers"])


CHANGES = ("create", "rm", "run")


def changes(calls: list[list[str]]) -> list[list[str]]:
    """Of what a runtime was told, that which changes something."""
    return [call for call in calls if call[0] in CHANGES or call[:2] in (["network", "create"], ["network", "rm"])]
