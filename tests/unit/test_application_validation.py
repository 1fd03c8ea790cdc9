"""Validation through the facade: what is refused, what only warns, and what is waived until when."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from ipaddress import IPv4Interface

import pytest

from cimnet_nornir.application.outcomes import PushOutcome
from cimnet_nornir.application.plan import Plan
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.application.validation import Judged, finding_line, merged
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.desired import DesiredDevice, DesiredNetwork
from cimnet_nornir.domain.events import ChangeRequested, DeviceDetails
from cimnet_nornir.domain.validation import Finding, NetworkView, Severity
from cimnet_nornir.domain.values import AccessMode, PortConfiguration, RoutedInterface, TrunkMode
from cimnet_nornir.errors import DeviceNotFound, InvalidInput, NotFound, ValidationRefused
from cimnet_nornir.projections.deployed import load_deployed

PORT = "GigabitEthernet0/4"
NATIVE = PortConfiguration(switching=TrunkMode(native_vlan=10))
ACCESS = PortConfiguration(switching=AccessMode(vlan=10), bpduguard=True)
LAST_DAY = date(2026, 6, 30)
TODAY = datetime(2026, 6, 1, 12, tzinfo=UTC)


class NoRouters:
    """A rule of somebody's own, simple and strict."""

    id = "no-routers"
    severity: Severity = "error"
    description = "There is a router with more than one interface."

    def check(self, network: NetworkView) -> Iterator[Finding]:
        for device in network.devices.values():
            if len(device.interfaces) > 1:
                yield Finding("error", self.id, device.name, "", "has more than one interface", "one interface")


@pytest.fixture
def service(small: NetworkService) -> NetworkService:
    """The small network, looked at by a rule of its own, on a fixed day."""
    return on(small, TODAY)


def on(service: NetworkService, now: datetime) -> NetworkService:
    actor = replace(service.actor, clock=lambda: now, reason="CHG-7")
    return NetworkService(
        service.store,
        service.network_name,
        engine=service.engine,
        actor=actor,
        folder=service.folder,
        rules=lambda: (NoRouters(),),
    )


def second_interface(name: str = "Loopback0") -> c.ConfigureRouterInterface:
    configuration = RoutedInterface(addresses=(IPv4Interface("198.51.100.1/32"),))
    return c.ConfigureRouterInterface(device="r1", interface=name, configuration=configuration)


def desired(service: NetworkService, *, description: str = "", broken: bool) -> DesiredNetwork:
    """The small network's router with a second interface, which the rule does not want."""
    r1 = service.network().devices["r1"]
    more = {"Loopback0": RoutedInterface(addresses=(IPv4Interface("198.51.100.1/32"),))} if broken else {}
    first = r1.interfaces["GigabitEthernet0/1"].model_copy(update={"description": description or None})
    return DesiredNetwork(
        "net",
        (
            DesiredDevice(
                "r1",
                "r1",
                r1.kind,
                r1.details,
                r1.ports,
                interfaces={"GigabitEthernet0/1": first, **more},
            ),
        ),
    )


def rules_of(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.rule for finding in findings]


# --- declare ----------------------------------------------------------------------------------------------------------


def test_a_declaration_that_adds_an_error_is_refused(service: NetworkService) -> None:
    head = service.store.head()
    with pytest.raises(ValidationRefused, match="the change adds an error; mend what is named") as refused:
        service.declare(desired(service, broken=True))
    assert refused.value.problems == ("r1: has more than one interface; right would be: one interface [no-routers]",)
    assert service.store.head() == head


def test_errors_can_be_accepted_and_the_request_says_so(service: NetworkService) -> None:
    result = service.declare(desired(service, broken=True), accept_errors=True)
    assert rules_of(result.findings) == ["no-routers"]
    request = result.events[0].event
    assert isinstance(request, ChangeRequested)
    assert request.arguments["accept_errors"] is True
    assert rules_of(service.check().open) == ["no-routers"]


def test_errors_that_were_there_before_do_not_stop_a_change(service: NetworkService) -> None:
    service.execute(second_interface())
    result = service.declare(desired(service, broken=True, description="uplink"))
    assert result.findings == ()
    request = result.events[0].event
    assert isinstance(request, ChangeRequested)
    assert "accept_errors" not in request.arguments


def test_a_preview_tells_what_would_be_added_and_refuses_nothing(service: NetworkService) -> None:
    preview = service.preview(desired(service, broken=True))
    assert rules_of(preview.findings) == ["no-routers"]
    assert service.preview(desired(service, broken=False)).findings == ()


def test_warnings_are_told_and_stop_nothing(service: NetworkService) -> None:
    r1 = service.network().devices["r1"]
    shut = r1.interfaces["GigabitEthernet0/1"].model_copy(update={"enabled": False})
    wanted = DesiredDevice("r1", "r1", r1.kind, r1.details, r1.ports, interfaces={"GigabitEthernet0/1": shut})
    result = service.declare(DesiredNetwork("net", (wanted,)))
    assert "link-end-shut" in rules_of(result.findings)
    assert {finding.severity for finding in result.findings} == {"warning"}


# --- check ------------------------------------------------------------------------------------------------------------


def test_what_was_added_since_a_moment_is_told_apart(service: NetworkService) -> None:
    service.execute(c.ConfigurePort(device="sw2", port=PORT, configuration=PortConfiguration()))
    then = service.store.head()
    service.execute(second_interface())
    assert set(rules_of(service.check().open)) == {"no-routers", "port-without-mode"}
    assert rules_of(service.check(since=then).open) == ["no-routers"]
    assert rules_of(service.check(then).open) == ["port-without-mode"]


def test_a_report_names_all_rules(service: NetworkService) -> None:
    report = service.check()
    assert {"no-routers", "lock-out", "ios-description"} <= {rule.id for rule in report.rules}
    assert (report.findings, report.at, report.network) == ((), None, "net")


def test_findings_that_differ_in_their_place_alone_are_told_as_one() -> None:
    def at(path: str, message: str = "is odd") -> Finding:
        return Finding("warning", "odd", "sw1", path, message)

    one, other = merged([at("Gi0/10"), at("Gi0/2"), at("Gi0/3", "is even")])
    assert (one.path, other.path) == ("Gi0/3", "Gi0/2, Gi0/10")
    assert finding_line(other) == "sw1 Gi0/2, Gi0/10: is odd [odd]"


# --- plans and deployments --------------------------------------------------------------------------------------------


def pushed(service: NetworkService, *names: str) -> None:
    """Devices of these names are given the present intent."""
    with service.deployment(plan(service, *names), accept_errors=True) as deployment:
        for device in deployment.plan.changes:
            deployment.push_started(device)
            deployment.record(PushOutcome(device, "applied", 0.1, saved=True))


def plan(service: NetworkService, *names: str) -> Plan:
    return service.plan_from({device.id: "hostname bare\n" for device in service.devices(names)})


def test_a_plan_that_adds_errors_to_what_devices_run_is_refused(service: NetworkService) -> None:
    pushed(service, "r1", "sw1")
    service.execute(second_interface())
    assert service.admit(["sw1", "sw2"]) == ()
    with pytest.raises(ValidationRefused, match="an error"):
        service.admit(["r1"])
    with pytest.raises(ValidationRefused), service.deployment(plan(service, "r1")):
        pytest.fail("nothing may be opened")
    assert rules_of(service.admit(["r1"], accept_errors=True)) == ["no-routers"]


def test_errors_that_devices_run_already_stop_no_push(service: NetworkService) -> None:
    service.execute(second_interface())
    pushed(service, "r1")
    first = service.network().devices["r1"].interfaces["GigabitEthernet0/1"]
    described = first.model_copy(update={"description": "uplink"})
    service.execute(c.ConfigureRouterInterface(device="r1", interface="GigabitEthernet0/1", configuration=described))
    assert service.admit(["r1"]) == ()
    with service.deployment(plan(service, "r1")) as deployment:
        assert [device.name for device in deployment.plan.changes] == ["r1"]


def test_accepted_errors_stand_in_the_request_of_a_deployment(service: NetworkService) -> None:
    service.execute(second_interface())
    with service.deployment(plan(service, "r1"), accept_errors=True) as deployment:
        pass
    request = service.store.by_correlation(deployment.id)[0].event
    assert isinstance(request, ChangeRequested)
    assert request.arguments["accept_errors"] is True


def test_what_devices_run_is_what_they_were_given_last(service: NetworkService) -> None:
    service.execute(second_interface())
    pushed(service, "r1")
    service.execute(c.RemoveRouterInterface(device="r1", interface="Loopback0"))
    pushed(service, "r1")
    service.execute(second_interface())
    with pytest.raises(ValidationRefused):
        service.admit(["r1"])


def test_a_device_that_changed_since_others_were_pushed_is_known_as_it_was(service: NetworkService) -> None:
    for name in ("sw1", "sw2", "r1"):
        pushed(service, name)
        service.execute(c.CreateVlan(device="sw2", vlan=100 + service.store.head() % 50, name=None))
    service.execute(c.RemoveDevice(device="sw1"))
    assert {finding.severity for finding in service.admit(["r1", "sw2"])} <= {"warning"}


def test_what_is_wrong_with_a_host_is_no_addition_of_a_push(service: NetworkService) -> None:
    details = DeviceDetails(vendor="nixos", platform="nixos")
    pushed(service, "r1")
    service.execute(c.AddHost(device="srv1", name="srv1", details=details))
    service.execute(c.CreateVlan(device="sw1", vlan=30, name=None))
    assert service.admit(["r1"]) == ()
    assert "srv1" in load_deployed(service.store, service.intent(), "lab").devices
    assert "sw1" not in load_deployed(service.store, service.intent(), "lab").devices
    assert load_deployed(service.store, service.intent(), "real").devices == {}


# --- waivers ----------------------------------------------------------------------------------------------------------


def test_a_waived_finding_counts_no_more_and_is_not_refused(service: NetworkService) -> None:
    service.grant_waiver("no-routers", device="r1", until=LAST_DAY)
    result = service.declare(desired(service, broken=True))
    assert result.findings == ()
    report = service.check()
    assert report.open == ()
    (item,) = report.waived
    assert item.waiver is not None
    assert (item.waiver.device, item.waiver.reason, item.waiver.expires) == ("r1", "CHG-7", LAST_DAY)


def test_an_expired_waiver_covers_nothing_and_is_told(service: NetworkService) -> None:
    service.grant_waiver("no-routers", until=LAST_DAY)
    service.execute(second_interface())
    later = on(service, datetime(2026, 7, 1, tzinfo=UTC))
    report = later.check()
    assert rules_of(report.open) == ["no-routers"]
    assert [(waiver.rule, waiver.expired) for waiver in report.expired] == [("no-routers", True)]
    assert service.check().expired == ()


def test_a_revoked_waiver_covers_nothing(service: NetworkService) -> None:
    service.execute(second_interface())
    service.grant_waiver("no-routers", device="r1", until=LAST_DAY)
    before = service.store.head()
    service.revoke_waiver("no-routers", device="r1")
    assert (service.waivers(), len(service.waivers(before))) == ((), 1)
    assert rules_of(service.check().open) == ["no-routers"]
    with pytest.raises(NotFound, match="no waiver of no-routers for just that"):
        service.revoke_waiver("no-routers", device="r1")


def test_a_waiver_stays_with_a_device_that_is_renamed(service: NetworkService) -> None:
    service.execute(second_interface())
    service.grant_waiver("no-routers", device="r1", until=LAST_DAY)
    service.execute(c.RenameDevice(device="r1", name="core"))
    assert service.check().open == ()
    assert [waiver.device for waiver in service.waivers()] == ["core"]
    service.revoke_waiver("no-routers", device="core")
    assert service.waivers() == ()


def test_a_waiver_of_a_device_that_is_gone_can_be_revoked(service: NetworkService) -> None:
    service.grant_waiver("no-routers", device="sw2", until=LAST_DAY)
    service.execute(c.RemoveDevice(device="sw2"))
    service.revoke_waiver("no-routers", device="sw2")
    assert service.waivers() == ()


def test_a_waiver_that_cannot_be_meant_is_refused(service: NetworkService) -> None:
    with pytest.raises(NotFound, match="no rule 'no-such'"):
        service.grant_waiver("no-such", until=LAST_DAY)
    with pytest.raises(DeviceNotFound, match="no device 'r7'"):
        service.grant_waiver("no-routers", device="r7", until=LAST_DAY)
    with pytest.raises(InvalidInput, match="2026-05-31 has gone by"):
        service.grant_waiver("no-routers", until=date(2026, 5, 31))
    silent = on(service, TODAY)
    silent.actor = replace(silent.actor, reason=None)
    with pytest.raises(InvalidInput, match="a waiver needs a reason"):
        silent.grant_waiver("no-routers", until=LAST_DAY)
    assert service.waivers() == ()


def test_a_finding_without_a_waiver_is_judged_to_count() -> None:
    assert Judged(Finding("error", "x", "sw1", "", "is wrong")).waiver is None
