"""Runs the examples of README and docs as a reader would, and compares what they print with what stands there.

`python docs/examples.py` runs them all and says what differs; with `--write` it puts what was printed into the pages.
A page that begins with `cimnet init` starts in an empty folder; every other one where the tutorial ends: a campus,
rolled out to a lab. Rules for blocks:

- `console`: each line after `$ ` is run; `# exits 2` behind it states its exit status. What differs from run to run
  (ids, times, ports, processes) is not compared; a line `…` stands for any lines.
- `diff`: taken as a change of the file in its first line, `--- inventory/network.yaml`.
- `python`, `yaml` and `jinja` with a file name in a comment in the first line: written to that file. Other Python is
  run; other YAML is read, as a definition where it has a `network`.
"""  # noqa: INP001 - a program, not a package

import contextlib
import io
import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
AUTHOR = "ana"
_FENCE = re.compile(r"^```(?P<kind>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_STATED = re.compile(r"\s+# exits (?P<status>\d)$")
_TARGET = re.compile(r"\A(?:#|\{#) (?P<path>(?:audit|checks|inventory|rules|tasks|templates)/[\w./-]+)(?: #\})?\n")
_ANY = "…"
# What differs from run to run, in the order in which it is made alike.
_VOLATILE = (
    (re.compile(r"SHA256:[A-Za-z0-9+/]{43}"), "<fingerprint>"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "<digest>"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "<uuid>"),
    (re.compile(r"\b[0-9a-f]{12}\b|\b[0-9a-f]{16}\b"), "<digest>"),
    (re.compile(r"\b(?=[0-9a-f]*\d)[0-9a-f]{8}\b"), "<id>"),
    (re.compile(r"\b[a-f]{8}\b"), "<id>"),
    (re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:\+00:00|Z)?"), "<time>"),
    (re.compile(r"\d\d:\d\d:\d\d UTC \w{3} \d+ \d{4}"), "<time>"),
    (re.compile(r"\*[A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d\.\d{3}"), "<time>"),
    (re.compile(r"\d+\.\d+ s\b"), "<seconds>"),
    (re.compile(r"\"seconds\": [\d.]+"), "<seconds>"),
    (re.compile(r"127\.0\.0\.1:\d+ *|-p \d+"), "<port>"),
    (re.compile(r"process \d+"), "<process>"),
    (re.compile(r"[\d,]+ bytes"), "<bytes>"),
    (re.compile(r"up for [\d a-z]+, CPU \d+ %, memory \d+ %"), "<state>"),
    (re.compile(r"^HOST +HEALTH .*$", re.MULTILINE), "<heading>"),
    (re.compile(r" +\d+ s ago +(?:< )?\d+ [a-z]+(?: \d+ [a-z]+)? +\d+ % +\d+ % +"), " <state> "),
    # Columns are as wide as what those that were asked have in them.
    (re.compile(r"(?: +-){5,}$", re.MULTILINE), " <nothing>"),
    # Devices are done in any order, so that numbers of events differ too.
    (re.compile(r"^\d+(?= {2})|#\d+\b|(?<=--after )\d+", re.MULTILINE), "<number>"),
)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page: its kind, its text, and where the text begins in the page."""

    kind: str
    text: str
    start: int

    @property
    def target(self) -> str | None:
        """The file of the project that it is the content of, where its first line names one."""
        found = _TARGET.match(self.text)
        return found["path"] if found else None


@dataclass(frozen=True, slots=True)
class Step:
    """A command of a console block, its stated exit status, and the lines that follow it."""

    command: str
    status: int
    shown: tuple[str, ...]


@dataclass(slots=True)
class Session:
    """A reader at a terminal: a folder, an environment, and what went otherwise than the page says."""

    folder: Path
    wrong: list[str] = field(default_factory=list)
    home: Path = field(init=False)

    def __post_init__(self) -> None:
        self.home = self.folder

    def run(self, command: str) -> tuple[int, str]:
        """Run a command line and return its exit status with all that it printed."""
        words = shlex.split(command, comments=True)
        if words[0] == "cd":
            self.folder = self.folder / words[1]
            return 0, ""
        if words[0] == "export":
            os.environ.update({name: value for name, _, value in (word.partition("=") for word in words[1:])})
            return 0, ""
        with contextlib.chdir(self.folder):
            if words[0] in ("cimnet", "python") and not set(command) & set("|><&;$"):
                return _captured(words)
            return _shell(command)


def blocks(text: str) -> tuple[Block, ...]:
    """The fenced blocks of a page, in order."""
    return tuple(Block(found["kind"], found["text"], found.start("text")) for found in _FENCE.finditer(text))


def steps(block: Block) -> tuple[Step, ...]:
    """The commands of a console block."""
    found: list[tuple[str, list[str]]] = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif found:
            found[-1][1].append(line)
        else:
            raise ValueError(f"a console block begins with a command, not with {line!r}")
    stated = [(_STATED.sub("", line), _STATED.search(line), shown) for line, shown in found]
    return tuple(Step(command, int(found["status"]) if found else 0, tuple(shown)) for command, found, shown in stated)


def _captured(words: Sequence[str]) -> tuple[int, str]:
    """Run cimnet, or a Python file, in this process: starting another one takes longer than most examples."""
    from cimnet_nornir.cli import run

    printed = io.StringIO()
    status: object = 0
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        try:
            status = run(list(words[1:])) if words[0] == "cimnet" else _run_file(words[1])
        except SystemExit as end:
            status = end.code or 0
    return (status if isinstance(status, int) else 1), printed.getvalue()


def _run_file(path: str) -> int:
    runpy.run_path(path, run_name="__main__")
    return 0


def _shell(command: str) -> tuple[int, str]:
    done = subprocess.run(
        [shutil.which("bash") or "bash", "-c", command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def alike(text: str) -> str:
    """The text without what differs from run to run."""
    for pattern, word in _VOLATILE:
        text = pattern.sub(word, text)
    return "\n".join(re.sub(r" {2,}", "  ", line).rstrip() for line in text.strip().splitlines())


def fits(shown: str, printed: str) -> bool:
    """Whether what was printed is what the page shows, where `…` alone in a line stands for any lines."""
    parts = [re.escape(alike(part)) for part in re.split(rf"(?m)^ *{_ANY}$", shown)]
    return re.fullmatch(r"\s*.*?\s*".join(parts), alike(printed), re.DOTALL) is not None


def run_block(block: Block, session: Session) -> str:
    """Run a block and return the text it would have if the page showed what was printed."""
    if block.kind == "console":
        return _run_console(block, session)
    if block.kind == "diff":
        _change(block.text, session)
    elif block.target is not None:
        path = session.folder / block.target
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, encoding="utf-8")
    elif block.kind == "python":
        with contextlib.chdir(session.folder), contextlib.redirect_stdout(io.StringIO()):
            exec(compile(block.text, "example", "exec"), {"__name__": "__main__"})  # noqa: S102 - our own pages
    elif block.kind == "yaml":
        _read_yaml(block.text, session)
    return block.text


def _run_console(block: Block, session: Session) -> str:
    lines: list[str] = []
    for step in steps(block):
        status, printed = session.run(step.command)
        shown = "\n".join(step.shown)
        stated = f"  # exits {status}" if status else ""
        lines.append(f"$ {step.command}{stated}")
        said = _as_read(printed, session)
        if status != step.status:
            session.wrong.append(f"$ {step.command}: exit status {status}, the page says {step.status}\n{said}")
        if fits(shown, said):
            lines += step.shown
            continue
        difference = unified_diff(alike(shown).splitlines(), alike(said).splitlines(), "page", "printed", lineterm="")
        session.wrong.append(f"$ {step.command}\n" + "\n".join(difference))
        lines += step.shown if _ANY in step.shown else said.splitlines()
    return "\n".join(lines) + "\n"


def _as_read(printed: str, session: Session) -> str:
    """What was printed, without blanks at line ends, which editors drop, and with the reader's home as `~`."""
    return "\n".join(line.rstrip() for line in printed.rstrip("\n").replace(str(session.home), "~").splitlines())


def _change(text: str, session: Session) -> None:
    """Change a file as a diff without line numbers says: what stands there must occur once in it, hunk by hunk."""
    name, *lines = text.splitlines()
    path = session.folder / name.removeprefix("--- ")
    content = path.read_text(encoding="utf-8")
    for hunk in "\n".join(lines).split("\n@@\n"):
        old = "\n".join(line[1:] for line in hunk.splitlines() if line[:1] != "+")
        new = "\n".join(line[1:] for line in hunk.splitlines() if line[:1] != "-")
        if content.count(f"{old}\n") != 1:
            session.wrong.append(f"{name}: occurs {content.count(old)} times instead of once:\n{old}")
        content = content.replace(f"{old}\n", f"{new}\n" if new else "", 1)
    path.write_text(content, encoding="utf-8")


def _read_yaml(text: str, session: Session) -> None:
    from ruamel.yaml import YAML

    from cimnet_nornir.definition import check_definition

    content = YAML(typ="safe").load(text)
    if isinstance(content, dict) and "network" in content:
        _, problems = check_definition(text, file="example")
        session.wrong += [problem.message for problem in problems]


def run_page(text: str, session: Session) -> str:
    """Run a page's blocks in order and return the page as it would be if it showed what was printed."""
    done = 0
    parts: list[str] = []
    for block in blocks(text):
        parts += [text[done : block.start], run_block(block, session)]
        done = block.start + len(block.text)
    return "".join([*parts, text[done:]])


def begins_anew(text: str) -> bool:
    """Whether the page's first command makes a project."""
    commands = [step.command for block in blocks(text) if block.kind == "console" for step in steps(block)]
    return bool(commands) and commands[0].startswith("cimnet init")


def pages(root: Path = ROOT) -> tuple[Path, ...]:
    """The pages that have console blocks: README first, then docs by name."""
    found = (root / "README.md", *sorted((root / "docs").rglob("*.md")))
    return tuple(path for path in found if "```console\n$" in path.read_text(encoding="utf-8"))


@contextmanager
def reader() -> Iterator[None]:
    """An environment of nobody in particular: a name, no colour, no settings of whoever runs this."""
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith(("CIMNET_", "NORNIR_"))]:
        del os.environ[name]
    path = f"{Path(sys.executable).parent}:{before['PATH']}"
    os.environ.update({"CIMNET_ACTOR": AUTHOR, "NO_COLOR": "1", "PATH": path})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def project(folder: Path, *, campus: Path | None = None) -> Iterator[Session]:
    """A session in an empty folder, or in a copy of the rolled-out campus with its lab up; no lab is left behind."""
    home = folder / "home"
    home.mkdir(parents=True)
    session = Session(home)
    if campus is not None:
        shutil.copytree(campus, home / "campus")
        session.folder = home / "campus"
        session.run("cimnet lab up")
    try:
        yield session
    finally:
        if (home / "campus").is_dir():
            Session(home / "campus").run("cimnet lab down")


def make_campus(folder: Path) -> Path:
    """The project as it is at the end of the tutorial's roll-out, its lab down; made once for all pages."""
    session = Session(folder)
    for command in (
        "cimnet init campus",
        "cd campus",
        "cimnet declare inventory/network.yaml --reason 'first rollout'",
        "cimnet lab up",
        "cimnet apply --yes --reason 'first rollout'",
        "cimnet lab down",
    ):
        status, printed = session.run(command)
        if status:
            raise RuntimeError(f"$ {command}: exit status {status}\n{printed}")
    return session.folder


def main(arguments: Sequence[str]) -> int:
    """Run the pages named (all without names); with --write put what was printed into them."""
    chosen = [Path(name).resolve() for name in arguments if not name.startswith("-")] or list(pages())
    wrong = 0
    with reader(), tempfile.TemporaryDirectory(prefix="cimnet-docs-") as name:
        campus = make_campus(Path(name))
        for number, path in enumerate(chosen):
            text = path.read_text(encoding="utf-8")
            with project(Path(name) / str(number), campus=None if begins_anew(text) else campus) as session:
                printed = run_page(text, session)
            if "--write" in arguments:
                path.write_text(printed, encoding="utf-8")
            wrong += len(session.wrong)
            sys.stdout.write("".join(f"{path.name}: {problem}\n" for problem in session.wrong))
    return 1 if wrong and "--write" not in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
