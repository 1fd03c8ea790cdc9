"""What a device with a fault does at its lines; what becomes of the connection is tested over SSH."""

import pytest

from cimnet_nornir.errors import InvalidInput
from cimnet_nornir.lab.device import Device
from cimnet_nornir.lab.faults import FAULT_VALUES, FAULTS, Faults, with_fault
from cimnet_nornir.lab.session import Session
from cimnet_nornir.lab.spec import LabCredentials, LabDevice
from cimnet_nornir.lab.storage import MemoryStorage


@pytest.fixture
def user() -> Session:
    declared = LabDevice("SW1", "ios", "switch", ("Gi0/1", "Gi0/2"), archive=True)
    return Session(Device(declared, LabCredentials("admin", "secret-login"), MemoryStorage()), "admin")


def typed(user: Session, *lines: str) -> str:
    """The output of the last line."""
    text = ""
    for line in lines:
        text = user.feed(line).text
    return text


def give(session: Session, fault: str, **arguments: object) -> None:
    session.device.faults = with_fault(session.device.faults, fault, arguments)


_VALUES: dict[str, object] = {
    "lines": 2,
    "milliseconds": 2,
    "percent": 90,
    "pattern": "^x",
    "user": "bob",
    "interface": "Gi0/1",
    "": "",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_can_be_given_and_cleared(fault: str) -> None:
    name = FAULT_VALUES[fault]
    faults = with_fault(Faults(), fault, {name: _VALUES[name]} if name else {})
    # What happens once, or takes something back, leaves nothing to tell.
    assert (faults.label == "") == (fault in {"up", "clear", "power", "errors"})
    assert with_fault(faults, "clear", {}) == Faults()


@pytest.mark.parametrize("fault", ["power-after", "ask", "drop-on", "hang-on"])
def test_a_fault_without_its_value_is_refused(fault: str) -> None:
    with pytest.raises(InvalidInput, match=fault):
        with_fault(Faults(), fault, {})


def test_saving_can_be_refused(user: Session) -> None:
    give(user, "refuse-save")
    complaint = "startup-config file open failed (Not enough space)"
    assert typed(user, "write memory") == f"Building configuration...\n{complaint}\n"
    assert complaint in typed(user, "copy running-config startup-config", "")
    user.device.flash.write("flash:x", b"hostname OTHER\n")
    assert complaint in typed(user, "copy flash:x startup-config", "")
    assert complaint in typed(user, "configure terminal", "do write memory")
    assert user.device.startup == ""


def test_a_line_that_asks_takes_effect_only_on_yes(user: Session) -> None:
    give(user, "ask", pattern="^hostname")
    reply = (user.feed("configure terminal"), user.feed("hostname OTHER"))[1]
    assert reply.prompt == "Do you want to continue? [confirm]"
    assert user.feed("n").prompt == "SW1(config)#"
    user.feed("hostname OTHER")
    assert user.feed("y").prompt == "OTHER(config)#"


def test_a_command_that_asks_does_so_outside_of_configuration_mode_too(user: Session) -> None:
    give(user, "ask", pattern="^write")
    assert user.feed("write memory").key
    assert "[OK]" in typed(user, "")


def test_lines_are_rejected_and_ignored(user: Session) -> None:
    give(user, "reject", pattern="^vlan 30")
    give(user, "ignore", pattern="^hostname")
    assert typed(user, "configure terminal", "vlan 30") == "            ^\n% Invalid input detected at '^' marker.\n\n"
    assert typed(user, "hostname OTHER", "vlan 20") == ""
    running = user.device.running_config()
    assert "vlan 20" in running
    assert "vlan 30" not in running
    assert "hostname SW1" in running


def test_lines_of_a_file_are_rejected_and_ignored_as_well(user: Session) -> None:
    give(user, "reject", pattern="^vlan 30")
    give(user, "ignore", pattern="^hostname")
    user.device.flash.write("flash:x", b"hostname OTHER\nvlan 30\nvlan 20\nend\n")
    assert "% Invalid input" in typed(user, "copy flash:x running-config", "")
    running = user.device.running_config()
    assert "vlan 20" in running
    assert "vlan 30" not in running
    assert "hostname SW1" in running


def test_a_rejected_line_makes_a_replacement_fail(user: Session) -> None:
    before = user.device.running_config()
    user.device.flash.write("flash:x", before.replace("hostname SW1", "hostname OTHER\nlldp run").encode())
    give(user, "reject", pattern="^lldp")
    said = typed(user, "configure replace flash:x force revert trigger error")
    assert "Failed to apply command lldp run" in said
    assert user.device.running_config() == before
    typed(user, "configure replace flash:x force")
    assert user.device.hostname == "OTHER"
    assert "lldp run" not in user.device.running_config()


def test_an_ignored_line_makes_a_replacement_incomplete(user: Session) -> None:
    wanted = user.device.running_config().replace("hostname SW1", "hostname OTHER\nlldp run")
    user.device.flash.write("flash:x", wanted.encode())
    give(user, "ignore", pattern="^lldp")
    assert "Rollback Done" in typed(user, "configure replace flash:x force revert trigger error")
    assert user.device.hostname == "OTHER"
    assert "lldp run" not in user.device.running_config()


def test_a_removal_that_is_rejected_makes_a_replacement_fail(user: Session) -> None:
    typed(user, "configure terminal", "lldp run", "end")
    before = user.device.running_config()
    user.device.flash.write("flash:x", before.replace("lldp run\n", "").encode())
    give(user, "reject", pattern="^no lldp run")
    said = typed(user, "configure replace flash:x force revert trigger error")
    assert "Failed to apply command no lldp run" in said
    assert user.device.running_config() == before
    assert "Rollback aborted after 5 passes" in typed(user, "configure replace flash:x force")
    assert user.device.running_config() == before


def test_a_removal_that_is_ignored_leaves_the_line(user: Session) -> None:
    typed(user, "configure terminal", "interface Gi0/1", "description kept", "end")
    before = user.device.running_config()
    user.device.flash.write("flash:x", before.replace(" description kept\n", "").encode())
    give(user, "ignore", pattern="^no description")
    assert "Rollback Done" in typed(user, "configure replace flash:x force")
    assert user.device.running_config() == before


def test_configuration_mode_can_be_locked_by_somebody_else(user: Session) -> None:
    give(user, "lock", user="bob")
    said = typed(user, "configure terminal")
    assert (
        said == "Configuration mode locked exclusively by user 'bob' process '3' from terminal '0'. Please try later.\n"
    )
    assert user.prompt == "SW1#"
    assert "User              : bob" in typed(user, "show configuration lock")
    give(user, "clear")
    assert user.feed("configure terminal").prompt == "SW1(config)#"


def test_a_full_flash_lets_no_change_be_armed_and_no_archive_grow(user: Session) -> None:
    typed(user, "configure terminal", "archive", "write-memory", "end")
    give(user, "full")
    assert "No space left on device" in typed(user, "configure terminal revert timer 5")
    assert "No space left on device" in typed(user, "archive config")
    assert "No space left on device" in typed(user, "write memory")
    user.device.flash.write("flash:y", b"")
    assert user.device.archive.saved == []


def test_input_errors_are_counted_and_cleared(user: Session) -> None:
    user.device.count_errors("Gi0/1")
    assert "     100 input errors, 100 CRC, 0 frame" in typed(user, "show interfaces GigabitEthernet0/1")
    assert "     0 input errors, 0 CRC" in typed(user, "show interfaces GigabitEthernet0/2")
    user.device.count_errors("GigabitEthernet0/1")
    assert "     200 input errors" in typed(user, "show interfaces GigabitEthernet0/1")
    typed(user, "clear counters GigabitEthernet0/1")
    assert "     0 input errors" in typed(user, "show interfaces GigabitEthernet0/1")


def test_errors_need_an_interface_that_exists(user: Session) -> None:
    with pytest.raises(InvalidInput, match="no interface 'Gi9/9'"):
        user.device.count_errors("Gi9/9")
