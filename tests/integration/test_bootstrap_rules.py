"""Rules of the user's own: found in the project's folder and by entry points, and none of them stops the others."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cimnet_nornir.bootstrap.rules import own_rules
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.validation import NetworkView, Registry
from cimnet_nornir.domain.validation.standard import STANDARD_RULES
from cimnet_nornir.domain.values import DeviceKind

GOOD = """
from cimnet_nornir.domain.validation import NetworkView, Problem, change_rule, rule
from cimnet_nornir.domain.validation.device_rules import next_hop

@rule("names-are-short", "error", "A host name is longer than five characters.")
def names_are_short(network: NetworkView):
    for device in network.devices.values():
        if len(device.name) > 5:
            yield Problem(device.name, "", "the name is long", "five characters at most")

@change_rule("told-of-growth", "warning", "A device comes into the network.")
def told_of_growth(before, after):
    yield from (Problem(each.name, "", "is new") for name, each in after.devices.items() if name not in before.devices)
"""


def network(*names: str) -> NetworkView:
    details = DeviceDetails(vendor="cisco", platform="ios")
    devices = {name: Device("net", name, name, DeviceKind.SWITCH, details) for name in names}
    return NetworkView(Network("net", created=True, devices=devices))


def registry(project: Path) -> Registry:
    return Registry(own_rules(project, STANDARD_RULES))


def write(project: Path, name: str, text: str) -> None:
    (project / "rules").mkdir(exist_ok=True)
    (project / "rules" / name).write_text(text, encoding="utf-8")


def messages(project: Path) -> list[str]:
    return [finding.message for finding in registry(project).check(network("long-name"))]


def test_a_project_without_rules_has_none(tmp_path: Path) -> None:
    assert own_rules(tmp_path, STANDARD_RULES) == ()


def test_rules_of_a_file_look_at_networks_and_changes(tmp_path: Path) -> None:
    write(tmp_path, "ours.py", GOOD)
    found = registry(tmp_path)
    assert [rule.id for rule in found.rules] == ["names-are-short", "told-of-growth"]
    (finding,) = found.check(network("sw1", "long-name"))
    assert (finding.severity, finding.rule, finding.device) == ("error", "names-are-short", "long-name")
    assert [item.rule for item in found.check_change(network("sw1"), network("sw1", "sw2"))] == ["told-of-growth"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def rule(:\n", "rules/broken.py: line 1: SyntaxError: invalid syntax"),
        ("x = 1\nraise RuntimeError('no\\n luck')\n", "rules/broken.py: line 2: RuntimeError: no luck"),
        ("import no_such_module\n", "rules/broken.py: line 1: ModuleNotFoundError: No module named 'no_such_module'"),
        ("x = 1\n", "rules/broken.py: it holds no rule; see ValidationRule"),
        (GOOD.replace('"error"', '"fatal"'), "the rule names-are-short has the severity 'fatal'; it is error or warn"),
        (GOOD.replace('"names-are-short"', '"names are short"'), "the id 'names are short' is none"),
        (GOOD.replace('"names-are-short"', '"next-hop"'), "there is a rule 'next-hop' already"),
    ],
)
def test_a_broken_file_is_one_line_and_stops_no_other(tmp_path: Path, text: str, said: str) -> None:
    write(tmp_path, "broken.py", text)
    write(tmp_path, "ours.py", GOOD.replace("names-are-short", "short-names").replace("told-of-growth", "grown"))
    broken, good = sorted(messages(tmp_path), key=lambda message: message == "the name is long")
    assert said in broken
    assert "\n" not in broken
    assert good == "the name is long"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("    raise KeyError('x')", "rules/ours.py: the rule fails failed: line 4: KeyError: 'x'"),
        ("    return ['text']", "rules/ours.py: the rule fails failed: TypeError: a rule yields findings, not str"),
    ],
)
def test_a_rule_that_fails_is_a_finding(tmp_path: Path, body: str, said: str) -> None:
    head = "class Fails:\n    id, severity, description = 'fails', 'error', 'Fails.'\n"
    write(tmp_path, "ours.py", f"{head}    def check(self, network):\n    {body}\nit = Fails()\n")
    write(tmp_path, "rest.py", GOOD)
    assert messages(tmp_path) == [said, "the name is long"]


def test_a_change_rule_that_fails_is_a_finding(tmp_path: Path) -> None:
    write(tmp_path, "ours.py", GOOD.replace("before.devices)", "before.nothing)"))
    (finding,) = registry(tmp_path).check_change(network(), network("sw1"))
    assert finding.rule == "broken-rule"
    assert "the rule told-of-growth failed: line 13: AttributeError" in finding.message


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on the path with an installed distribution that names rules by entry points."""
    site = tmp_path / "site"
    info = site / "our_rules-1.0.dist-info"
    info.mkdir(parents=True)
    (site / "our_rules_plugin.py").write_text(GOOD, encoding="utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: our-rules\nVersion: 1.0\n", encoding="utf-8")
    points = "[cimnet_nornir.rules]\nall = our_rules_plugin\ngone = our_rules_plugin:nothing\n"
    (info / "entry_points.txt").write_text(points, encoding="utf-8")
    monkeypatch.syspath_prepend(site)
    yield tmp_path
    sys.modules.pop("our_rules_plugin", None)


def test_rules_of_an_entry_point_are_found(plugin: Path) -> None:
    rules = own_rules(plugin, STANDARD_RULES)
    assert [rule.id for rule in rules] == ["names-are-short", "told-of-growth", "broken-rule"]
    assert messages(plugin)[1].startswith("entry point gone (our_rules_plugin:nothing): AttributeError")
