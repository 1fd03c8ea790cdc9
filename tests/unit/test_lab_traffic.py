"""What simulated devices count: the traffic of their ports while links are up, their load and their memory."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cimnet_nornir.lab.device import Device
from cimnet_nornir.lab.faults import with_fault
from cimnet_nornir.lab.session import Session
from cimnet_nornir.lab.spec import LabCredentials, LabDevice, LabLink
from cimnet_nornir.lab.storage import MemoryStorage
from cimnet_nornir.lab.topology import Topology

START = datetime(2026, 3, 1, tzinfo=UTC)
PORT, OTHER, CHANNEL = "GigabitEthernet0/1", "GigabitEthernet0/2", "Port-channel1"
BUNDLE = f"interface {PORT}\n channel-group 1 mode active\ninterface {OTHER}\n channel-group 1 mode active\n"


class Pair:
    """Two switches with two cables between them, and a third port each that leads nowhere, at one time of day."""

    def __init__(self, startup: str = "") -> None:
        ports = (PORT, OTHER, "GigabitEthernet0/3")
        self.devices = {
            name: Device(
                LabDevice(name, "ios", "switch", ports, startup=f"hostname {name}\n{startup}"),
                LabCredentials("admin", "word"),
                MemoryStorage(),
                lambda: START,
            )
            for name in ("A", "B")
        }
        topology = Topology(self.devices, [LabLink(("A", port), ("B", port)) for port in (PORT, OTHER)])
        for device in self.devices.values():
            device.topology = topology

    def wait(self, seconds: float) -> None:
        for device in self.devices.values():
            device.timers.advance(timedelta(seconds=seconds))

    def ask(self, name: str, *lines: str) -> str:
        session = Session(self.devices[name], "admin")
        return [session.feed(line).text for line in lines][-1].rstrip("\n")

    def counts(self, name: str, port: str = PORT) -> tuple[int, int, int, int]:
        """Packets and octets received, packets and octets sent."""
        shown = self.ask(name, f"show interfaces {port}")
        received, sent = (
            re.search(rf"^ {{5}}(\d+) packets {way}, (\d+) bytes", shown, re.MULTILINE) for way in ("input", "output")
        )
        assert received
        assert sent
        return int(received[1]), int(received[2]), int(sent[1]), int(sent[2])


@pytest.fixture
def pair() -> Pair:
    return Pair()


def test_a_link_that_is_up_counts_and_what_one_end_sends_the_other_receives(pair: Pair) -> None:
    assert pair.counts("A") == (0, 0, 0, 0)
    pair.wait(600)
    first = pair.counts("A")
    assert all(first)
    assert pair.counts("B") == (first[2], first[3], first[0], first[1])
    pair.wait(1)
    assert all(after > before for after, before in zip(pair.counts("A"), first, strict=True))


def test_a_port_without_a_cable_counts_nothing(pair: Pair) -> None:
    pair.wait(3600)
    assert pair.counts("A", "GigabitEthernet0/3") == (0, 0, 0, 0)


@pytest.mark.parametrize("end", ["A", "B"])
def test_a_link_that_is_down_stands_still_at_both_ends(pair: Pair, end: str) -> None:
    pair.wait(600)
    before = pair.counts("A")
    pair.ask(end, "configure terminal", f"interface {PORT}", "shutdown")
    pair.wait(600)
    assert pair.counts("A") == before
    assert "5 minute input rate 0 bits/sec, 0 packets/sec" in pair.ask("A", f"show interfaces {PORT}")
    pair.ask(end, "configure terminal", f"interface {PORT}", "no shutdown")
    pair.wait(600)
    assert pair.counts("A") > before


def test_a_device_that_is_switched_off_is_not_counted_from(pair: Pair) -> None:
    pair.wait(600)
    before = pair.counts("A")
    pair.devices["B"].powered = False
    pair.wait(600)
    assert pair.counts("A") == before


def test_a_reload_counts_from_zero_and_leaves_the_other_end_alone(pair: Pair) -> None:
    pair.wait(300)
    pair.ask("A", "configure terminal", f"interface {OTHER}", "shutdown")
    pair.wait(300)
    before = pair.counts("B")
    pair.ask("A", f"clear counters {PORT}")
    pair.devices["A"].boot()
    assert pair.counts("A") == (0, 0, 0, 0)
    assert pair.counts("B") == before
    pair.wait(10)
    assert pair.counts("A")[2] > 0


def test_counters_are_cleared_for_one_interface_or_for_all(pair: Pair) -> None:
    pair.wait(600)
    pair.ask("A", f"clear counters {PORT}")
    assert pair.counts("A") == (0, 0, 0, 0)
    assert pair.counts("A", OTHER)[0] > 0
    pair.wait(90)
    assert 0 < pair.counts("A")[0] < pair.counts("B")[2]
    assert 'Last clearing of "show interface" counters 00:01:30' in pair.ask("A", f"show interfaces {PORT}")
    pair.ask("A", "clear counters")
    assert pair.counts("A", OTHER) == (0, 0, 0, 0)


def test_a_port_channel_counts_what_its_ports_do() -> None:
    pair = Pair(BUNDLE)
    pair.wait(600)
    ports = [pair.counts("A", port) for port in (PORT, OTHER)]
    assert pair.counts("A", CHANNEL) == tuple(map(sum, zip(*ports, strict=True)))
    assert pair.counts("A", CHANNEL)[0] > 0


def test_an_svi_counts_nothing(pair: Pair) -> None:
    pair.wait(600)
    assert pair.counts("A", "Vlan1") == (0, 0, 0, 0)


def test_the_tables_show_the_same_counters(pair: Pair) -> None:
    pair.wait(600)
    pair.devices["A"].count_errors(PORT)
    received, sent = pair.ask("A", "show interfaces counters").split("\n\n")
    assert (f"Gi0/1{pair.counts('A')[1]:>23}") in received
    assert (f"Gi0/1{pair.counts('A')[3]:>23}") in sent
    errors = [row.split() for row in pair.ask("A", "show interfaces counters errors").split("\n")]
    assert ["Gi0/1", "0", "100", "0", "100", "0", "0"] in errors
    rate = re.search(r"5 minute input rate (\d+) bits/sec, (\d+)", pair.ask("A", f"show interfaces {PORT}"))
    assert rate
    row = next(row.split() for row in pair.ask("A", "show interfaces summary").split("\n") if PORT in row)
    assert row[:8] == ["*", PORT, "0", "0", "0", "0", rate[1], rate[2]]
    assert int(rate[1]) > 0


@given(st.lists(st.floats(0, 5000), min_size=2, max_size=12))
def test_counters_never_go_back_and_the_parts_are_no_more_than_the_whole(steps: list[float]) -> None:
    pair = Pair()
    port, last = pair.devices["A"].traffic, (0, 0, 0, 0)
    for step in steps:
        pair.wait(step)
        now = port.of(PORT)
        counts = (now.received.packets, now.received.octets, now.sent.packets, now.sent.octets)
        assert all(after >= before for after, before in zip(counts, last, strict=True))
        assert all(each.packets >= each.multicasts + each.broadcasts for each in (now.received, now.sent))
        last = counts


def test_the_load_moves_and_is_the_same_for_the_same_device_and_time(pair: Pair) -> None:
    heads = []
    for _ in range(12):
        pair.wait(5)
        heads.append(pair.ask("A", "show processes cpu | include CPU"))
    assert len(set(heads)) > 3
    again = Pair()
    again.wait(60)
    assert again.ask("A", "show processes cpu | include CPU") == heads[-1]


def test_a_load_can_be_given_and_is_shown_everywhere(pair: Pair) -> None:
    device = pair.devices["A"]
    device.faults = with_fault(device.faults, "load", {"percent": 93})
    head = "CPU utilization for five seconds: 93%/4%; one minute: 93%; five minutes: 93%"
    assert pair.ask("A", "show processes cpu").startswith(head)
    shown = pair.ask("A", "show processes cpu sorted").split("\n")
    shares = [float(row.split()[4].rstrip("%")) for row in shown[2:]]
    assert shown[0] == head
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > shares[-1]


def test_memory_is_told_alike_by_both_commands(pair: Pair) -> None:
    pair.wait(30)
    statistics = pair.ask("A", "show memory statistics").split("\n")[1].split()
    pool = re.match(
        r"Processor Pool Total: +(\d+) Used: +(\d+) Free: +(\d+)", pair.ask("A", "show processes memory").strip()
    )
    assert pool
    assert statistics[2:5] == [pool[1], pool[2], pool[3]]
    assert int(pool[1]) == int(pool[2]) + int(pool[3])


def test_only_ios_xe_shows_the_resources_of_its_platform(pair: Pair) -> None:
    assert "Invalid input" in pair.ask("A", "show platform resources")
    modern = Device(LabDevice("C", "iosxe", "router", ("Gi0/0/0",)), LabCredentials("admin", "word"), MemoryStorage())
    modern.faults = with_fault(modern.faults, "load", {"percent": 97})
    shown = Session(modern, "admin").feed("show platform resources").text
    assert re.search(r"^ Control Processor +97\.00% +100% +80% +95% +C$", shown, re.MULTILINE)
    assert re.search(r"^  DRAM +\d+MB\(\d+%\) +1384MB", shown, re.MULTILINE)
