"""NAPALM's ios driver against a simulated device: its getters, merge and replace, confirmed commits, SCP and inline."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import napalm
import pytest
from napalm.base import NetworkDriver
from napalm.base.exceptions import CommitConfirmException, MergeConfigException, ReplaceConfigException

from cimnet_nornir.lab.spec import LabCredentials, LabDevice, LabLink, LabSpec
from cimnet_nornir.lab.thread import RunningLab, running_lab

pytestmark = pytest.mark.slow

CREDENTIALS = LabCredentials("admin", "login-word", "enable-word")
_SCP = "ip scp server enable\n"
SPEC = LabSpec(
    (
        LabDevice("SW1", "ios", "switch", ("Gi0/1", "Gi0/2"), startup=f"hostname SW1\nlldp run\n{_SCP}", archive=True),
        LabDevice("R1", "iosxe", "router", ("Gi0/0/0",), startup=f"hostname R1\nlldp run\n{_SCP}", archive=True),
        LabDevice("BARE", "ios", "switch", ("Gi0/1",)),
    ),
    (LabLink(("SW1", "Gi0/1"), ("R1", "Gi0/0/0")),),
    CREDENTIALS,
)
MERGE = "vlan 30\n name LAB\ninterface GigabitEthernet0/2\n description printer\n switchport access vlan 30\nend\n"
# Replacing or merging, and by an inline transfer or by SCP.
WAYS = [(False, False), (True, False), (False, True)]


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[RunningLab]:
    with running_lab(SPEC, tmp_path) as lab:
        yield lab


@contextmanager
def napalm_ios(lab: RunningLab, name: str, **options: object) -> Iterator[NetworkDriver]:
    """An open NAPALM connection."""
    endpoint = lab.devices[name]
    arguments = {"port": endpoint.port, "secret": CREDENTIALS.enable, **options}
    driver = napalm.get_network_driver("ios")(
        endpoint.host, CREDENTIALS.username, CREDENTIALS.password, optional_args=arguments
    )
    driver.open()
    try:
        yield driver
    finally:
        driver.close()


def test_the_getters_read_the_device(lab: RunningLab) -> None:
    with napalm_ios(lab, "SW1") as driver:
        facts = driver.get_facts()
        interfaces = driver.get_interfaces()
        vlans = driver.get_vlans()
        configuration = driver.get_config()
    assert (facts["hostname"], facts["model"], facts["vendor"]) == ("SW1", "WS-C2960X-24TS-L", "Cisco")
    assert facts["interface_list"] == ["Vlan1", "GigabitEthernet0/1", "GigabitEthernet0/2"]
    assert (interfaces["GigabitEthernet0/2"]["is_enabled"], interfaces["GigabitEthernet0/2"]["is_up"]) == (True, False)
    assert vlans["1"]["name"] == "default"
    assert "hostname SW1\n" in configuration["running"]
    assert configuration["startup"] == "startup-config is not present"


def test_the_neighbour_is_found_by_lldp(lab: RunningLab) -> None:
    with napalm_ios(lab, "R1") as router:
        router.load_merge_candidate(config="interface GigabitEthernet0/0/0\n no shutdown\nend\n")
        router.commit_config()
        found = router.get_lldp_neighbors()
    assert found == {"GigabitEthernet0/0/0": [{"hostname": "SW1", "port": "Gi0/1"}]}


@pytest.mark.parametrize("inline", [False, True], ids=["scp", "inline"])
def test_a_merge_is_compared_committed_saved_and_rolled_back(lab: RunningLab, inline: bool) -> None:
    before = lab.running_config("SW1")
    with napalm_ios(lab, "SW1", inline_transfer=inline) as driver:
        driver.load_merge_candidate(config=MERGE)
        assert driver.compare_config().splitlines() == [
            "+vlan 30",
            "+ name LAB",
            "+interface GigabitEthernet0/2",
            "+ description printer",
            "+ switchport access vlan 30",
        ]
        driver.commit_config()
        assert "description printer" in lab.running_config("SW1")
        assert "description printer" in lab.startup_config("SW1")
        assert driver.compare_config() == ""
        driver.rollback()
    assert lab.running_config("SW1") == before
    assert "printer" not in lab.startup_config("SW1")


@pytest.mark.parametrize("inline", [False, True], ids=["scp", "inline"])
def test_a_replacement_is_compared_committed_and_rolled_back(lab: RunningLab, inline: bool) -> None:
    before = lab.running_config("SW1")
    wanted = before.replace("hostname SW1", "hostname SW9").replace("lldp run\n", "")
    with napalm_ios(lab, "SW1", inline_transfer=inline) as driver:
        driver.load_replace_candidate(config=wanted)
        assert driver.compare_config().splitlines() == ["+hostname SW9", "-hostname SW1", "-lldp run"]
        driver.commit_config()
        assert "hostname SW9\n" in lab.running_config("SW1")
        assert "lldp run" not in lab.running_config("SW1")
        driver.rollback()
    assert lab.running_config("SW1") == before


def test_a_candidate_that_is_discarded_changes_nothing(lab: RunningLab) -> None:
    before = lab.running_config("SW1")
    with napalm_ios(lab, "SW1") as driver:
        driver.load_merge_candidate(config=MERGE)
        driver.discard_config()
        driver.load_replace_candidate(config=before.replace("SW1", "SW9"))
        driver.discard_config()
        assert driver.compare_config() == ""
    assert lab.running_config("SW1") == before


@pytest.mark.parametrize(("replacing", "inline"), WAYS, ids=["merge", "replace", "merge inline"])
def test_a_commit_that_nobody_confirms_is_taken_back_by_the_device(
    lab: RunningLab, replacing: bool, inline: bool
) -> None:
    before = lab.running_config("SW1")
    with napalm_ios(lab, "SW1", inline_transfer=inline) as driver:
        _load(driver, lab, replacing=replacing)
        driver.commit_config(revert_in=120)
        assert driver.has_pending_commit()
    assert "description printer" in lab.running_config("SW1")
    lab.advance("SW1", 119)
    assert "description printer" in lab.running_config("SW1")
    lab.advance("SW1", 1)
    # NAPALM's own `file prompt quiet` came before the device's backup, so that the revert brings it back.
    assert lab.running_config("SW1").replace("file prompt quiet\n", "") == before
    assert lab.startup_config("SW1") == ""


@pytest.mark.parametrize(("replacing", "inline"), WAYS, ids=["merge", "replace", "merge inline"])
def test_a_commit_that_is_confirmed_stays_and_is_saved(lab: RunningLab, replacing: bool, inline: bool) -> None:
    with napalm_ios(lab, "SW1", inline_transfer=inline) as driver:
        _load(driver, lab, replacing=replacing)
        driver.commit_config(revert_in=60)
        driver.confirm_commit()
        assert not driver.has_pending_commit()
    lab.advance(None, 3600)
    assert "description printer" in lab.running_config("SW1")
    assert "description printer" in lab.startup_config("SW1")


def test_a_pending_commit_can_be_rolled_back_at_once(lab: RunningLab) -> None:
    before = lab.running_config("SW1")
    with napalm_ios(lab, "SW1") as driver:
        _load(driver, lab, replacing=False)
        driver.commit_config(revert_in=60)
        driver.rollback()
        assert not driver.has_pending_commit()
    assert lab.running_config("SW1") == before


def test_a_replacement_with_a_line_the_device_does_not_know_changes_nothing(lab: RunningLab) -> None:
    with napalm_ios(lab, "SW1", auto_file_prompt=True) as driver:
        wanted = lab.running_config("SW1").replace("lldp run", "no such command")
        driver.load_replace_candidate(config=wanted)
        with pytest.raises(ReplaceConfigException, match="Failed to apply command no such command"):
            driver.commit_config()
    assert "lldp run" in lab.running_config("SW1")


def test_a_merge_with_a_line_the_device_does_not_know_is_rolled_back(lab: RunningLab) -> None:
    before = lab.running_config("SW1")
    with napalm_ios(lab, "SW1") as driver:
        driver.load_merge_candidate(config="vlan 30\nno such command\nend\n")
        with pytest.raises(MergeConfigException, match="Invalid input detected"):
            driver.commit_config()
    assert lab.running_config("SW1") == before


def test_without_an_archive_nothing_can_be_reverted_by_time(lab: RunningLab) -> None:
    with napalm_ios(lab, "BARE", inline_transfer=True) as driver:
        driver.load_merge_candidate(config="vlan 30\nend\n")
        with pytest.raises(CommitConfirmException, match="archive"):
            driver.commit_config(revert_in=60)
    assert "vlan 30" not in lab.running_config("BARE")


def test_without_the_scp_server_no_file_is_taken(lab: RunningLab) -> None:
    with napalm_ios(lab, "BARE") as driver, pytest.raises(Exception, match="SCP file transfers are not enabled"):
        driver.load_merge_candidate(config="vlan 30\nend\n")


def test_a_full_flash_takes_no_candidate(lab: RunningLab) -> None:
    lab.fault("SW1", "full")
    with napalm_ios(lab, "SW1") as driver, pytest.raises(MergeConfigException, match="Insufficient space"):
        driver.load_merge_candidate(config=MERGE)


def test_removing_a_user_asks_and_is_answered(lab: RunningLab) -> None:
    with napalm_ios(lab, "SW1") as driver:
        driver.load_merge_candidate(config="username guest privilege 1\nend\n")
        driver.commit_config()
        driver.load_merge_candidate(config="no username guest\nend\n")
        driver.commit_config()
    assert "guest" not in lab.running_config("SW1")


def _load(driver: NetworkDriver, lab: RunningLab, *, replacing: bool) -> None:
    if replacing:
        text = lab.running_config("SW1")
        port = "interface GigabitEthernet0/2\n"
        driver.load_replace_candidate(config=text.replace(port, f"{port} description printer\n"))
    else:
        driver.load_merge_candidate(config=MERGE)
