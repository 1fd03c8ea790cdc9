"""Drift taken back beside lines that are ignored: these stay as they run, and all the rest goes back."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from cimnet_nornir.application.device_status import device_statuses
from cimnet_nornir.application.drift import DeviceDrift, find_drift
from cimnet_nornir.application.drift_ignoring import ignore, withdraw
from cimnet_nornir.application.drift_lines import chosen_lines, line_words
from cimnet_nornir.application.observations import DeviceStatus
from cimnet_nornir.application.outcomes import PushOutcome
from cimnet_nornir.application.overview import Beside, overview
from cimnet_nornir.application.reverting import Reversal, reversals
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.application.status_words import remark_words
from cimnet_nornir.definition.load import load_definition
from cimnet_nornir.domain.events import DriftedLine
from cimnet_nornir.errors import CimnetError
from cimnet_nornir.ios.bundle import TemplateBundle
from cimnet_nornir.ios.engine import IosEngine
from cimnet_nornir.ios.profiles import profile_for
from cimnet_nornir.lab.device import Device
from tests.lab_typing import lab_device, type_lines

PORT = "GigabitEthernet1/0/1"
TRUNK = "GigabitEthernet1/0/2"
NETWORK = f"""\
network: net
defaults: {{vendor: cisco, platform: ios, site: hq}}
vlans: {{10: users, 20: voice, 30: guests}}
devices:
  sw1:
    kind: switch
    model: C9300-24T
    role: access
    routing: true
    ports: [GigabitEthernet1/0/1-4]
    interfaces:
      {PORT}: {{description: desk, mode: access, vlan: 10, portfast: true}}
      {TRUNK}: {{description: uplink, mode: trunk, allowed: "10,20,30"}}
      Loopback0: {{address: 10.255.0.1/32}}
      Vlan10: {{address: 10.0.10.1/24}}
    routes:
      - {{to: 0.0.0.0/0, via: 10.0.10.254}}
      - {{to: 10.9.0.0/16, via: 10.0.10.253}}
    features:
      logging-host: {{10.0.99.80: {{}}}}
      ntp-key: {{1: {{secret: "env:NTP_KEY"}}}}
    access_lists:
      GUESTS:
        entries:
          - {{action: permit, protocol: tcp, source: any, destination: 10.0.10.5, destination_port: 443}}
          - {{action: deny, protocol: ip, source: any, destination: 10.0.0.0/8}}
          - {{action: permit, protocol: ip, source: any, destination: any}}
"""
BY_HAND = {
    "lines of one port": f"interface {PORT}\ndescription borrowed\nshutdown\nswitchport access vlan 20\n",
    "the list of a trunk": f"interface {TRUNK}\nswitchport trunk allowed vlan remove 30\ndescription mine\n",
    "VLANs and their names": "vlan 20\nname phones\nvlan 40\nname bobs\nexit\nno vlan 30\n",
    "routes that came and went": "no ip route 10.9.0.0 255.255.0.0 10.0.10.253\nip route 0.0.0.0 0.0.0.0 10.0.10.9\n",
    "an interface that nobody wants": "interface Loopback9\ndescription mine\nip address 10.8.0.1 255.255.255.255\n",
    "an address in another place": "interface Vlan10\nip address 10.0.11.1 255.255.255.0\ndescription moved\n",
    "entries of an access list": (
        "ip access-list resequence GUESTS 10 10\nip access-list extended GUESTS\n"
        "no 20\n15 permit tcp any host 10.0.10.6 eq 22\n"
    ),
}
REASON = "CHG-9"


@dataclass
class Switch:
    """A simulated device that runs what was applied to it, and the service that applied it."""

    service: NetworkService
    device: Device

    def drift(self) -> DeviceDrift:
        (item,) = find_drift(self.service, {"sw1": self.device.running_config()}).devices
        return item

    def ignore(self, *lines: DriftedLine) -> None:
        ignore(self.service, "sw1", lines, self.service.actor.clock() + timedelta(days=2))

    def reversals(self, *, with_ignored: bool = False) -> list[Reversal]:
        readings = {"sw1": self.device.running_config()}
        report = find_drift(self.service, readings)
        return list(reversals(self.service, report, readings, with_ignored=with_ignored))

    def revert(self, *, with_ignored: bool = False) -> None:
        """Type what a reversal sends; the device refuses nothing, and the plan finds it done."""
        (found,) = self.reversals(with_ignored=with_ignored)
        planner = found.service.planner()
        (planned,) = found.plan.devices
        assert type_lines(self.device, "\n".join(planner.commands(planned, self.device.running_config()))) == []
        known = planner.device("sw1")
        assert planner.plan(known, self.device.running_config(), pushed=True).commands == ()


@pytest.fixture
def switch(service: NetworkService) -> Switch:
    """sw1, applied."""
    engine = IosEngine(TemplateBundle.load(), resolve={"env:NTP_KEY": "tick"}.get)
    parts = {**service.parts(), "actor": replace(service.actor, reason=REASON), "engine": engine}
    service = type(service)(service.store, service.network_name, **parts)
    service.declare(load_definition(NETWORK, file="network.yaml").desired)
    device = lab_device(
        profile_for("ios", routes=True, switches=True, model="C9300-24T"),
        "hostname sw1\n",
        [f"GigabitEthernet1/0/{number}" for number in range(1, 5)],
        model="C9300-24T",
    )
    plan = service.plan_from({"sw1": device.running_config()})
    with service.deployment(plan) as deployment:
        for item in plan.changes:
            deployment.push_started(item)
            commands = service.planner().commands(item, device.running_config())
            assert type_lines(device, "\n".join(commands)) == []
            (intended,) = service.render(["sw1"]).values()
            deployment.record(PushOutcome(item, "applied", 0.1, running=device.running_config(), intended=intended))
    return Switch(service, device)


@pytest.mark.parametrize("what", BY_HAND)
def test_each_ignored_line_stays_while_the_others_go_back(switch: Switch, what: str) -> None:
    """Each of the drifted lines is the ignored one once, whatever sections and order the others need."""
    assert switch.drift().lines == ()
    assert type_lines(switch.device, BY_HAND[what]) == []
    typed, lines = switch.device.running_config(), switch.drift().lines
    assert lines
    for line in lines:
        chosen = chosen_lines("sw1", lines, [line_words(line)])
        switch.ignore(*chosen)
        if len(lines) > len(chosen):
            switch.revert()
            left = switch.drift()
            assert (left.drifted, tuple(each.line for each in left.ignored)) == (0, chosen)
        switch.revert(with_ignored=True)
        assert switch.drift().lines == ()
        assert type_lines(switch.device, BY_HAND[what]) == []
        assert switch.device.running_config() == typed
        withdraw(switch.service, "sw1", chosen)


def test_changes_that_wait_are_not_brought_and_what_is_ignored_stays(switch: Switch) -> None:
    type_lines(switch.device, BY_HAND["lines of one port"])
    switch.service.declare(load_definition(NETWORK.replace("20: voice", "20: phones"), file="network.yaml").desired)
    chosen = chosen_lines("sw1", switch.drift().lines, ["description borrowed"])
    switch.ignore(*chosen)
    assert switch.drift().pending
    switch.revert()
    shown = switch.device.running_config()
    assert "description borrowed" in shown
    assert "name voice" in shown
    left = switch.drift()
    assert (left.drifted, len(left.ignored), left.pending) == (0, 1, 1)


def test_a_plan_that_takes_ignored_lines_away_says_so(switch: Switch) -> None:
    type_lines(switch.device, BY_HAND["lines of one port"])
    lines = switch.drift().lines
    running = switch.device.running_config()
    assert "ignored" not in str(switch.service.plan_from({"sw1": running}).devices[0].warnings)
    switch.ignore(*chosen_lines("sw1", lines, ["description borrowed"]), *chosen_lines("sw1", lines, ["shutdown"]))
    (planned,) = switch.service.plan_from({"sw1": running}).devices
    (told,) = [words for words in planned.warnings if "ignored" in words]
    assert re.fullmatch(rf"what is ignored until [\d-]+ [\d:]+ goes by this: 2 lines \({REASON}\)", told)
    (found,) = switch.reversals()
    assert "ignored" not in str(found.plan.devices[0].warnings)


def shown_key(switch: Switch) -> str:
    """The key as the device shows it, in a form with a salt of its own."""
    (line,) = (line for line in switch.device.running_config().splitlines() if line.startswith("ntp auth"))
    return line.split()[-2]


def test_a_secret_that_is_ignored_is_stored_nowhere(switch: Switch) -> None:
    type_lines(switch.device, "ntp authentication-key 1 md5 hush\nvlan 20\nname b\n")
    key = next(line for line in switch.drift().lines if "ntp" in line.path[-1])
    switch.ignore(key)
    before = shown_key(switch)
    switch.revert()
    assert shown_key(switch) == before
    assert [each.line for each in switch.drift().ignored] == [key]
    type_lines(switch.device, "vlan 20\nname b\n")
    (found,) = switch.reversals()
    assert before not in found.plan.model_dump_json() + found.service.planner().intended("sw1")


def test_one_of_two_values_of_a_setting_does_not_go_back_alone(switch: Switch) -> None:
    """The device is first rid of what runs, by a command of its own: it is a drifted line beside the other."""
    type_lines(switch.device, "no logging host 10.0.99.80\nlogging host 10.0.99.80 transport udp port 1514\n")
    runs, lacks = sorted(switch.drift().lines, key=lambda line: line.adds)
    switch.ignore(runs)
    with pytest.raises(CimnetError, match="say --with-ignored"):
        switch.reversals()
    switch.ignore(lacks)
    assert switch.reversals() == []


def test_ignored_drift_colours_no_device_until_its_time_is_over(switch: Switch) -> None:
    type_lines(switch.device, "vlan 20\nname phones\nvlan 30\nname bobs\n")
    first, second = switch.drift().lines
    service = switch.service
    assert (status_of(service).health, status_of(service).drift) == ("drift", 2)

    end = service.actor.clock() + timedelta(days=2)
    switch.ignore(first)
    assert (status_of(service).health, status_of(service).drift, status_of(service).ignored) == ("drift", 1, 1)
    switch.ignore(second)
    told = status_of(service)
    assert (told.health, told.drift, told.ignored) == ("unknown", 0, 2)
    assert remark_words(told) == f"2 lines ignored until {told.ignored_until:%Y-%m-%d %H:%M}"
    assert overview(service, [told], service.store.head()).drifted == 0

    over = type(service)(
        service.store,
        service.network_name,
        **{**service.parts(), "actor": replace(service.actor, clock=lambda: end + timedelta(days=1))},
    )
    assert (status_of(over).drift, status_of(over).ignored) == (2, 0)
    assert Beside(over).tag() != Beside(service).tag()
    withdraw(service, "sw1", [first])
    assert (status_of(service).drift, status_of(service).ignored) == (1, 1)


def status_of(service: NetworkService) -> DeviceStatus:
    return device_statuses(service)["sw1"]
