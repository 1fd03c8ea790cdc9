"""Two random intents of the modelled features: a device that has one is taken to the other, and refuses nothing.

Settings are drawn from those of all golden cases, several values of one setting among them, so that a feature is in
here as soon as it has a case. What a setting needs (a list, a VRF, an interface) is drawn with it.
"""

import os
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cimnet_nornir.domain.decide_features import refuse_misfit_features
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.features.model import Setting
from cimnet_nornir.domain.network import Network
from cimnet_nornir.errors import CimnetError
from cimnet_nornir.ios.normalise import normalise
from cimnet_nornir.ios.profiles import Profile
from cimnet_nornir.ios.references import revealed
from cimnet_nornir.ios.remediation import remediate
from cimnet_nornir.ios.told import shown, with_unshown
from cimnet_nornir.ios.tree import Config, parse_config
from cimnet_nornir.lab.device import Device as LabDevice
from tests.golden_features import CASES, GENERATOR, FeatureCase
from tests.lab_typing import lab_device, ports_of, type_lines

QUICK = settings(max_examples=int(os.environ.get("IOS_EXAMPLES", "25")), deadline=None)
NETWORK = Network("golden", created=True)


@cache
def pool(profile: Profile) -> tuple[FeatureCase, ...]:
    """The golden cases of devices of one kind."""
    return tuple(case for case in map(FeatureCase, CASES) if case.profile == profile)


PROFILES = tuple(dict.fromkeys(FeatureCase(name).profile for name in CASES))


@st.composite
def intents(draw: st.DrawFn, profile: Profile) -> Device:
    """A device with the base intent of one case, and the settings of several that fit it and one another."""
    cases = pool(profile)
    base = draw(st.sampled_from(cases)).device
    chosen = draw(st.lists(st.sampled_from(cases), max_size=6))
    found: dict[str, Setting] = dict(base.features)
    for case in chosen:
        for identity, setting in case.device.features.items():
            if draw(st.booleans()) and _fits(base, {**found, identity: setting}):
                found[identity] = setting
    assume(_fits(base, found))
    return replace(base, features=found)


def _fits(base: Device, features: Mapping[str, Setting]) -> bool:
    try:
        refuse_misfit_features(replace(base, features=dict(features)))
    except CimnetError:
        return False
    return True


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Profile, Device, Device]:
    profile = draw(st.sampled_from(PROFILES))
    first, second = draw(intents(profile)), draw(intents(profile))
    return profile, first, replace(second, name=first.name, details=first.details)


def secrets() -> Mapping[str, str]:
    return {name: value for case in map(FeatureCase, CASES) for name, value in case.secrets.items()}


def tree(profile: Profile, text: str) -> Config:
    return normalise(parse_config(text), profile)


def push(device: LabDevice, profile: Profile, intended: Config, formerly: Config | None) -> list[str]:
    """Type what takes a device to what is intended; returns what it refused."""
    running = tree(profile, device.running_config())
    needed = remediate(running, intended, profile, formerly=formerly, resolve=secrets().get)
    return type_lines(device, revealed(needed.text(), secrets().get))


def left(device: LabDevice, profile: Profile, sent: Config, formerly: Config | None) -> tuple[str, ...]:
    """What would still be needed; what no device shows is there, since it was sent."""
    known = with_unshown(shown(formerly or Config()), sent)
    running = tree(profile, device.running_config())
    return remediate(running, sent, profile, formerly=known, resolve=secrets().get).lines()


@given(pair=pairs())
@QUICK
def test_a_device_is_taken_from_any_intent_to_any_other(pair: tuple[Profile, Device, Device]) -> None:
    profile, first, second = pair
    a, b = (tree(profile, GENERATOR.generate(intent, NETWORK)) for intent in (first, second))
    device = lab_device(profile, "", ports_of(a, b), model=first.details.model)

    assert push(device, profile, a, None) == []
    assert left(device, profile, a, None) == ()

    assert push(device, profile, b, a) == []
    assert left(device, profile, b, a) == ()
