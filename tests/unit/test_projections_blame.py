"""Which event is behind each line: as people ask it, and as a plan asks it for the lines of a remediation."""

from uuid import UUID, uuid4

import pytest

from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.comparison import Path
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.values import AccessMode, PortConfiguration
from cimnet_nornir.errors import RenderError
from cimnet_nornir.ios.bundle import TemplateBundle
from cimnet_nornir.ios.engine import IosEngine
from cimnet_nornir.projections.blame import DeviceBlame, load_blame
from cimnet_nornir.store import EventStore

PORT = "GigabitEthernet0/1"
SECTION = f"interface {PORT}"


def event_of(result: object, kind: str) -> UUID:
    events = getattr(result, "events", ())
    return next(UUID(str(event.event_id)) for event in events if event.type == kind)


def configure(description: str, vlan: int = 10) -> c.ConfigurePort:
    configuration = PortConfiguration(description=description, switching=AccessMode(vlan=vlan))
    return c.ConfigurePort(device="sw1", port=PORT, configuration=configuration)


def test_a_changed_line_belongs_to_the_newer_event_and_the_others_stay(small: NetworkService) -> None:
    before = small.blame()["sw1"].lines
    result = small.execute(configure("camera"))
    after = small.blame()["sw1"]
    newer = event_of(result, "PortConfigured")
    assert after.explain((SECTION, "description camera"), adds=True) == newer
    mode = (SECTION, "switchport access vlan 10")
    assert after.lines[mode] == before[mode] != newer
    assert after.explain((SECTION, "description desk"), adds=False) == newer


def test_a_removed_line_belongs_to_the_event_that_took_it_away(small: NetworkService) -> None:
    result = small.execute(c.ResetPort(device="sw1", port=PORT), c.RemoveVlan(device="sw1", vlan=10))
    blame = small.blame()["sw1"]
    assert blame.explain(("vlan 10",), adds=False) == event_of(result, "VlanRemoved")
    assert blame.explain((SECTION, "description desk"), adds=False) == event_of(result, "PortReset")
    assert ("vlan 10",) not in blame.lines


def test_a_line_that_comes_back_belongs_to_whoever_brought_it_back(small: NetworkService) -> None:
    small.execute(configure("camera"))
    small.blame()
    result = small.execute(configure("desk"))
    blame = small.blame()["sw1"]
    assert blame.explain((SECTION, "description desk"), adds=True) == event_of(result, "PortConfigured")
    assert (SECTION, "description desk") not in blame.removed


def test_a_device_that_comes_back_starts_anew(small: NetworkService) -> None:
    small.blame()
    device = small.network().devices["sw1"]
    small.execute(c.RemoveDevice(device="sw1"))
    assert "sw1" not in small.blame()
    result = small.execute(c.AddSwitch(device="sw1", name="sw1", details=device.details, ports=device.ports))
    assert small.blame()["sw1"].explain(("hostname sw1",), adds=True) == event_of(result, "SwitchAdded")


def test_blame_of_the_past_knows_nothing_of_later(small: NetworkService) -> None:
    head = small.store.head()
    before = small.blame()
    small.execute(configure("camera"))
    assert small.blame(head) == before
    assert small.blame() != before
    assert small.blame(0) == {}


def test_what_others_pinned_or_declared_elsewhere_is_not_in_it(small: NetworkService) -> None:
    before = small.blame()
    key = "ssh-ed25519 AAAA"
    small.execute(c.PinHostKey(device="sw1", environment="lab", key=key, fingerprint="SHA256:x"))
    assert small.blame() == before


def test_a_state_that_does_not_render_is_passed_over(small: NetworkService, engine: IosEngine) -> None:
    """The event that completes the device owns its lines."""

    def lines(device: Device, network: Network) -> tuple[Path, ...]:
        if device.id == "sw1" and not device.vlans:
            raise RenderError("not before it has a VLAN", subject=device.name)
        return engine.paths(engine.render(device, network))

    blames = load_blame(small.store, "net", lines, templates="sha256:picky")
    created = next(small.store.read_all(types=["VlanCreated"]))
    assert blames["sw1"].lines[("hostname sw1",)] == created.event_id
    assert ("hostname sw2",) in blames["sw2"].lines


def test_other_templates_have_rows_of_their_own(small: NetworkService, store: EventStore) -> None:
    packaged = TemplateBundle.load()
    site = TemplateBundle(packaged.packaged, {"cisco_ios/site.j2": b"snmp-server location here\n"})
    other = NetworkService(store, "net", engine=IosEngine(site), actor=small.actor)
    line = ("snmp-server location here",)
    assert line not in small.blame()["sw1"].lines
    assert line in other.blame()["sw1"].lines
    assert line not in small.blame()["sw1"].lines


def test_rows_are_read_rather_than_rendered_again(small: NetworkService, engine: IosEngine) -> None:
    rendered: list[str] = []

    def lines(device: Device, network: Network) -> tuple[Path, ...]:
        rendered.append(device.id)
        return engine.paths(engine.render(device, network))

    first = load_blame(small.store, "net", lines, templates="sha256:count")
    assert len(rendered) > 5
    rendered.clear()
    assert load_blame(small.store, "net", lines, templates="sha256:count") == first
    assert rendered == []
    small.execute(c.CreateVlan(device="sw2", vlan=30))
    load_blame(small.store, "net", lines, templates="sha256:count")
    assert rendered == ["sw2"]


@pytest.mark.parametrize(
    ("path", "adds", "expected"),
    [
        ((SECTION, "switchport trunk allowed vlan 10,20"), True, "allowed"),
        ((SECTION, "switchport trunk allowed vlan add 30"), True, "allowed"),
        ((SECTION, "switchport trunk allowed vlan 99"), False, "allowed"),
        ((SECTION, "ip address 192.0.2.1 255.255.255.0"), True, "section"),
        ((SECTION, "ip address 192.0.2.1 255.255.255.0"), False, None),
        (("vlan 20",), False, "vlan 20"),
        (("vlan 20",), True, "vlan 20"),
        (("ntp server 192.0.2.9",), True, None),
    ],
)
def test_a_line_in_another_form_is_found_by_its_section_and_first_words(
    path: Path, adds: bool, expected: str | None
) -> None:
    events = {"allowed": uuid4(), "section": uuid4(), "vlan 20": uuid4()}
    blame = DeviceBlame(
        {(SECTION,): events["section"], (SECTION, "switchport trunk allowed vlan 10,20,30"): events["allowed"]},
        {("vlan 20",): events["vlan 20"]},
    )
    assert blame.explain(path, adds=adds) == (events[expected] if expected else None)
