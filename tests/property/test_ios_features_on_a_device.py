"""Two random intents of the modelled features: a device that has one is taken to the other, and refuses nothing.

Settings are drawn from those of all golden cases, several values of one setting among them, so that a feature is in
here as soon as it has a case. What a setting needs (a list, a VRF, an interface) is drawn with it.
"""

import os
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from cimnet_nornir.domain.decide_features import refuse_misfit_features
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.features.aaa import Aaa
from cimnet_nornir.domain.features.ipv6 import Ipv6Routing
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

# Without shrinking, which takes minutes here: what is found is told by the lines that were refused or are left.
QUICK = settings(
    max_examples=int(os.environ.get("IOS_EXAMPLES", "25")),
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
NETWORK = Network("golden", created=True)
# What settings of other cases speak of is there.
PORTS = tuple(f"GigabitEthernet0/{number}" for number in range(4))


# What IOS wants first, and what a device may have without intent saying so; here it has only what intent says.
NEEDS: Mapping[str, Setting] = {
    **dict.fromkeys(("ospfv3", "ipv6-ospf"), Ipv6Routing()),
    **dict.fromkeys(
        ("aaa-group", "aaa-authentication", "aaa-authorization", "aaa-accounting", "aaa-servers"), Aaa(new_model=True)
    ),
}


@cache
def pool(profile: Profile, model: str | None = None) -> tuple[FeatureCase, ...]:
    """The golden cases of devices of one kind, perhaps of one model alone."""
    cases = (case for case in map(FeatureCase, CASES) if case.profile == profile)
    return tuple(case for case in cases if model in (None, case.device.details.model))


PROFILES = tuple(dict.fromkeys(FeatureCase(name).profile for name in CASES))


@st.composite
def intents(draw: st.DrawFn, profile: Profile, model: str | None = None) -> Device:
    """A device with the base intent of one case, and the settings of several that fit it and one another."""
    base = draw(st.sampled_from(pool(profile, model))).device
    chosen = draw(st.lists(st.sampled_from(pool(profile)), max_size=6))
    found: dict[str, Setting] = dict(base.features)
    for case in chosen:
        for setting in case.device.features.values():
            wider = with_needs(found, setting)
            if draw(st.booleans()) and fits(base, wider):
                found = wider
    assume(fits(base, found))
    return replace(base, features=found)


def with_needs(found: Mapping[str, Setting], setting: Setting) -> dict[str, Setting]:
    """Settings with one more, and with what IOS wants before it."""
    need = NEEDS.get(setting.FEATURE)
    if getattr(setting, "login_list", None) is not None:
        need = Aaa(new_model=True)
    return {**found, **({need.identity: need} if need is not None else {}), setting.identity: setting}


def fits(base: Device, features: Mapping[str, Setting]) -> bool:
    """Whether the domain takes these settings of a device together."""
    try:
        refuse_misfit_features(replace(base, features=dict(features)))
    except CimnetError:
        return False
    return True


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Profile, Device, Device]:
    profile = draw(st.sampled_from(PROFILES))
    first = draw(intents(profile))
    second = draw(intents(profile, first.details.model))
    return profile, first, replace(second, name=first.name, details=first.details)


def secrets() -> Mapping[str, str]:
    return {name: value for case in map(FeatureCase, CASES) for name, value in case.secrets.items()}


def tree(profile: Profile, text: str) -> Config:
    return normalise(parse_config(text), profile)


def push(device: LabDevice, profile: Profile, intended: Config, formerly: Config | None) -> list[str]:
    """Type what takes a device to what is intended; returns what it refused."""
    running = tree(profile, device.running_config())
    remediation = remediate(running, intended, profile, formerly=formerly, resolve=secrets().get)
    return type_lines(device, revealed(remediation.text(), secrets().get))


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
    ports = {*ports_of(a, b), *first.ports, *second.ports, *PORTS}
    device = lab_device(profile, "", ports, model=first.details.model)

    assert push(device, profile, a, None) == []
    assert needed(device, profile, a) == ()

    assert push(device, profile, b, a) == []
    assert needed(device, profile, b) == ()


def needed(device: LabDevice, profile: Profile, pushed: Config) -> tuple[str, ...]:
    """What is left to be done after a push of that intent."""
    running = tree(profile, device.running_config())
    return remediate(running, pushed, profile, formerly=pushed, resolve=secrets().get).lines()
