"""Any port-channels of a switch: a simulated device takes what is planned, and then runs what is intended."""

import os

from hypothesis import given, settings
from hypothesis import strategies as st

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.values import AccessMode, DeviceKind, PortChannel, PortConfiguration, TrunkMode
from cimnet_nornir.ios.answers import judge
from cimnet_nornir.ios.bundle import TemplateBundle
from cimnet_nornir.ios.engine import IosEngine
from cimnet_nornir.lab import device as lab
from cimnet_nornir.lab.configure import Configuration
from cimnet_nornir.lab.spec import LabCredentials, LabDevice
from cimnet_nornir.lab.storage import MemoryStorage

ENGINE = IosEngine(TemplateBundle.load())
NETWORK = Network("campus", created=True)
PORTS = tuple(f"GigabitEthernet1/0/{number}" for number in range(1, 5))
VLANS = (10, 20, 30)
MODELS = {"ios": "WS-C3560X-24T-S", "iosxe": "C9300-24T"}
QUICK = settings(max_examples=int(os.environ.get("IOS_EXAMPLES", "40")), deadline=None)

MODES = st.one_of(
    st.none(),
    st.builds(AccessMode, vlan=st.sampled_from(VLANS)),
    st.builds(
        TrunkMode, native_vlan=st.sampled_from((1, 10)), allowed=st.none() | st.frozensets(st.sampled_from(VLANS))
    ),
)
PORT = st.builds(PortConfiguration, enabled=st.booleans(), switching=MODES, portfast=st.booleans())
PLAIN = st.builds(PortConfiguration, description=st.sampled_from((None, "first of two")), enabled=st.booleans())


@st.composite
def switches(draw: st.DrawFn, platform: str) -> Device:
    """A switch with its four ports in two port-channels, or by themselves, or as nobody configured them."""
    where = {port: draw(st.sampled_from((0, 0, 1, 7))) for port in PORTS}
    numbers = sorted({number for number in where.values() if number})
    channels = {
        number: PortChannel(
            members=tuple(port for port in PORTS if where[port] == number),
            mode=draw(st.sampled_from(("active", "passive", "on"))),
        )
        for number in numbers
    }
    ports = {port: draw(PLAIN if where[port] else PORT) for port in PORTS if draw(st.booleans())}
    ports |= {f"Port-channel{number}": draw(PORT) for number in numbers if draw(st.booleans())}
    details = DeviceDetails(vendor="cisco", platform=platform, model=MODELS[platform])
    return Device(
        "campus",
        "s1",
        "s1",
        DeviceKind.SWITCH,
        details,
        PORTS,
        routing=True,
        vlans=dict.fromkeys(VLANS),
        switch_ports=ports,
        port_channels=channels,
    )


@st.composite
def changes(draw: st.DrawFn, platforms: tuple[str, ...] = ("ios", "iosxe")) -> tuple[Device, Device]:
    platform = draw(st.sampled_from(platforms))
    return draw(switches(platform)), draw(switches(platform))


def boot(intent: Device) -> lab.Device:
    platform = "iosxe" if intent.details.platform == "iosxe" else "ios"
    declared = LabDevice("s1", platform, "l3switch", PORTS, model=intent.details.model, startup="hostname s1\n")  # type: ignore[arg-type]  # one of two literals
    return lab.Device(declared, LabCredentials("admin", "admin"), MemoryStorage())


def carry_out(device: lab.Device, intent: Device, formerly: str | None = None) -> str:
    """Plan, type, compare again: nothing is refused, and nothing is left to do. The rendered configuration."""
    rendered = ENGINE.render(intent, NETWORK)
    comparison = ENGINE.compare(intent, device.running_config(), rendered, formerly=formerly)
    session = Configuration(device)
    for line in comparison.commands:
        assert not judge(session.feed(line).text, command=line).is_error, line
    assert ENGINE.compare(intent, device.running_config(), rendered, formerly=formerly).commands == ()
    return rendered


def channels(text: str) -> set[str]:
    return {line for line in text.splitlines() if line.startswith(("interface Port-channel", " channel-group "))}


@given(changes())
@QUICK
def test_a_switch_takes_one_intent_after_another_and_keeps_no_channel_of_the_first(pair: tuple[Device, Device]) -> None:
    first, second = pair
    device = boot(first)
    formerly = carry_out(device, first)
    rendered = carry_out(device, second, formerly)
    assert channels(device.running_config()) == channels(rendered)


@given(changes())
@QUICK
def test_the_way_back_is_taken_too(pair: tuple[Device, Device]) -> None:
    first, second = pair
    device = boot(first)
    formerly = carry_out(device, first)
    before = channels(device.running_config())
    comparison = ENGINE.compare(second, device.running_config(), ENGINE.render(second, NETWORK), formerly=formerly)
    session = Configuration(device)
    for line in (*comparison.commands, *comparison.inverse):
        assert not judge(session.feed(line).text, command=line).is_error, line
    assert channels(device.running_config()) == before


@given(changes())
@QUICK
def test_no_channel_goes_before_its_ports_have_left_it(pair: tuple[Device, Device]) -> None:
    """The device would shut them."""
    first, second = pair
    device = boot(first)
    formerly = carry_out(device, first)
    comparison = ENGINE.compare(second, device.running_config(), ENGINE.render(second, NETWORK), formerly=formerly)
    session = Configuration(device)
    for line in comparison.commands:
        if line.startswith("no interface Port-channel"):
            number = line.removeprefix("no interface Port-channel")
            assert f" channel-group {number} " not in device.running_config()
        session.feed(line)


@given(changes(("iosxe",)))
@QUICK
def test_a_whole_configuration_that_replaces_the_running_one_does_the_same(pair: tuple[Device, Device]) -> None:
    first, second = pair
    device = boot(first)
    formerly = carry_out(device, first)
    rendered = ENGINE.render(second, NETWORK)
    whole = ENGINE.candidate(second, device.running_config(), rendered, formerly=formerly, replace=True)
    assert device.replace_running(whole) == ()
    assert ENGINE.compare(second, device.running_config(), rendered, formerly=formerly).commands == ()
    assert channels(device.running_config()) == channels(rendered)
