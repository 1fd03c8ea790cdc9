"""What simulated devices show is read by the parsers that people use on real ones: ntc-templates, and NAPALM's getters.

Every command is asked for over SSH.
"""

import re
from collections.abc import Iterator
from typing import Any

import napalm
import pytest
from napalm.base import NetworkDriver
from netmiko import ConnectHandler
from ntc_templates.parse import parse_output

from cimnet_nornir.lab.spec import LabCredentials, LabDevice, LabLink, LabSpec
from cimnet_nornir.lab.thread import RunningLab, running_lab

pytestmark = pytest.mark.slow

CREDENTIALS = LabCredentials("admin", "login-word", "enable-word")
_STARTUP = "hostname {}\nlldp run\nip domain-name lab.example\n"
R1 = (
    _STARTUP.format("R1")
    + "interface GigabitEthernet0/0\n description to the switch\n ip address 10.0.0.1 255.255.255.0\n"
)
C9 = _STARTUP.format("C9") + "ip routing\ninterface Vlan1\n ip address 10.0.0.9 255.255.255.0\n no shutdown\n"
SPEC = LabSpec(
    (
        LabDevice("SW1", "ios", "switch", ("Gi0/1", "Gi0/2", "Te0/3"), startup=_STARTUP.format("SW1")),
        LabDevice("R1", "ios", "router", ("Gi0/0", "Gi0/1"), startup=R1),
        LabDevice("C9", "iosxe", "l3switch", ("Gi1/0/1", "Te1/1/1"), startup=C9),
    ),
    (LabLink(("SW1", "Gi0/1"), ("R1", "Gi0/0")), LabLink(("SW1", "Te0/3"), ("C9", "Te1/1/1"))),
    CREDENTIALS,
)
NAMES = ("SW1", "R1", "C9")
# The ports with a cable whose other end is up.
UP = {
    "SW1": ("GigabitEthernet0/1", "TenGigabitEthernet0/3"),
    "R1": ("GigabitEthernet0/0",),
    "C9": ("TenGigabitEthernet1/1/1",),
}
DOWN = {"SW1": "GigabitEthernet0/2", "R1": "GigabitEthernet0/1", "C9": "GigabitEthernet1/0/1"}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLab]:
    with running_lab(SPEC, tmp_path_factory.mktemp("lab")) as lab:
        lab.advance(None, 90_000)
        yield lab


def shown(lab: RunningLab, name: str, command: str) -> str:
    """What a device answers to Netmiko."""
    endpoint = lab.devices[name]
    with ConnectHandler(
        device_type="cisco_ios",
        host=endpoint.host,
        port=endpoint.port,
        username=CREDENTIALS.username,
        password=CREDENTIALS.password,
        secret=CREDENTIALS.enable,
    ) as connection:
        connection.enable()
        return str(connection.send_command(command))


def parsed(lab: RunningLab, name: str, command: str) -> list[dict[str, Any]]:
    """The rows that ntc-templates find in the answer."""
    rows: list[dict[str, Any]] = parse_output("cisco_ios", command, shown(lab, name, command))
    return rows


@pytest.fixture(params=NAMES)
def driver(lab: RunningLab, request: pytest.FixtureRequest) -> Iterator[tuple[str, NetworkDriver]]:
    """An open NAPALM connection with each device."""
    endpoint = lab.devices[request.param]
    options = {"port": endpoint.port, "secret": CREDENTIALS.enable}
    made = napalm.get_network_driver("ios")(
        endpoint.host, CREDENTIALS.username, CREDENTIALS.password, optional_args=options
    )
    made.open()
    try:
        yield request.param, made
    finally:
        made.close()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("command", ["show processes cpu", "show processes cpu sorted"])
def test_ntc_templates_read_the_load(lab: RunningLab, name: str, command: str) -> None:
    rows = parsed(lab, name, command)
    assert len(rows) == 8
    assert all(1 <= int(rows[0][f"cpu_usage_{span}"]) <= 100 for span in ("5_sec", "1_min", "5_min"))
    assert {row["process_name"] for row in rows} >= {"IP Input", "Chunk Manager"}


def test_ntc_templates_read_the_memory_of_ios_xe(lab: RunningLab) -> None:
    (row,) = parsed(lab, "C9", "show processes memory sorted")
    assert 0 < int(row["memory_used"]) < int(row["memory_total"])
    assert int(row["memory_free"]) == int(row["memory_total"]) - int(row["memory_used"])
    assert row["process"][0] == "Spanning Tree"
    assert row["process_holding"] == sorted(row["process_holding"], key=int, reverse=True)


@pytest.mark.parametrize("name", NAMES)
def test_ntc_templates_read_the_interfaces(lab: RunningLab, name: str) -> None:
    rows = {row["interface"]: row for row in parsed(lab, name, "show interfaces")}
    for port in UP[name]:
        assert rows[port]["protocol_status"].startswith("up")
        assert int(rows[port]["input_packets"]) > 90_000
        assert int(rows[port]["output_packets"]) > 90_000
        assert int(rows[port]["input_rate"]) > 0
        assert int(rows[port]["output_pps"]) > 0
    down = rows[DOWN[name]]
    assert (down["input_packets"], down["output_packets"], down["input_errors"]) == ("0", "0", "0")
    # Nothing that the template looks for in every interface is missing.
    wanted = ("mtu", "bandwidth", "crc", "output_errors", "queue_drops", "queue_output_drops", "runts", "last_input")
    assert all(row[field] != "" for row in rows.values() for field in wanted)


def test_ntc_templates_read_the_version(lab: RunningLab) -> None:
    found = {name: parsed(lab, name, "show version")[0] for name in NAMES}
    assert {row["hostname"] for row in found.values()} == set(NAMES)
    assert {name: row["version"] for name, row in found.items()} == {
        "SW1": "15.2(7)E3",
        "R1": "15.2(4)M7",
        "C9": "17.9.4a",
    }
    assert all((row["uptime_days"], row["uptime_hours"]) == ("1", "1") for row in found.values())
    assert all(len(row["serial"]) >= 1 and len(row["hardware"]) >= 1 for row in found.values())


def test_ntc_templates_read_the_neighbours(lab: RunningLab) -> None:
    lldp = {row["local_interface"]: row for row in parsed(lab, "SW1", "show lldp neighbors detail")}
    assert {port: row["neighbor_name"] for port, row in lldp.items()} == {
        "Gi0/1": "R1.lab.example",
        "Te0/3": "C9.lab.example",
    }
    assert lldp["Gi0/1"]["neighbor_port_id"] == "Gi0/0"
    assert lldp["Gi0/1"]["mgmt_address"] == "10.0.0.1"
    cdp = {row["local_interface"]: row for row in parsed(lab, "SW1", "show cdp neighbors detail")}
    assert cdp["TenGigabitEthernet0/3"]["neighbor_interface"] == "TenGigabitEthernet1/1/1"
    assert cdp["TenGigabitEthernet0/3"]["platform"] == "cisco C9300-24T"
    assert cdp["TenGigabitEthernet0/3"]["mgmt_address"] == "10.0.0.9"
    assert cdp["GigabitEthernet0/1"]["neighbor_name"] == "R1.lab.example"


@pytest.mark.parametrize("command", ["show ip interface brief", "show inventory"])
@pytest.mark.parametrize("name", NAMES)
def test_ntc_templates_read_the_rest(lab: RunningLab, name: str, command: str) -> None:
    assert parsed(lab, name, command)


def test_napalm_reads_facts(driver: tuple[str, NetworkDriver]) -> None:
    name, device = driver
    facts = device.get_facts()
    assert (facts["hostname"], facts["fqdn"], facts["vendor"]) == (name, f"{name}.lab.example", "Cisco")
    assert 90_000 <= facts["uptime"] <= 90_600
    assert "Version 1" in facts["os_version"]


def test_napalm_reads_interfaces_and_their_counters(driver: tuple[str, NetworkDriver]) -> None:
    name, device = driver
    interfaces, counters = device.get_interfaces(), device.get_interfaces_counters()
    assert interfaces.keys() == counters.keys()
    for port in UP[name]:
        assert interfaces[port]["is_up"]
        assert counters[port]["rx_octets"] > counters[port]["rx_unicast_packets"] > 90_000
        assert counters[port]["tx_octets"] > counters[port]["tx_unicast_packets"] > 90_000
        assert counters[port]["rx_discards"] == counters[port]["tx_discards"] == 0
        assert counters[port]["rx_multicast_packets"] >= 0
    assert not interfaces[DOWN[name]]["is_up"]
    assert counters[DOWN[name]]["tx_octets"] == 0


def test_napalm_reads_the_environment(driver: tuple[str, NetworkDriver]) -> None:
    _, device = driver
    environment = device.get_environment()
    assert 1 <= environment["cpu"][0]["%usage"] <= 100
    assert 0 < environment["memory"]["used_ram"] < environment["memory"]["available_ram"]


def test_napalm_reads_the_neighbours(driver: tuple[str, NetworkDriver]) -> None:
    name, device = driver
    briefly, detail = device.get_lldp_neighbors(), device.get_lldp_neighbors_detail()
    assert set(briefly) == set(detail) == set(UP[name])
    others = {"SW1": {"R1", "C9"}, "R1": {"SW1"}, "C9": {"SW1"}}[name]
    names = {each["remote_system_name"] for entries in detail.values() for each in entries}
    assert names == {f"{other}.lab.example" for other in others}


def test_napalm_reads_the_arp_table(driver: tuple[str, NetworkDriver]) -> None:
    name, device = driver
    table = {row["ip"]: row["interface"] for row in device.get_arp_table()}
    own = {"SW1": {}, "R1": {"10.0.0.1": "GigabitEthernet0/0"}, "C9": {"10.0.0.9": "Vlan1"}}[name]
    assert own.items() <= table.items()


def test_counters_move_while_one_looks(lab: RunningLab) -> None:
    def octets() -> list[int]:
        return [
            int(each) for each in re.findall(r"packets \w+, (\d+) bytes", shown(lab, "SW1", "show interfaces Gi0/1"))
        ]

    before = octets()
    lab.advance(None, 5)
    assert all(after > earlier for after, earlier in zip(octets(), before, strict=True))
