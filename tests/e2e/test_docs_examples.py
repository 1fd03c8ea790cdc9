"""The examples of README and docs, run as a reader would; and what pages say of files, commands and one another."""

import contextlib
import importlib.util
import io
import json
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import click
import pytest

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md")))
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
_LINK = re.compile(r"\[[^\]]+\]\((?P<target>[^)\s]+)\)")
_HEADING = re.compile(r"^#+ (?P<text>.+)$", re.MULTILINE)
_COMMAND = re.compile(r"^\$? ?(cimnet (?!_)[^`\n|>&]*)$|`(cimnet [^`]*)`", re.MULTILINE)
_MERMAID = re.compile(r"^```mermaid\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def _module(name: str) -> ModuleType:
    """A program of docs/, which is no package."""
    spec = importlib.util.spec_from_file_location(f"docs_{name}", ROOT / "docs" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # dataclasses look their module up.
    sys.modules[module.__name__] = module
    spec.loader.exec_module(module)
    return module


examples = _module("examples")
generate = _module("generate")


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def campus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The project at the end of the tutorial's roll-out."""
    with examples.reader():
        yield examples.make_campus(tmp_path_factory.mktemp("campus"))


@pytest.mark.slow
@pytest.mark.parametrize("name", [str(page.relative_to(ROOT)) for page in examples.pages()])
def test_the_examples_of_a_page_print_what_it_shows(name: str, campus: Path, tmp_path: Path) -> None:
    text = _text(name)
    with examples.project(tmp_path, campus=None if examples.begins_anew(text) else campus) as session:
        examples.run_page(text, session)
    assert "\n".join(session.wrong) == ""


@pytest.mark.slow
def test_the_demonstration_prints_what_the_readme_shows(tmp_path: Path) -> None:
    shown = next(block.text for block in examples.blocks(_text("README.md")) if block.text.startswith("8. A new name"))
    with examples.reader(), examples.project(tmp_path) as session:
        status, printed = session.run("cimnet demo")
    assert status == 0
    assert examples.fits(f"…\n{shown}…", printed)


@pytest.mark.slow
def test_json_documents_have_the_format_and_keys_that_the_reference_says(campus: Path, tmp_path: Path) -> None:
    rows = re.findall(r"^\| `(cimnet .*)` \| `(.*)` \| (.*) \|$", _text("docs/reference/json.md"), re.MULTILINE)
    assert len(rows) > 15
    with examples.project(tmp_path, campus=campus) as session:
        documents = {command: json.loads(_printed(command, session.folder)) for command, _, _ in rows}
    said = {command: [("format", form), *re.findall(r"`(\w+)`", keys)] for command, form, keys in rows}
    told = {command: [("format", found.pop("format")), *found] for command, found in documents.items()}
    assert told == said


def _printed(command: str, folder: Path) -> str:
    """What a command prints to stdout, without the notes beside it."""
    from cimnet_nornir.cli import run

    with contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()) as printed:
        run(shlex.split(command)[1:])
    return printed.getvalue()


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "reference").glob("*.md")), ids=lambda path: path.name)
def test_the_reference_is_what_the_source_says(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    assert generate.generated(page) == page, "run: python docs/generate.py"


def test_the_reference_names_every_environment_variable() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "cimnet_nornir").rglob("*.py"))
    used = {name for name in re.findall(r"CIMNET_[A-Z_]+", source) if not name.endswith("_")}
    named = set(re.findall(r"CIMNET_[A-Z_]+", _text("docs/reference/settings.md")))
    assert used == named


def test_an_example_that_prints_something_else_is_found(tmp_path: Path) -> None:
    page = "```console\n$ cimnet --version\ncimnet 99\n$ cimnet nonsense\n```\n"
    with examples.reader(), examples.project(tmp_path) as session:
        examples.run_page(page, session)
    assert len(session.wrong) == 3
    assert "exit status 1, the page says 0" in session.wrong[1]


def test_an_example_that_changes_a_line_that_is_not_there_is_found(tmp_path: Path) -> None:
    with examples.project(tmp_path) as session:
        (session.folder / "network.yaml").write_text("vlans: {}\n", encoding="utf-8")
        examples.run_page("```diff\n--- network.yaml\n-vlan: {}\n+vlans: none\n```\n", session)
    assert "occurs 0 times" in session.wrong[0]


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_to_pages_and_headings_that_are_there(name: str) -> None:
    page = ROOT / name
    for found in _LINK.finditer(_without_code(page)):
        target, _, heading = found["target"].partition("#")
        if "://" in target:
            continue
        other = (page.parent / target).resolve() if target else page
        assert other.exists(), f"{name}: {target}"
        if heading:
            assert heading in _anchors(other), f"{name}: {target}#{heading}"


def _without_code(page: Path) -> str:
    return re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def _anchors(page: Path) -> set[str]:
    """Headings as GitHub makes anchors of them."""
    texts = (found["text"].lower() for found in _HEADING.finditer(_without_code(page)))
    return {re.sub(r"[^\w\- ]", "", text).strip().replace(" ", "-") for text in texts}


@pytest.mark.parametrize("name", NAMES)
def test_commands_that_pages_mention_are_there_with_their_options(name: str) -> None:
    wrong = [problem for line in _commands(_text(name)) if (problem := _problem(line))]
    assert wrong == []


def _commands(text: str) -> Iterator[str]:
    for found in _COMMAND.finditer(text):
        line = found[1] or found[2]
        # A usage line speaks of any; a command that is to fail is run elsewhere.
        if "[OPTIONS]" not in line and not line.endswith("# exits 1"):
            yield line


def _problem(line: str) -> str | None:
    """Why the command line would not be taken; options and names of commands count, what they are about does not."""
    from cimnet_nornir.cli import cli
    from cimnet_nornir.cli.options import Options

    words = shlex.split(line)[1:]
    group: click.Command = cli
    context = click.Context(cli, obj=Options(), info_name="cimnet")
    if words[:1] == ["--project"]:
        words = words[2:]
    while words and isinstance(group, click.Group) and not words[0].startswith("-"):
        found = group.get_command(context, words.pop(0))
        if found is None:
            return f"{line}: there is no such command"
        group = found
    parts = (option for parameter in group.params for option in (*parameter.opts, *parameter.secondary_opts))
    known = {*parts, "-h", "--help", "-V", "--version"}
    unknown = [word for word in words if word.startswith("-") and word != "-" and word.partition("=")[0] not in known]
    return f"{line}: there is no option {' '.join(unknown)}" if unknown else None


def test_a_command_that_is_not_there_is_found() -> None:
    assert _problem("cimnet plan --json --limit 'acc*'") is None
    assert _problem("cimnet lab fault acc1 down") is None
    assert _problem("cimnet plan --nonsense") == "cimnet plan --nonsense: there is no option --nonsense"
    assert _problem("cimnet lab nonsense") == "cimnet lab nonsense: there is no such command"


@pytest.mark.parametrize("name", [name for name in NAMES if "```mermaid" in _text(name)])
def test_diagrams_are_well_formed(name: str) -> None:
    for found in _MERMAID.finditer(_text(name)):
        kind, *lines = found["text"].splitlines()
        assert re.fullmatch(r"(flowchart (LR|TB)|sequenceDiagram|stateDiagram-v2)", kind), kind
        assert _balanced(found["text"]), found["text"]
        blocks = [line.strip().partition(" ")[0] for line in lines]
        opened = sum(blocks.count(word) for word in ("subgraph", "alt", "opt", "loop", "par", "critical"))
        assert opened == blocks.count("end")
        if kind == "sequenceDiagram":
            _assert_messages_between_participants(lines)


def _balanced(text: str) -> bool:
    waiting: list[str] = []
    # An arrow's head, and a quoted text, close nothing.
    for character in re.sub(r"\"[^\"\n]*\"|-+>>?|-+\)|=+>", "", text):
        if character in "([{":
            waiting.append(character)
        elif character in ")]}" and (not waiting or waiting.pop() + character not in ("()", "[]", "{}")):
            return False
    return not waiting


def _assert_messages_between_participants(lines: list[str]) -> None:
    named = {line.split()[1] for line in lines if line.strip().startswith(("participant ", "actor "))}
    for line in lines:
        message = re.fullmatch(r" *(\w+)-{1,2}>>(\w+): \S.*", line)
        word = line.strip().partition(" ")[0]
        known = ("participant", "actor", "alt", "else", "opt", "loop", "end", "Note", "")
        assert message or word in known, line
        if message:
            assert {message[1], message[2]} <= named, line
