"""The site templates of the example project, and the override that their README shows, do what it says."""

import re
from pathlib import Path

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.features import FEATURES as FEATURE_NAMES
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.values import AccessMode, DeviceKind, PortConfiguration, TrunkMode
from cimnet_nornir.ios.bundle import TemplateBundle
from cimnet_nornir.ios.generator import IosGenerator

FOLDER = Path(__file__).parents[2] / "templates"


def switch(site: str) -> Device:
    device = Device("campus", "sw1", "sw1", DeviceKind.SWITCH, DeviceDetails(vendor="cisco", platform="ios", site=site))
    device.switch_ports["GigabitEthernet0/1"] = PortConfiguration(switching=AccessMode(vlan=1))
    device.switch_ports["GigabitEthernet0/2"] = PortConfiguration(switching=TrunkMode())
    return device


def render(folder: Path | None, site: str) -> str:
    return IosGenerator(TemplateBundle.load(folder)).generate(switch(site), Network("campus"))


def test_the_example_project_tells_the_site_of_a_device() -> None:
    assert render(FOLDER, "north") == render(None, "north") + "snmp-server location north\n!\n"


def test_a_device_without_a_site_gets_no_location() -> None:
    assert render(FOLDER, "") == render(None, "")


def test_the_override_in_the_readme_works(tmp_path: Path) -> None:
    readme = (FOLDER / "README.md").read_text()
    override = re.search(r"```jinja\n(.*?)```", readme, re.DOTALL)
    assert override is not None
    (tmp_path / "cisco_ios").mkdir()
    (tmp_path / "cisco_ios" / "switch_port.j2").write_text(override[1])
    text = render(tmp_path, "")
    assert " switchport mode access\n storm-control broadcast level 1.00\n!\n" in text
    assert " switchport mode trunk\n!\n" in text


FEATURES = "cisco_ios/features/"


def test_there_is_a_template_for_every_feature_and_for_nothing_else() -> None:
    names = (name.removeprefix(FEATURES) for name in TemplateBundle.load().packaged if name.startswith(FEATURES))
    # What several templates share has a name with an underscore, which no feature has.
    named = {name for name in names if "_" not in name}
    # Adopted lines are put where they stood, without a template.
    assert named == {f"{feature}.j2" for feature in FEATURE_NAMES if feature != "configuration-block"}


def test_the_readme_names_every_template_and_nothing_else() -> None:
    named = set(re.findall(r"`(cisco_ios/\w+\.j2)`", (FOLDER / "README.md").read_text()))
    assert named == {name for name in TemplateBundle.load().packaged if not name.startswith(FEATURES)}
