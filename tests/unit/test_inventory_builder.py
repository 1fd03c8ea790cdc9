"""The Nornir inventory of a network: hosts, groups, facts, connections and known hosts."""

import threading
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from nornir.core import Nornir
from nornir.core.filter import F
from nornir.core.inventory import Inventory
from nornir.plugins.runners import SerialRunner

from cimnet_nornir.application.host_keys import pin_host_keys
from cimnet_nornir.application.outcomes import PushOutcome
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.errors import DeviceNotFound, SettingsError
from cimnet_nornir.inventory.builder import NO_LAB, NOT_IN_LAB, CimnetDefaults, Endpoint, FormerAddress, build_inventory
from cimnet_nornir.inventory.known_hosts import known_hosts_of, write_known_hosts

# Keys of nobody: made for these tests with ssh-keygen.
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIADRGNRefiJJxlN39usKM9LuiiOfYh2jZOT1AxqL5akE"
LAB = {
    "sw1": Endpoint("127.0.0.1", 2201, "admin", "lab-secret", "lab-enable"),
    "sw2": Endpoint("127.0.0.1", 2202, "admin", "lab-secret", "lab-enable"),
    "r1": Endpoint("127.0.0.1", 2203, "admin", "lab-secret", "lab-enable"),
}


@pytest.fixture
def known_hosts(tmp_path: Path) -> Path:
    return tmp_path / "state" / "known_hosts.lab"


def test_a_host_has_its_groups_and_facts(small: NetworkService, known_hosts: Path) -> None:
    inventory = build_inventory(small, at=None, endpoints=None, known_hosts=known_hosts)
    assert sorted(inventory.hosts) == ["r1", "sw1", "sw2"]
    host = inventory.hosts["sw1"]
    assert (host.hostname, host.port, host.platform) == ("192.0.2.11", 22, "ios")
    assert [group.name for group in host.groups] == [
        "kind__switch",
        "role__access",
        "site__hq",
        "platform__ios",
        "lifecycle__planned",
    ]
    assert host["lifecycle"] == "planned"
    assert host["id"] == "sw1"
    assert host["vlans"] == "10"
    assert host["neighbours"] == {"GigabitEthernet0/4": "r1 GigabitEthernet0/1"}
    assert inventory.hosts["r1"]["neighbours"] == {"GigabitEthernet0/1": "sw1 GigabitEthernet0/4"}
    assert inventory.hosts["r1"].hostname is None
    assert host["environment"] == "lab"
    assert "platform__iosxe" in inventory.groups


def test_hosts_are_chosen_by_nornirs_own_filters(small: NetworkService, known_hosts: Path) -> None:
    nornir = Nornir(
        inventory=build_inventory(small, at=None, endpoints=None, known_hosts=known_hosts), runner=SerialRunner()
    )
    assert sorted(nornir.filter(F(groups__contains="role__access")).inventory.hosts) == ["sw1", "sw2"]
    assert sorted(nornir.filter(F(groups__contains="site__hq") & F(kind="router")).inventory.hosts) == ["r1"]
    assert sorted(nornir.filter(~F(groups__contains="role__access")).inventory.hosts) == ["r1"]
    assert {host.name for host in nornir.inventory.children_of_group("kind__switch")} == {"sw1", "sw2"}
    defaults = nornir.filter(name="sw1").inventory.defaults
    assert isinstance(defaults, CimnetDefaults)
    assert defaults.service is small
    assert defaults.at is None


def test_a_host_knows_how_many_links_it_is_away_from_the_operator(small: NetworkService, known_hosts: Path) -> None:
    def away(operator: str | None, at: int | None = None) -> dict[str, object]:
        inventory = build_inventory(small, at=at, endpoints=None, known_hosts=known_hosts, operator=operator)
        return {name: host["distance"] for name, host in inventory.hosts.items()}

    assert away(None) == {"r1": 0, "sw1": 1, "sw2": None}
    assert away("SW1") == {"r1": 1, "sw1": 0, "sw2": None}
    with pytest.raises(DeviceNotFound, match="operator: there is no device 'sw9' in the network"):
        away("sw9")
    # Nothing is pushed to a past network, in which the operator's device need not be.
    assert away("sw9", small.store.head()) == {"r1": 0, "sw1": 1, "sw2": None}


def test_each_load_gives_objects_of_its_own(small: NetworkService, known_hosts: Path) -> None:
    first, second = (build_inventory(small, at=None, endpoints=None, known_hosts=known_hosts) for _ in range(2))
    first.hosts["sw1"]["vlans"] = "written by Nornir"
    first.hosts["sw1"].groups.clear()
    netmiko(first, "sw1")["secret"] = "written by Nornir"
    assert second.hosts["sw1"]["vlans"] == "10"
    assert second.hosts["sw1"].groups
    assert "secret" not in netmiko(second, "sw1")


def netmiko(inventory: Inventory, host: str) -> dict[str, object]:
    extras = inventory.hosts[host].connection_options["netmiko"].extras
    assert extras is not None
    return extras


def napalm(inventory: Inventory, host: str) -> dict[str, object]:
    extras = inventory.hosts[host].connection_options["napalm"].extras
    assert extras is not None
    arguments = extras["optional_args"]
    assert isinstance(arguments, dict)
    return arguments


def test_hosts_share_no_connection_options(small: NetworkService, known_hosts: Path) -> None:
    """nornir-napalm writes the port into them: every host would be reached at the first one's."""
    inventory = build_inventory(small, at=None, endpoints=LAB, known_hosts=known_hosts)
    for options in (netmiko, napalm):
        options(inventory, "sw1")["port"] = 1
        assert "port" not in options(inventory, "sw2")
    assert inventory.hosts["sw1"].port == 2201
    assert inventory.hosts["sw2"].port == 2202


def test_only_the_projects_own_known_hosts_are_trusted(small: NetworkService, known_hosts: Path) -> None:
    inventory = build_inventory(small, at=None, endpoints=LAB, known_hosts=known_hosts)
    for options in (netmiko(inventory, "sw1"), napalm(inventory, "sw1")):
        assert options["ssh_strict"] is True
        assert options["system_host_keys"] is False
        assert options["alt_host_keys"] is True
        assert options["alt_key_file"] == str(known_hosts)
        assert options["secret"] == "lab-enable"


def test_the_labs_secrets_are_in_no_hosts_data(small: NetworkService, known_hosts: Path) -> None:
    inventory = build_inventory(small, at=None, endpoints=LAB, known_hosts=known_hosts)
    host = inventory.hosts["sw1"]
    assert (host.username, host.password) == ("admin", "lab-secret")
    for whole in (str(host.data), str(inventory.defaults.data), str(host.dict()["data"]), repr(LAB["sw1"]), repr(host)):
        assert "lab-secret" not in whole
        assert "lab-enable" not in whole


def test_no_lab_means_no_way_to_any_device(small: NetworkService, known_hosts: Path) -> None:
    inventory = build_inventory(small, at=None, endpoints={}, known_hosts=known_hosts)
    assert {host.hostname for host in inventory.hosts.values()} == {NO_LAB}
    assert NO_LAB == "no-lab-is-up.invalid"


def test_a_lab_has_no_way_to_a_server_whether_it_is_up_or_not(small: NetworkService, known_hosts: Path) -> None:
    address = IPv4Address("192.0.2.50")
    details = DeviceDetails(vendor="nixos", platform="nixos", management=address)
    small.execute(c.AddHost(device="srv1", name="srv1", details=details, ports=("eno1",)))
    for endpoints in (LAB, {}):
        inventory = build_inventory(small, at=None, endpoints=endpoints, known_hosts=known_hosts)
        assert inventory.hosts["srv1"].hostname == NOT_IN_LAB
    real = build_inventory(small, at=None, endpoints=None, known_hosts=known_hosts)
    assert real.hosts["srv1"].hostname == str(address)


def test_a_network_that_was_never_declared_has_no_hosts(service: NetworkService, known_hosts: Path) -> None:
    inventory = build_inventory(service, at=None, endpoints=None, known_hosts=known_hosts)
    assert inventory.hosts == {}
    assert known_hosts.read_text() == ""


def test_the_past_is_shown_and_leaves_the_known_hosts_alone(small: NetworkService, known_hosts: Path) -> None:
    head = small.store.head()
    small.execute(c.RenameDevice(device="sw1", name="acc1"))
    pin_host_keys(small, {"sw1": KEY}, command="test")
    build_inventory(small, at=None, endpoints=LAB, known_hosts=known_hosts)
    before = known_hosts.read_text()
    assert before == f"[127.0.0.1]:2201 {KEY}\n"
    inventory = build_inventory(small, at=head, endpoints=LAB, known_hosts=known_hosts)
    assert "sw1" in inventory.hosts
    assert isinstance(inventory.defaults, CimnetDefaults)
    assert inventory.defaults.at == head
    assert known_hosts.read_text() == before


def test_keys_are_those_of_the_environment(small: NetworkService, known_hosts: Path) -> None:
    small.execute(c.PinHostKey(device="sw1", environment="real", key=KEY, fingerprint="SHA256:x"))
    build_inventory(small, at=None, endpoints=LAB, known_hosts=known_hosts)
    assert known_hosts.read_text() == ""
    real = NetworkService(small.store, "net", environment="real", engine=small.engine, actor=small.actor)
    build_inventory(real, at=None, endpoints=None, known_hosts=known_hosts)
    assert known_hosts.read_text() == f"192.0.2.11 {KEY}\n"


# --- the file ---------------------------------------------------------------------------------------------------------


def test_devices_that_change_places_are_each_known_where_they_are_and_where_they_will_be(
    small: NetworkService, known_hosts: Path
) -> None:
    keys = {"sw1": KEY, "sw2": KEY.replace("5akE", "5akF")}
    pin_host_keys(small, keys, command="trust")
    first, second = (small.network().devices[name].details for name in keys)
    plan = small.plan_from(dict.fromkeys(keys, ""))
    with small.deployment(plan) as deployment:
        for device in plan.changes:
            deployment.push_started(device, "")
            deployment.record(PushOutcome(device, "applied", 0.1, saved=True))
    assert small.former_addresses() == {}
    small.execute(
        c.ChangeDeviceDetails(device="sw1", details=first.model_copy(update={"management": second.management})),
        c.ChangeDeviceDetails(device="sw2", details=second.model_copy(update={"management": first.management})),
    )
    inventory = build_inventory(small, at=None, endpoints=None, known_hosts=known_hosts)
    former = known_hosts.with_name("known_hosts.lab.former")
    assert inventory.hosts["sw1"].hostname == "192.0.2.12"
    assert isinstance(inventory.defaults, CimnetDefaults)
    assert inventory.defaults.former == {
        "sw1": FormerAddress("192.0.2.11", former),
        "sw2": FormerAddress("192.0.2.12", former),
    }
    assert known_hosts.read_text() == f"192.0.2.11 {keys['sw2']}\n192.0.2.12 {keys['sw1']}\n"
    assert former.read_text() == f"192.0.2.11 {keys['sw1']}\n192.0.2.12 {keys['sw2']}\n"
    in_the_lab = build_inventory(small, at=None, endpoints=LAB, known_hosts=known_hosts)
    assert isinstance(in_the_lab.defaults, CimnetDefaults)
    assert in_the_lab.defaults.former == {}


def test_known_hosts_are_written_as_openssh_reads_them(known_hosts: Path) -> None:
    write_known_hosts(known_hosts, {("192.0.2.1", 22): f"{KEY} a comment", ("192.0.2.1", 2222): KEY})
    assert known_hosts.read_text().splitlines() == [f"192.0.2.1 {KEY}", f"[192.0.2.1]:2222 {KEY}"]


def test_known_hosts_that_stay_the_same_are_not_written_again(known_hosts: Path) -> None:
    write_known_hosts(known_hosts, {("192.0.2.1", 22): KEY})
    before = known_hosts.stat().st_ino
    write_known_hosts(known_hosts, {("192.0.2.1", 22): KEY})
    assert known_hosts.stat().st_ino == before
    write_known_hosts(known_hosts, {})
    assert known_hosts.stat().st_ino != before
    assert known_hosts.read_text() == ""


def test_one_hosts_keys_have_a_file_of_their_own_which_follows_the_other(known_hosts: Path) -> None:
    write_known_hosts(known_hosts, {("192.0.2.1", 22): KEY, ("192.0.2.1", 2222): KEY, ("192.0.2.11", 22): KEY})
    assert known_hosts_of(known_hosts, "192.0.2.1", 22).read_text() == f"192.0.2.1 {KEY}\n"
    assert known_hosts_of(known_hosts, "192.0.2.1", 2222).read_text() == f"[192.0.2.1]:2222 {KEY}\n"
    write_known_hosts(known_hosts, {})
    assert known_hosts_of(known_hosts, "192.0.2.1", 22).read_text() == ""


def test_lines_that_do_not_say_whom_they_are_about_are_kept_for_each_host(known_hosts: Path) -> None:
    known_hosts.parent.mkdir()
    lines = [f"a.example,192.0.2.1 {KEY}\n", f"|1|hash|hash {KEY}\n", f"192.0.2.9 {KEY}\n", f"*.example {KEY}\n"]
    known_hosts.write_text("".join(lines))
    assert known_hosts_of(known_hosts, "192.0.2.1", 22).read_text() == "".join((*lines[:2], lines[3]))


def test_where_no_other_file_can_be_written_the_hosts_keys_are_in_the_one(known_hosts: Path) -> None:
    write_known_hosts(known_hosts, {("192.0.2.1", 22): KEY})
    known_hosts.with_name("known_hosts.lab.hosts").touch()
    assert known_hosts_of(known_hosts, "192.0.2.1", 22) == known_hosts
    assert known_hosts_of(known_hosts.with_name("lost"), "192.0.2.1", 22) == known_hosts.with_name("lost")


def test_what_somebody_wrote_into_the_file_is_replaced(known_hosts: Path) -> None:
    known_hosts.parent.mkdir()
    known_hosts.write_text("192.0.2.9 ssh-rsa é\n", encoding="latin-1")
    write_known_hosts(known_hosts, {("192.0.2.1", 22): KEY})
    assert known_hosts.read_text() == f"192.0.2.1 {KEY}\n"


def test_whoever_reads_sees_the_whole_file(known_hosts: Path) -> None:
    """Writers in several threads; nothing is left beside the file."""
    keys = [{("192.0.2.1", port): KEY for port in range(1, size)} for size in (2, 60)]
    texts = set()

    def write() -> None:
        for _ in range(30):
            for content in keys:
                write_known_hosts(known_hosts, content)
                texts.add(len(known_hosts.read_text().splitlines()))

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts <= {1, 59}
    assert [path.name for path in known_hosts.parent.iterdir()] == [known_hosts.name]


def test_a_file_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("no folder")
    with pytest.raises(SettingsError, match=r"known_hosts: (File exists|Not a directory)"):
        write_known_hosts(tmp_path / "state" / "known_hosts", {("192.0.2.1", 22): KEY})
