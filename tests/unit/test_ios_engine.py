"""The IOS engine as the use cases see it."""

import hashlib
import json

import pytest

from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.errors import ConfigurationError, RenderError
from cimnet_nornir.ios.bundle import TemplateBundle
from cimnet_nornir.ios.engine import IosEngine


def with_site(**templates: bytes) -> IosEngine:
    packaged = TemplateBundle.load().packaged
    return IosEngine(TemplateBundle(packaged, {f"cisco_ios/{name}.j2": text for name, text in templates.items()}))


def test_the_archive_is_the_bundle_and_is_found_by_its_digest(engine: IosEngine) -> None:
    assert engine.templates == "sha256:" + hashlib.sha256(engine.archive).hexdigest()
    files = {name: text.encode() for name, text in json.loads(engine.archive).items()}
    again = IosEngine(TemplateBundle.from_files(files))
    assert (again.templates, again.bundle) == (engine.templates, engine.bundle)


def test_other_templates_have_another_digest(engine: IosEngine) -> None:
    assert with_site().templates == engine.templates
    assert with_site(site=b"! here\n").templates != engine.templates
    assert with_site(site=b"! here\n").templates == with_site(site=b"! here\n").templates


def test_a_template_that_is_no_text_is_told_in_one_line() -> None:
    with pytest.raises(RenderError, match=r"site/cisco_ios/site\.j2: the template is no UTF-8 text \(at byte 2\)"):
        with_site(site=b"! \xff\n")


def test_each_line_has_its_sections() -> None:
    text = "hostname a\n!\ninterface X\n description b\n  deeper\n shutdown\n!\n\nrouter bgp 1\n address-family ipv4\n"
    text += "  network 1\n"
    assert IosEngine(TemplateBundle.load()).paths(text) == (
        ("hostname a",),
        ("interface X",),
        ("interface X", "description b"),
        ("interface X", "description b", "deeper"),
        ("interface X", "shutdown"),
        ("router bgp 1",),
        ("router bgp 1", "address-family ipv4"),
        ("router bgp 1", "address-family ipv4", "network 1"),
    )


def test_what_changes_by_itself_is_left_out(engine: IosEngine) -> None:
    text = (
        "Building configuration...\n\nCurrent configuration : 1234 bytes\n!\n"
        "! Last configuration change at 10:00:00 UTC Mon Nov 23 2026 by ann\n"
        "! NVRAM config last updated at 10:00:00 UTC Mon Nov 23 2026\n"
        "! No configuration change since last restart\nUsing 99 out of 524288 bytes\n"
        "hostname a  \nntp clock-period 17180\nend\n\n"
    )
    assert engine.stable(text) == "hostname a\nend\n"
    assert engine.stable(text.replace("\n", "\r\n")) == engine.stable(text)
    assert engine.stable(engine.stable(text)) == engine.stable(text)


def test_what_differs_is_told_as_commands_difference_and_leftovers(small: NetworkService, engine: IosEngine) -> None:
    device = small.network().devices["sw1"]
    intended = engine.render(device, small.network())
    running = intended.replace("description desk", "description chair") + "ntp server 192.0.2.9\n"
    found = engine.compare(device, running, intended)
    assert found.commands[:2] == ("interface GigabitEthernet0/1", "description desk")
    assert [(change.path, change.adds) for change in found.changes] == [
        (("interface GigabitEthernet0/1", "description desk"), True)
    ]
    assert "description chair" in found.diff
    assert "ntp" not in found.diff
    assert found.unmodelled == (("ntp server 192.0.2.9",),)
    assert not found.in_sync


def test_nothing_differs_where_only_spelling_does(small: NetworkService, engine: IosEngine) -> None:
    device = small.network().devices["sw1"]
    intended = engine.render(device, small.network())
    engine.prepare(device, intended)
    found = engine.compare(device, f"Building configuration...\n{intended}end\n", intended)
    assert (found.in_sync, found.diff, found.changes) == (True, "", ())


def test_what_only_the_last_intent_had_is_taken_away(small: NetworkService, engine: IosEngine) -> None:
    device = small.network().devices["sw1"]
    intended = engine.render(device, small.network())
    formerly = intended + "ntp server 192.0.2.9\n"
    running = formerly + "snmp-server location cellar\n"
    found = engine.compare(device, running, intended, formerly=formerly)
    assert found.commands == ("no ntp server 192.0.2.9",)
    assert found.unmodelled == (("snmp-server location cellar",),)


def test_a_configuration_that_cannot_be_read_is_refused(small: NetworkService, engine: IosEngine) -> None:
    with pytest.raises(ConfigurationError):
        engine.compare(small.network().devices["sw1"], "banner motd ^C\nno end\n", "hostname sw1\n")


def test_secrets_are_masked(engine: IosEngine) -> None:
    assert "letmein" not in engine.mask("snmp-server community letmein RO\n")


def test_a_secret_that_is_not_there_is_told_beside_what_is_sent_for_want_of_it(small: NetworkService) -> None:
    switch = small.network().devices["sw1"]
    running = "hostname sw1\nenable secret 9 $9$2MJBozw/9R3UsU$2lFhcKvpghcyw8deP25GOfyZaagyUOGBymkryvOdfo6\n"
    intended = "hostname sw1\nenable secret <secret:env:ENABLE>\n"
    missing = IosEngine(TemplateBundle.load(), lambda _: None).compare(switch, running, intended)
    there = IosEngine(TemplateBundle.load(), lambda _: "another").compare(switch, running, intended)
    (told,) = (warning for warning in missing.warnings if "env:ENABLE" in warning)
    assert told.startswith("there is no secret at env:ENABLE")
    assert there.commands == missing.commands
    assert "env:ENABLE" not in " ".join(there.warnings)


def test_a_secret_that_nobody_finds_is_told_since_nothing_shows_that_it_is_set(service: NetworkService) -> None:
    details = DeviceDetails(vendor="cisco", platform="ios")
    service.execute(c.CreateNetwork(name="net"), c.AddRouter(device="r1", name="r1", details=details))
    device = service.network().devices["r1"]
    intended = "username ana secret <secret:env:ANA>\nusername bob secret <secret:env:ANA>\n"
    missing = ("there is no secret at env:ANA: what needs it counts as different, and cannot be sent",)
    bundle = TemplateBundle.load()
    assert IosEngine(bundle, {"env:BOB": "cisco"}.get).compare(device, "", intended).warnings == missing
    assert IosEngine(bundle, {"env:ANA": "cisco"}.get).compare(device, "", intended).warnings == ()
