"""Golden remediations, each checked in a circle: running + remediation = intended, and back."""

from pathlib import Path

import pytest

from cimnet_nornir.ios.normalise import normalise
from cimnet_nornir.ios.profiles import Profile, profile_for
from cimnet_nornir.ios.remediation import apply_lines, remediate
from cimnet_nornir.ios.rules.table import rule_for
from cimnet_nornir.ios.steps import section_kind
from cimnet_nornir.ios.tree import Config, parse_config, walk

GOLDEN = Path(__file__).parents[1] / "golden" / "remediation"
CASES = sorted(path.name for path in GOLDEN.iterdir())


def _profile(text: str) -> Profile:
    """The first line of running.cfg says what the device is: `! profile: ios routes switches`."""
    platform, *features = text.split("\n", maxsplit=1)[0].removeprefix("! profile: ").split(" ")
    return profile_for(platform, routes="routes" in features, switches="switches" in features)


class Case:
    def __init__(self, name: str) -> None:
        self.folder = GOLDEN / name
        text = self.read("running")
        self.profile = _profile(text)
        self.running = normalise(parse_config(text), self.profile)
        self.intended = normalise(parse_config(self.read("intended")), self.profile)
        formerly = self.folder / "formerly.cfg"
        self.formerly = normalise(parse_config(formerly.read_text()), self.profile) if formerly.exists() else None
        self.remediation = remediate(self.running, self.intended, self.profile, formerly=self.formerly)
        self.after = apply_lines(self.running, self.remediation.lines(), self.profile)
        self.rollback = remediate(self.after, self.running, self.profile, formerly=self.intended)

    def read(self, part: str) -> str:
        return (self.folder / f"{part}.cfg").read_text()


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return Case(request.param)


def _paths(config: Config) -> set[tuple[str, ...]]:
    return set(walk(config))


def _stays(case: Case) -> set[tuple[str, ...]]:
    """What may be there beside intent: what is not modelled and its headers, ports put aside, and bare defaults."""
    wanted = {node.text for node in case.intended.nodes}
    unmodelled = {path[:depth] for path in case.remediation.unmodelled for depth in range(1, len(path) + 1)}
    rest = _paths(case.after) - unmodelled
    ports = {path for path in rest if path[0].startswith("interface ") and path[0] not in wanted}
    aside = {path for path in ports if len(path) == 1 or path[1:] == ("shutdown",)}
    return unmodelled | aside | {path for path in rest if _says_a_default(path)}


def _says_a_default(path: tuple[str, ...]) -> bool:
    return rule_for(section_kind(path[:-1]), path[-1]).says_nothing(path[-1])


def _told(config: Config) -> set[tuple[str, ...]]:
    """The lines that say more than what the device does anyway."""
    return {path for path in _paths(config) if not rule_for(section_kind(path[:-1]), path[-1]).says_default(path[-1])}


def test_the_remediation_is_the_golden_one(case: Case) -> None:
    assert case.remediation.text() == case.read("remediation")


def test_running_and_remediation_make_what_is_intended(case: Case) -> None:
    after = _paths(case.after)
    assert _told(case.intended) <= after
    assert after - _paths(case.intended) <= _stays(case)


def test_what_is_not_modelled_is_still_there(case: Case) -> None:
    assert set(case.remediation.unmodelled) <= _paths(case.after)


def test_a_second_remediation_is_empty(case: Case) -> None:
    assert remediate(case.after, case.intended, case.profile, formerly=case.formerly).is_empty


def test_the_rollback_is_the_golden_one(case: Case) -> None:
    assert case.rollback.text() == case.read("rollback")


def test_intended_and_rollback_make_what_was_running(case: Case) -> None:
    restored = apply_lines(case.after, case.rollback.lines(), case.profile)
    assert _told(restored) == _told(case.running)


def test_every_step_explains_a_line_of_the_side_it_names(case: Case) -> None:
    for step in case.remediation.steps:
        assert step.explains in _paths(case.intended if step.adds else case.running)
