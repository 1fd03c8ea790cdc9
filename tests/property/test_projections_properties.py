"""However rows were kept and writers interrupted: a projection is what the events say from the start."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from ipaddress import IPv4Interface
from uuid import uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from cimnet_nornir.application.actors import Actor
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.comparison import Path
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.envelope import StoredEvent
from cimnet_nornir.domain.events import EVENT_TYPES, ROOT_TYPES, DeviceDetails
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.values import AccessMode, Endpoint, PortConfiguration, RoutedInterface
from cimnet_nornir.errors import DomainError, RenderError
from cimnet_nornir.ios.bundle import TemplateBundle
from cimnet_nornir.ios.engine import IosEngine
from cimnet_nornir.projections.blame import DeviceBlame, load_blame, projection_of
from cimnet_nornir.projections.hosts import load_hosts, past_hosts
from cimnet_nornir.projections.intent import (
    Intent,
    apply_event,
    fold,
    intent_events,
    load_intent,
    load_saved,
    open_intent,
    save,
)
from cimnet_nornir.projections.inventory import hosts_of
from cimnet_nornir.store import EventStore, open_store

ENGINE = IosEngine(TemplateBundle.load())
DETAILS = DeviceDetails(vendor="cisco", platform="ios")
IDS = st.sampled_from(("sw1", "sw2"))
NAMES = st.sampled_from(("one", "two", "three"))
PORTS = tuple(f"GigabitEthernet0/{number}" for number in (1, 2))
PORT = st.sampled_from(PORTS)
VLANS = st.sampled_from((10, 20))
LABELS = st.sampled_from((None, "users", "voice"))
CONFIGURATIONS = st.builds(
    PortConfiguration,
    description=st.sampled_from((None, "desk", "camera")),
    enabled=st.booleans(),
    switching=st.builds(AccessMode, vlan=VLANS),
)
ADDRESSES = st.sampled_from(("192.0.2.1/24", "192.0.2.2/24", "198.51.100.1/24"))
ENDS = st.builds(Endpoint, device=IDS, port=PORT)

COMMANDS: st.SearchStrategy[c.Command] = st.one_of(
    st.builds(c.AddSwitch, device=IDS, name=NAMES, details=st.just(DETAILS), ports=st.just(PORTS)),
    st.builds(c.CreateVlan, device=IDS, vlan=VLANS, name=LABELS),
    st.builds(c.RenameVlan, device=IDS, vlan=VLANS, name=LABELS),
    st.builds(c.RemoveVlan, device=IDS, vlan=VLANS),
    st.builds(c.ConfigurePort, device=IDS, port=PORT, configuration=CONFIGURATIONS),
    st.builds(c.ResetPort, device=IDS, port=PORT),
    st.builds(
        c.ConfigureRouterInterface,
        device=IDS,
        interface=st.just("Vlan10"),
        configuration=ADDRESSES.map(lambda text: RoutedInterface(addresses=(IPv4Interface(text),))),
    ),
    st.builds(c.RenameDevice, device=IDS, name=NAMES),
    st.builds(c.RemoveDevice, device=IDS),
    st.builds(
        c.PinHostKey,
        device=IDS,
        environment=st.sampled_from(("lab", "real")),
        key=st.sampled_from(("ssh-ed25519 AAAA", "ssh-ed25519 BBBB")),
        fingerprint=st.just("SHA256:AAAA"),
    ),
    st.builds(c.ConnectLink, a=ENDS, b=ENDS),
    st.builds(c.DisconnectLink, a=ENDS, b=ENDS),
)
STEPS = st.lists(st.tuples(COMMANDS, st.integers(0, 3)), min_size=8, max_size=40)
"""Commands, each with what happens after it; 0: rows are written."""


def written(steps: Iterable[tuple[c.Command, int]]) -> tuple[NetworkService, list[int]]:
    """A store with the events of all commands that no rule refused, and the positions at which rows are to be written.

    Another network does the same things beside it.
    """
    store = open_store("memory:", EVENT_TYPES, roots=ROOT_TYPES)
    actor = Actor("ann", lambda: datetime.now(UTC), uuid4)
    service = NetworkService(store, "net", actor=actor, engine=ENGINE)
    other = NetworkService(store, "net-2", actor=actor, engine=ENGINE)
    start = (
        c.AddSwitch(device="sw1", name="one", details=DETAILS, ports=PORTS),
        c.CreateVlan(device="sw1", vlan=10),
        c.AddSwitch(device="sw2", name="two", details=DETAILS, ports=PORTS),
    )
    for target in (service, other):
        target.execute(c.CreateNetwork(name=target.network_name), *start)
    moments = []
    for command, after in steps:
        for target in (service, other):
            attempt(target, command)
        if after == 0:
            moments.append(store.head())
    return service, moments


def attempt(service: NetworkService, command: c.Command) -> None:
    try:
        service.execute(command)
    except DomainError:
        return  # refused: then there is no event of it, which is what a fold must get along with


def folded(store: EventStore, *, until: int | None = None) -> Intent:
    intent = Intent(Network("net"))
    fold(intent, intent_events(store, until=until))
    return intent


@settings(max_examples=50)
@given(STEPS)
def test_rows_and_newer_events_are_the_fold_from_the_start(steps: Sequence[tuple[c.Command, int]]) -> None:
    """Each writer saves what it folded up to its moment; the last two in the wrong order."""
    service, moments = written(steps)
    store = service.store
    for moment in [*moments[:-2], *reversed(moments[-2:])]:
        save(store, folded(store, until=moment))
        assert load_intent(store, "net") == folded(store)


@settings(max_examples=40)
@given(STEPS)
def test_every_moment_is_the_fold_up_to_it(steps: Sequence[tuple[c.Command, int]]) -> None:
    service, _ = written(steps)
    stepwise = Intent(Network("net"))
    for stored in service.store.read_all():
        fold(stepwise, (stored,) if stored.type != "ChangeRequested" else ())
        assert load_intent(service.store, "net", until=stored.position).network == stepwise.network
        assert past_hosts(service.store, "net", "lab", stored.position) == hosts_of(stepwise.network, "lab")


@settings(max_examples=50)
@given(STEPS)
def test_rows_say_the_same_when_they_are_read_again(steps: Sequence[tuple[c.Command, int]]) -> None:
    service, _ = written(steps)
    save(service.store, folded(service.store))
    assert load_saved(service.store, "net") == folded(service.store)


@settings(max_examples=50)
@given(STEPS)
def test_devices_that_are_read_when_asked_for_are_those_of_the_fold(steps: Sequence[tuple[c.Command, int]]) -> None:
    """Whoever opened the intent long ago reads it as it was, whatever was kept and done since."""
    service, _ = written([])
    store = service.store
    opened = []
    for command, after in steps:
        attempt(service, command)
        intent = open_intent(store, "net")
        if after == 0:
            save(store, intent)
        if after == 1:
            opened.append((intent, folded(store)))
    for intent, expected in opened:
        assert intent.network == expected.network
        assert {stream: intent.version_of(stream) for stream in expected.versions} == expected.versions
        assert intent.position == expected.position


@settings(max_examples=50)
@given(STEPS)
def test_hosts_that_are_kept_are_those_of_the_intent(steps: Sequence[tuple[c.Command, int]]) -> None:
    service, _ = written([])
    other = NetworkService(service.store, "net-2", actor=service.actor, engine=ENGINE)
    linked = c.ConnectLink(a=Endpoint(device="sw1", port=PORTS[0]), b=Endpoint(device="sw2", port=PORTS[0]))
    for command, after in [(linked, 0), *steps]:
        attempt(service, command)
        attempt(other, command)
        if after == 0:
            load_hosts(service.store, "net", "lab", save_after=1)
        if after == 1:
            save(service.store, open_intent(service.store, "net"))
        expected = hosts_of(folded(service.store).network, "lab")
        assert load_hosts(service.store, "net", "lab") == expected
    assert load_hosts(service.store, "net-2", "lab") == hosts_of(other.intent().network, "lab")


def paths(device: Device, network: Network) -> Sequence[Path]:
    return ENGINE.paths(ENGINE.render(device, network))


def blamed(store: EventStore, *, until: int | None = None) -> dict[str, DeviceBlame]:
    return load_blame(store, "net", paths, templates="sha256:test", until=until)


def slow_blame(store: EventStore) -> dict[str, dict[Path, StoredEvent]]:
    """Each device's lines with the event after which they stood without a break, by rendering everything every time."""
    intent = Intent(Network("net"))
    found: dict[str, dict[Path, StoredEvent]] = {}
    for stored in intent_events(store):
        if not apply_event(intent, stored):
            continue
        devices = intent.network.devices
        found = {
            identity: {path: found.get(identity, {}).get(path, stored) for path in paths(device, intent.network)}
            for identity, device in devices.items()
        }
    return found


@settings(max_examples=35)
@given(STEPS)
def test_a_line_belongs_to_the_event_after_which_it_first_stood(steps: Sequence[tuple[c.Command, int]]) -> None:
    service, _ = written(steps)
    found = {identity: blame.lines for identity, blame in blamed(service.store).items()}
    expected = {
        identity: {path: stored.event_id for path, stored in lines.items()}
        for identity, lines in slow_blame(service.store).items()
    }
    assert found == expected


@settings(max_examples=35)
@given(STEPS)
def test_blame_kept_in_between_is_blame_from_the_start(steps: Sequence[tuple[c.Command, int]]) -> None:
    """Time travel never reads rows, so it tells what is right."""
    service, _ = written([])
    for command, after in steps:
        attempt(service, command)
        if after == 0:
            blamed(service.store)
    assert blamed(service.store) == blamed(service.store, until=service.store.head())
    assert blamed(service.store) == blamed(service.store, until=service.store.head())


@settings(max_examples=35)
@given(STEPS)
def test_lines_that_are_newer_than_the_fold_come_out_right(steps: Sequence[tuple[c.Command, int]]) -> None:
    """A writer died between the lines and the fold: its rows say more than the position they are read with."""
    service, moments = written(steps)
    store = service.store
    blamed(store)
    projection = projection_of("sha256:test")
    assert store.load_rows(f"{projection}:i")
    store.drop_projection(f"{projection}:i")
    if moments:
        save(store, folded(store, until=moments[0]), projection=f"{projection}:i")
    found, expected = blamed(store), blamed(store, until=store.head())
    assert {identity: blame.lines for identity, blame in found.items()} == {
        identity: blame.lines for identity, blame in expected.items()
    }


@settings(max_examples=20)
@given(STEPS)
def test_states_that_do_not_render_leave_the_rest_explained(steps: Sequence[tuple[c.Command, int]]) -> None:
    """A device with VLAN 20 does not render: its lines are then those before, and each has an event of its stream."""
    service, _ = written(steps)

    def picky(device: Device, network: Network) -> Sequence[Path]:
        if 20 in device.vlans:
            raise RenderError("VLAN 20 cannot be rendered", subject=device.name)
        return paths(device, network)

    blames = load_blame(service.store, "net", picky, templates="sha256:picky")
    for identity, device in service.network().devices.items():
        if 20 in device.vlans:
            continue
        lines = blames[identity].lines
        assert set(lines) == set(paths(device, service.network()))
        assert all(service.store.find(event) is not None for event in lines.values())
