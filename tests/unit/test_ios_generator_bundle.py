"""Bundles of templates: what is in effect, how a bundle is known, and what goes wrong in a site's own templates."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.values import AccessMode, DeviceKind, PortConfiguration
from cimnet_nornir.errors import RenderError
from cimnet_nornir.ios.bundle import TemplateBundle
from cimnet_nornir.ios.generator import IosGenerator


def switch() -> Device:
    return Device(
        network="campus",
        id="sw1",
        name="sw1",
        kind=DeviceKind.SWITCH,
        details=DeviceDetails(vendor="cisco", platform="ios", site="north"),
        vlans={10: "users"},
        switch_ports={"GigabitEthernet0/1": PortConfiguration(switching=AccessMode(vlan=10))},
    )


def site_folder(tmp_path: Path, templates: Mapping[str, str]) -> Path:
    for name, text in templates.items():
        path = tmp_path / "cisco_ios" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return tmp_path


def render(bundle: TemplateBundle, device: Device | None = None) -> str:
    return IosGenerator(bundle).generate(device or switch(), Network("campus"))


def render_site(tmp_path: Path, **templates: str) -> str:
    named = {f"{name}.j2": text for name, text in templates.items()}
    return render(TemplateBundle.load(site_folder(tmp_path, named)))


def problem(tmp_path: Path, **templates: str) -> str:
    with pytest.raises(RenderError) as caught:
        render_site(tmp_path, **templates)
    assert caught.value.subject == "sw1"
    assert "\n" not in caught.value.message
    return caught.value.message


def test_a_site_adds_its_own_lines_at_the_end(tmp_path: Path) -> None:
    text = render_site(tmp_path, site="snmp-server location {{ device.site }}\n")
    assert text == render(TemplateBundle.load()) + "snmp-server location north\n"


def test_a_site_file_takes_the_place_of_the_packaged_one_of_its_name(tmp_path: Path) -> None:
    text = render_site(tmp_path, vlans="! VLANs come by VTP\n")
    assert "! VLANs come by VTP\n" in text
    assert "\nvlan 10\n" not in text


def test_an_override_can_include_what_it_overrides(tmp_path: Path) -> None:
    override = '{% include "packaged/cisco_ios/switch_port.j2" %}\n storm-control broadcast level 1.00\n'
    text = render_site(tmp_path, switch_port=override)
    assert " switchport mode access\n storm-control broadcast level 1.00\n!\n" in text


def test_templates_can_use_the_filters_of_the_package(tmp_path: Path) -> None:
    template = (
        "{{ '10.0.0.0/22'|netmask }} {{ '10.0.0.0/22'|wildcard }} "
        "{{ [1, 3, 2, 9]|vlan_list }} {{ device.interfaces[0].name|short_interface }}\n"
    )
    assert render_site(tmp_path, site=template).endswith("255.255.252.0 0.0.3.255 1-3,9 Gi0/1\n")


def test_without_a_site_folder_the_packaged_templates_are_used(tmp_path: Path) -> None:
    assert TemplateBundle.load(tmp_path / "none").digest == TemplateBundle.load().digest


def test_files_that_are_no_templates_do_not_change_the_bundle(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("how to override\n")
    assert TemplateBundle.load(tmp_path).digest == TemplateBundle.load().digest


def test_the_digest_changes_with_each_name_and_each_byte() -> None:
    bundles = [
        TemplateBundle({"a.j2": b"x", "b.j2": b"y"}),
        TemplateBundle({"a.j2": b"x", "b.j2": b"z"}),
        TemplateBundle({"a.j2": b"x", "c.j2": b"y"}),
        TemplateBundle({"a.j2": b"x"}, {"b.j2": b"y"}),
        TemplateBundle({"a.j2": b"xb.j2y"}),
    ]
    assert len({bundle.digest for bundle in bundles}) == len(bundles)


def test_the_digest_does_not_depend_on_the_order_of_files() -> None:
    first = TemplateBundle({"a.j2": b"x", "b.j2": b"y"}, {"c.j2": b"1", "d.j2": b"2"})
    second = TemplateBundle({"b.j2": b"y", "a.j2": b"x"}, {"d.j2": b"2", "c.j2": b"1"})
    assert first.digest == second.digest
    assert len(first.digest) == 64


def test_a_bundle_does_not_change_with_the_mapping_it_was_made_of() -> None:
    files = {"a.j2": b"x"}
    bundle = TemplateBundle(files)
    files["a.j2"] = b"y"
    assert bundle.packaged["a.j2"] == b"x"


def test_a_stored_bundle_renders_what_it_rendered_then(tmp_path: Path) -> None:
    bundle = TemplateBundle.load(site_folder(tmp_path, {"site.j2": "banner of {{ device.name }}\n"}))
    stored = dict(bundle.files())
    (tmp_path / "cisco_ios" / "site.j2").write_text("something else\n")
    again = TemplateBundle.from_files(stored)
    assert again.digest == bundle.digest
    assert render(again) == render(bundle)
    assert "banner of sw1" in render(again)


@pytest.mark.parametrize("name", ["cisco_ios/main.j2", "packaged", "site/"])
def test_a_file_that_belongs_to_no_bundle_is_refused_by_name(name: str) -> None:
    with pytest.raises(RenderError, match=f"'{name}' is no name of a stored template"):
        TemplateBundle.from_files({name: b""})


def test_the_packaged_templates_hold_a_file_for_each_feature() -> None:
    names = {name.removeprefix("packaged/cisco_ios/") for name in TemplateBundle.load().files()}
    features = {"base", "vlans", "spanning_tree", "interfaces", "ospf", "static_routes", "site", "main"}
    assert {f"{feature}.j2" for feature in features} <= names


# --- what goes wrong --------------------------------------------------------------------------------------------------


def test_an_undefined_value_is_named_with_its_file_and_line(tmp_path: Path) -> None:
    message = problem(tmp_path, site="!\n!\nlogging host {{ syslog }}\n")
    assert message == "templates/cisco_ios/site.j2:3: 'syslog' is undefined (rendering sw1)"


def test_an_unknown_field_of_the_device_is_named(tmp_path: Path) -> None:
    message = problem(tmp_path, site="{{ device.locaton }}\n")
    assert message.startswith("templates/cisco_ios/site.j2:1: ")
    assert "device has no 'locaton'" in message


def test_a_syntax_error_is_told_with_its_file_and_line(tmp_path: Path) -> None:
    message = problem(tmp_path, vlans="!\n{% if device.vlans %}\n")
    assert message.startswith("templates/cisco_ios/vlans.j2:2: Unexpected end of template.")


def test_a_missing_include_is_named_with_the_line_that_wants_it(tmp_path: Path) -> None:
    message = problem(tmp_path, site='!\n{% include "cisco_ios/ntp.j2" %}\n')
    assert message == "templates/cisco_ios/site.j2:2: there is no template 'cisco_ios/ntp.j2' (rendering sw1)"


def test_an_unknown_filter_is_named(tmp_path: Path) -> None:
    assert problem(tmp_path, site="{{ device.name|uper }}\n") == (
        "templates/cisco_ios/site.j2:1: No filter named 'uper'."
    )


@pytest.mark.parametrize(
    "expression", ["1 / 0", "'a' + 1", "'10.0.0.0/99'|netmask", "[1]|vlan_list|int('x', 'y', 'z')"]
)
def test_an_expression_that_fails_is_told_with_its_line(tmp_path: Path, expression: str) -> None:
    assert problem(tmp_path, site=f"!\n{{{{ {expression} }}}}\n").startswith("templates/cisco_ios/site.j2:2: ")


def test_templates_that_include_one_another_are_refused(tmp_path: Path) -> None:
    message = problem(tmp_path, site='{% include "cisco_ios/site.j2" %}\n')
    assert message.startswith("templates/cisco_ios/site.j2:1: the templates include one another without end")


@pytest.mark.parametrize("attack", ["device.__class__", "device.vlans.__class__.__base__", "''.__class__.mro()"])
def test_a_template_cannot_reach_behind_the_values(tmp_path: Path, attack: str) -> None:
    assert "templates/cisco_ios/site.j2:1: access to attribute" in problem(tmp_path, site=f"{{{{ {attack} }}}}\n")


@pytest.mark.parametrize("expression", ["[1, 2]|random", "lipsum()"])
def test_nothing_random_can_be_rendered(tmp_path: Path, expression: str) -> None:
    assert "random" in (message := problem(tmp_path, site=f"{{{{ {expression} }}}}\n")) or "lipsum" in message


def test_a_template_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (site_folder(tmp_path, {"site.j2": ""}) / "cisco_ios" / "site.j2").write_bytes(b"caf\xe9\n")
    with pytest.raises(RenderError, match=r"templates/cisco_ios/site\.j2: the template is not UTF-8"):
        render(TemplateBundle.load(tmp_path))


def test_a_template_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "site.j2").symlink_to(tmp_path / "nowhere")
    with pytest.raises(RenderError, match=r"site\.j2: the template cannot be read: No such file or directory"):
        TemplateBundle.load(tmp_path)


def test_a_bundle_without_a_main_template_is_refused() -> None:
    with pytest.raises(RenderError, match=r"there is no template 'cisco_ios/main\.j2'"):
        render(TemplateBundle({}))


@pytest.mark.parametrize("bad", ["north\nusername eve", "north\r", "a\u2028b", "\x1b[2J"])
def test_a_value_cannot_bring_in_lines_of_its_own(bad: str) -> None:
    device = switch()
    device.details = device.details.model_copy(update={"site": bad})
    with pytest.raises(RenderError, match="must be one line of printable text"):
        render(TemplateBundle.load(), device)


@pytest.mark.parametrize("field", ["name", "vlan", "description"])
def test_no_text_of_the_configuration_can_hold_a_line_break(field: str) -> None:
    device = switch()
    if field == "name":
        device.name = "sw1\nend"
    elif field == "vlan":
        device.vlans[20] = "users\nend"
    else:
        port = PortConfiguration.model_construct(description="a\nb", enabled=True, switching=None)
        device.switch_ports["GigabitEthernet0/2"] = port
    with pytest.raises(RenderError, match="must be one line of printable text"):
        render(TemplateBundle.load(), device)
