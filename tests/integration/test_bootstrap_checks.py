"""The checks of a project: declared ones, and Python ones from its folder and from entry points."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cimnet_nornir.application.checks import CheckResult, CheckSet, Memory, Moment, run_checks
from cimnet_nornir.bootstrap import Settings, load_checks, load_settings
from cimnet_nornir.errors import DefinitionError, DeviceUnreachable
from cimnet_nornir.projections.inventory import HostView

CONFIG = "inventory:\n  plugin: CimnetInventory\n  options: {network: net}\n"
GOOD = """
class ClockIsRight:
    id, when, hosts = "clock-is-right", "both", ["acc*"]
    def run(self, device):
        clock = device.ask("show clock")
        if device.when == "before":
            device.before["clock"] = clock
        elif device.before["clock"] == clock:
            yield f"the clock of {device.name} in {device.facts['site']} stands\\nstill"

class Quiet:
    id, when, hosts, within, every = "quiet", "after", (), 0, 1
    def run(self, device):
        pass

clock, again, quiet = ClockIsRight(), None, Quiet()
again = clock
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "inventory").mkdir()
    (tmp_path / "inventory" / "config.yaml").write_text(CONFIG, encoding="utf-8")
    return load_settings(tmp_path)


def write(settings: Settings, name: str, text: str) -> None:
    (settings.project / "checks").mkdir(exist_ok=True)
    (settings.project / "checks" / name).write_text(text, encoding="utf-8")


def run(checks: CheckSet, when: Moment = "after", memory: Memory | None = None, said: str = "1") -> list[CheckResult]:
    host = HostView("acc1", "acc1", "ios", None, (), {"kind": "switch", "site": "hq"}, None)
    return list(run_checks(checks.for_host(host), lambda _: said, when=when, memory=memory, sleep=lambda _: None))


def test_a_project_without_checks_has_none(settings: Settings) -> None:
    checks = load_checks(settings)
    assert (checks.declared, checks.own) == ((), ())


def test_declared_checks_come_before_those_in_python(settings: Settings) -> None:
    write(settings, "ours.py", GOOD)
    path = settings.project / "inventory" / "checks.yaml"
    path.write_text("checks:\n  - {check: vlan-active, vlan: 10, within: 0}\n", encoding="utf-8")
    texts = [result.check for result in run(load_checks(settings), memory={"clock-is-right": {"clock": "2"}})]
    assert texts == ["VLAN 10 is active", "clock-is-right", "quiet"]
    path.write_text("checks:\n  - {check: vlan}\n", encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"checks\.yaml:2: checks\[0\]\.check"):
        load_checks(settings)


def test_a_check_in_python_remembers_and_is_told_in_one_line(settings: Settings) -> None:
    write(settings, "ours.py", GOOD.replace('"both", ["acc*"]', '"both", "acc*"\n    within = 0'))
    checks, memory = load_checks(settings), Memory()
    assert [(each.check, each.ok) for each in run(checks, "before", memory)] == [("clock-is-right", True)]
    assert memory == {"clock-is-right": {"clock": "1"}}
    assert [each.ok for each in run(checks, "after", memory, said="2")] == [True, True]
    assert [each.said for each in run(checks, "after", memory)] == ["the clock of acc1 in hq stands still", ""]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def check(:\n", "checks/broken.py: line 1: SyntaxError: invalid syntax"),
        ("x = 1\nraise RuntimeError('no\\n luck')\n", "checks/broken.py: line 2: RuntimeError: no luck"),
        ("x = 1\n", "checks/broken.py: it holds no check; see OwnCheck in cimnet_nornir.application.check_parts"),
        (GOOD.replace('"both"', '"later"'), "the check clock-is-right has the moment 'later'; it is before, after or"),
        (GOOD.replace('["acc*"]', "7"), "the check clock-is-right has the hosts 7; they are a list of patterns"),
        (GOOD.replace("0, 1\n", "'soon', 1\n"), "the check quiet has times that are no numbers of seconds"),
        (GOOD.replace('"clock-is-right"', '"clock is right"'), "the id 'clock is right' is none"),
        (GOOD.replace('"clock-is-right"', '"broken-check"'), "there is a check 'broken-check' already"),
        (GOOD.replace('"clock-is-right"', '"quiet"'), "there is a check 'quiet' already"),
    ],
)
def test_what_cannot_be_loaded_fails_in_one_line_and_stops_no_other(settings: Settings, text: str, said: str) -> None:
    write(settings, "broken.py", text)
    write(settings, "rest.py", GOOD.replace("clock-is-right", "clock").replace('"quiet"', '"still"'))
    results = {each.check: each for each in run(load_checks(settings), "before", {})}
    assert said in results["broken-check"].said
    assert "\n" not in results["broken-check"].said
    assert results["clock"].ok


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("raise KeyError('x')", "checks/ours.py: the check failed by itself: line 4: KeyError: 'x'"),
        ("return [7]", "checks/ours.py: the check failed by itself: TypeError: a check yields texts, not int"),
        ("return 7", "checks/ours.py: the check failed by itself: TypeError: 'int' object is not iterable"),
        ("return 'all wrong'", "all wrong"),
    ],
)
def test_a_check_that_fails_by_itself_has_failed(settings: Settings, body: str, said: str) -> None:
    head = "class Fails:\n    id, when, hosts, within = 'fails', 'after', (), 0\n"
    write(settings, "ours.py", f"{head}    def run(self, device):\n        {body}\nit = Fails()\n")
    write(settings, "rest.py", GOOD.replace('"both"', '"before"'))
    assert [(each.check, each.said) for each in run(load_checks(settings))] == [("fails", said), ("quiet", "")]


def test_a_session_that_broke_is_no_fault_of_the_check(settings: Settings) -> None:
    write(settings, "ours.py", GOOD)

    def broken(_: str) -> str:
        raise DeviceUnreachable("acc1 does not answer", subject="acc1")

    host = HostView("acc1", "acc1", "ios", None, (), {"kind": "switch", "site": "hq"}, None)
    results = run_checks(load_checks(settings).for_host(host), broken, when="after", memory={})
    assert [each.said for each in results] == ["acc1 does not answer", "not run: acc1 does not answer"]


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installed distribution that names checks by entry points."""
    site = tmp_path / "site"
    info = site / "our_checks-1.0.dist-info"
    info.mkdir(parents=True)
    (site / "our_checks_plugin.py").write_text(GOOD, encoding="utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: our-checks\nVersion: 1.0\n", encoding="utf-8")
    points = "[cimnet_nornir.checks]\none = our_checks_plugin:quiet\ngone = our_checks_plugin:nothing\n"
    (info / "entry_points.txt").write_text(points, encoding="utf-8")
    monkeypatch.syspath_prepend(site)
    yield
    sys.modules.pop("our_checks_plugin", None)


@pytest.mark.usefixtures("plugin")
def test_checks_come_from_entry_points(settings: Settings) -> None:
    quiet, broken = run(load_checks(settings))
    assert (quiet.check, quiet.ok) == ("quiet", True)
    assert broken.check == "broken-check"
    assert "entry point gone (our_checks_plugin:nothing): AttributeError" in broken.said
