"""Ports over any readings: the events tell each change once, and all that events tell is what was read."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from cimnet_nornir.application.actors import Actor
from cimnet_nornir.application.collecting import collect
from cimnet_nornir.application.device_status import device_statuses
from cimnet_nornir.application.observations import PortState
from cimnet_nornir.application.observing import condition_of, errors_of
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain.events import EVENT_TYPES, ROOT_TYPES, PortStatisticsRecorded
from cimnet_nornir.errors import DeviceUnreachable
from cimnet_nornir.projections.observed import Known, load_observed
from cimnet_nornir.store import open_store
from tests.conftest import SMALL
from tests.unit.memory_devices import MemoryDevice, MemoryDevices

NAMES = tuple(f"GigabitEthernet0/{number}" for number in range(1, 4))
STATES = st.sampled_from(((True, True), (True, False), (False, False)))
READING = st.dictionaries(st.sampled_from(NAMES), st.tuples(STATES, st.integers(0, 3)))
# None: the device does not answer.
READINGS = st.lists(st.none() | READING, min_size=1, max_size=8)
Reading = Mapping[str, tuple[tuple[bool, bool], int]]


def ports(reading: Reading) -> dict[str, PortState]:
    return {
        name: PortState(name=name, enabled=enabled, up=up, in_errors=errors)
        for name, ((enabled, up), errors) in reading.items()
    }


def errors(reading: Reading) -> dict[str, int]:
    return {name: count for name, (_, count) in reading.items()}


def rose(later: Reading, earlier: Reading) -> set[str]:
    then, now = errors(earlier), errors(later)
    return {name for name in now.keys() & then.keys() if now[name] > then[name] or 0 < now[name] < then[name]}


@given(READINGS)
def test_events_tell_all_that_changed_and_nothing_else(readings: Sequence[Reading | None]) -> None:
    store = open_store("memory:", EVENT_TYPES, roots=ROOT_TYPES)
    service = NetworkService(store, "net", actor=Actor("ann", lambda: datetime.now(UTC), uuid4))
    service.execute(*SMALL, command="declare")
    port = MemoryDevices({"sw1": MemoryDevice()}, datetime.now(UTC))
    heard: list[Reading] = []
    known = Known()
    for reading in readings:
        port.now = max(datetime.now(UTC), port.now + timedelta(microseconds=1))
        port.devices["sw1"].silent = None if reading is not None else DeviceUnreachable("gone", subject="sw1")
        port.devices["sw1"].ports = ports(reading or {})
        told = [stored.event for stored in collect(service, port).recorded]
        before, known = known, load_observed(store, "net", "lab")["sw1"]
        assert known == load_observed(store, "net", "lab", until=store.head())["sw1"]
        assert known.reachability == ("up" if reading is not None else "unreachable")
        if reading is None:
            continue
        now = ports(reading)
        assert known.ports == {name: condition_of(state) for name, state in now.items()}
        changed = [change for event in told if isinstance(event, PortStatisticsRecorded) for change in event.changed]
        assert {change.port for change in changed} == {
            name for name in now.keys() | before.ports.keys() if known.ports.get(name) != before.ports.get(name)
        }
        rising = [event.rising for event in told if isinstance(event, PortStatisticsRecorded)]
        expected = _began(reading, heard)
        assert set(rising[0] if rising else ()) == expected
        heard.append(reading)
        status = device_statuses(service)["sw1"]
        assert (status.port_errors or 0) == sum(map(errors_of, now.values()))
        assert (status.ports_up or 0) == sum(state.up for state in now.values())


def _began(reading: Reading, heard: Sequence[Reading]) -> set[str]:
    """The ports whose errors rose since the reading before, and had not just then."""
    if not heard:
        return set()
    return rose(reading, heard[-1]) - (rose(heard[-1], heard[-2]) if len(heard) > 1 else set())
