"""Devices taken over as they run: asked over SSH, made intent of, and left alone by the next plan."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cimnet_nornir.lab.thread import RunningLab
    from tests.e2e.conftest import Project

BY_HAND = ["snmp-server location attic", "interface GigabitEthernet1/0/1", "description typed by hand"]


@pytest.mark.slow
def test_what_was_typed_on_devices_becomes_intent_and_nothing_is_sent(small: "Project", lab: "RunningLab") -> None:
    small.ok("apply", "--yes")
    small.type("sw1", BY_HAND)
    small.type("r1", ["interface Loopback7", "ip address 192.0.2.7 255.255.255.255", "no cdp run"])
    small.ok("plan", "--detailed-exitcode", status=2)
    before = lab.running_config("sw1"), lab.running_config("r1")

    small.ok("import", "sw1", "r1", "--reason", "CHG-7 as it was found")
    for command in ("plan", "verify"):
        assert small.ok(command).status == 0
    assert "nothing to change" in small.ok("plan").out
    assert (lab.running_config("sw1"), lab.running_config("r1")) == before
    rendered = small.ok("render", "sw1").out
    assert "snmp-server location attic" in rendered
    assert " description typed by hand" in rendered
    assert "CHG-7 as it was found" in small.ok("blame", "sw1", "attic").out
    assert "0 events recorded" in small.ok("import", "sw1", "r1").out


@pytest.mark.slow
@pytest.mark.usefixtures("lab")
def test_cables_are_found_by_what_devices_hear(small: "Project") -> None:
    small.ok("apply", "--yes")
    text = small.network.read_text(encoding="utf-8")
    small.network.write_text(text.partition("links:")[0], encoding="utf-8")
    small.ok("declare", str(small.network), "--prune", "--yes")
    for method in ("netmiko", "napalm"):
        found = small.ok("import", "sw1", "sw2", "--check", "--json", "--method", method).json["links"]
        assert found == [{"a": ["sw1", "GigabitEthernet1/0/4"], "b": ["sw2", "GigabitEthernet1/0/4"], "by": "heard"}]
    small.ok("import", "sw1", "sw2")
    assert len(small.events("LinkConnected")) == 2


@pytest.mark.slow
def test_devices_that_do_not_answer_are_left_out_and_told(small: "Project", lab: "RunningLab") -> None:
    small.ok("apply", "--yes")
    lab.fault("sw2", "down")
    small.type("sw1", BY_HAND)
    ran = small.ok("import", "sw1", "sw2", status=4)
    assert "sw2" in ran.err
    assert "PortConfigured" in ran.out
    assert small.events("PortConfigured")[-1]["aggregate_id"].endswith("/sw1")


COPIED = """\
hostname {name}
service password-encryption
enable secret 9 $9$x0dFz3q1$hidden-{name}
mystery feature on
 with lines below
interface GigabitEthernet0/0
 description to the other
 ip address 10.9.0.{number} 255.255.255.252
 mystery on a port
interface GigabitEthernet0/1
 no ip address
 shutdown
end
"""


@pytest.mark.slow
def test_a_network_that_was_taken_over_is_rehearsed_on_a_copy_of_it(small: "Project") -> None:
    old = small.folder / "old"
    old.mkdir()
    for number, name in enumerate(("edge1", "edge2"), 1):
        (old / f"{name}.cfg").write_text(COPIED.format(name=name, number=number), encoding="utf-8")
    small.ok("import", str(old))
    told = small.ok("lab", "up", "--running", str(old)).err
    try:
        assert "2 devices run what is in " in told
        assert "old; 3 others boot as before" in told
        assert "nothing to change" in small.ok("plan", "edge1", "edge2").out
        small.edit("devices:\n", EDGES)
        small.declare()
        small.ok("apply", "--limit", "edge1", "--yes")
        shown = small.show("edge1", "show running-config")
        assert " description changed on a copy" in shown
        assert "mystery feature on\n with lines below\n" in shown
        small.ok("backup", "edge1", "-o", str(old / "kept"))
        small.ok("lab", "down")
        # Secrets are masked in what was kept, and are the intent's again.
        small.ok("lab", "up", "--running", str(old / "kept" / "edge1.cfg"))
        assert "nothing to change" in small.ok("plan", "edge1").out
    finally:
        small.ok("lab", "down")


EDGES = """\
devices:
  edge1:
    kind: router
    role: edge
    ports: [GigabitEthernet0/0-1]
    interfaces:
      GigabitEthernet0/0: {description: changed on a copy, address: 10.9.0.1/30}
"""
