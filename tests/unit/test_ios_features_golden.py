"""Golden cases of features, each in a circle: intent, configuration and intent again; running, intended and back."""

import pytest

from cimnet_nornir.definition.dump import dump_definition
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.features.model import read_setting, told_setting
from cimnet_nornir.ios.normalise import normalise
from cimnet_nornir.ios.reading import read_configuration
from cimnet_nornir.ios.references import revealed
from cimnet_nornir.ios.remediation import apply_lines
from cimnet_nornir.ios.rules.table import rule_for
from cimnet_nornir.ios.steps import section_kind
from cimnet_nornir.ios.tree import Config, parse_config, walk
from tests.golden_features import CASES, GENERATOR, FeatureCase, network_of

# A setting that was read has another reference for its secret, and no name for a block but the line it begins with.
_BLOCK = "configuration-block"


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> FeatureCase:
    return FeatureCase(request.param)


def _says(config: Config) -> set[tuple[str, ...]]:
    """The lines that say more than what the device does by itself."""
    return {path for path in walk(config) if not rule_for(section_kind(path[:-1]), path[-1]).says_nothing(path[-1])}


@pytest.mark.parametrize("file", ["rendered.cfg", "remediation.cfg", "inverse.cfg"])
def test_what_is_computed_is_the_golden_text(case: FeatureCase, file: str) -> None:
    assert case.outputs()[file] == case.read(file)


def test_running_and_remediation_make_what_is_intended(case: FeatureCase) -> None:
    assert case.needed(case.after, pushed=True).is_empty


def test_the_inverse_makes_what_was_running(case: FeatureCase) -> None:
    back = apply_lines(case.after, case.inverse.lines(), case.profile)
    assert _says(back) == _says(case.running)


def test_what_is_rendered_is_read_back_as_it_was_meant(case: FeatureCase) -> None:
    text = revealed(case.rendered, case.secrets.get)
    details = DeviceDetails(vendor="cisco", platform=case.profile.platform, model=case.device.details.model)
    reading = read_configuration(text, GENERATOR, name="x", details=details, place="file:")
    assert (reading.left, reading.surplus) == ((), ())
    again = revealed(GENERATOR.generate(reading.device, case.network), reading.secrets.get)
    assert _says(normalise(parse_config(again), case.profile)) == _says(normalise(parse_config(text), case.profile))


def test_every_setting_of_the_intent_is_understood_in_its_configuration(case: FeatureCase) -> None:
    text = revealed(case.rendered, case.secrets.get)
    details = DeviceDetails(vendor="cisco", platform=case.profile.platform, model=case.device.details.model)
    reading = read_configuration(text, GENERATOR, name="x", details=details, place="file:")
    meant = {known for known in case.device.features if not known.startswith(_BLOCK)}
    assert meant <= set(reading.device.features)


def test_what_events_keep_of_a_setting_is_read_as_the_same_setting(case: FeatureCase) -> None:
    for setting in case.device.features.values():
        assert read_setting(told_setting(setting)) == setting


def test_what_is_dumped_as_a_definition_is_declared_as_the_same(case: FeatureCase) -> None:
    again = network_of(dump_definition(case.network), file="dumped.yaml")
    assert again.devices[case.device.id].features == case.device.features
