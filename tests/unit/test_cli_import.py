"""Configurations taken over on the command line: what is told, what is recorded, what is kept out of the events."""

import base64
import json
import stat
from dataclasses import replace
from ipaddress import IPv4Address
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cimnet_nornir.application.host_keys import pin_host_keys
from cimnet_nornir.application.importing import Source, read_in
from cimnet_nornir.application.project import create_project
from cimnet_nornir.bootstrap import load_settings, open_service
from cimnet_nornir.errors import ImportRefused, ValidationRefused

if TYPE_CHECKING:
    from tests.unit.conftest import Cimnet

pytestmark = pytest.mark.usefixtures("surroundings")

ROUTER = """\
!
version 15.2
service password-encryption
hostname {name}
!
enable secret 9 $9$x0dFz3q1$hidden-{name}
!
interface Loopback0
 ip address {loopback} 255.255.255.255
!
interface GigabitEthernet0/0
 description to the other
 ip address {address} 255.255.255.252
!
interface GigabitEthernet0/1
 no ip address
 shutdown
!
mystery feature on
 with lines below
!
line vty 0 4
 password 7 0822455D0A16
 login
end
"""
SWITCH = """\
hostname sw1
vlan 10
 name users
interface GigabitEthernet1/0/1
 switchport mode access
 switchport access vlan 10
end
"""


def router(name: str, number: int, loopback: int | None = None) -> str:
    return ROUTER.format(name=name, address=f"10.0.0.{number}", loopback=f"192.0.2.{loopback or number}")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new project, and beside it a folder with the configurations of two routers; the working directory is in it."""
    create_project(tmp_path / "lan")
    (tmp_path / "old").mkdir()
    for number, name in enumerate(("r1", "r2"), 1):
        (tmp_path / "old" / f"{name}.cfg").write_text(router(name, number))
    (tmp_path / "old" / "notes.md").write_text("no configuration")
    monkeypatch.chdir(tmp_path / "lan")
    return tmp_path / "lan"


def test_a_folder_of_configurations_becomes_a_network_with_its_links(cimnet: "Cimnet", project: Path) -> None:
    said = cimnet("import", "../old", "--reason", "taken over")
    assert said.status == 0, said.err
    assert "link r1 Gi0/0 -- r2 Gi0/0 (by subnet)" in said.out.splitlines()
    graph = cimnet("graph", "--json").json("graph")
    assert {node["label"] for node in graph["nodes"] if node.get("device") == "router"} == {"r1", "r2"}
    assert "taken over" in cimnet("history").out


def test_what_is_imported_is_rendered_as_it_was_and_importing_it_again_records_nothing(
    cimnet: "Cimnet", project: Path
) -> None:
    first = cimnet("import", "../old", "--json").json("import")
    assert first["count"] > 0
    assert first["request"]
    again = cimnet("import", "../old", "--json").json("import")
    assert (again["count"], again["request"]) == (0, None)
    rendered = cimnet("render", "r1").out
    assert " with lines below\n" in rendered
    assert " description to the other\n" in rendered


def test_all_events_of_an_import_have_one_request_as_their_cause(cimnet: "Cimnet", project: Path) -> None:
    request = cimnet("import", "../old", "--json").json("import")["request"]
    events = cimnet("history", "--first", "1000", "--json").json("history")["events"]
    assert {event["correlation_id"] for event in events} == {request}
    assert [event["type"] for event in events][-1] == "ChangeRequested"


def test_each_line_is_accounted_for(cimnet: "Cimnet", project: Path) -> None:
    document = cimnet("import", "../old/r1.cfg", "--check", "-v", "--json").json("import")
    (device,) = document["devices"]
    text = (project.parent / "old" / "r1.cfg").read_text().splitlines()
    assert [line["line"] for line in device["account"]] == list(range(1, len(text) + 1))
    classes = {line["text"]: line["class"] for line in device["account"]}
    assert classes["hostname r1"] == "owned"
    assert classes["mystery feature on"] == classes[" with lines below"] == "adopted"
    assert classes["!"] == classes["end"] == "noise"
    lines = device["lines"]
    assert lines["all"] == len(text) == lines["owned"] + lines["adopted"] + lines["noise"]
    assert lines["unknown"] == 0


def test_check_records_nothing_and_writes_nothing(cimnet: "Cimnet", project: Path) -> None:
    said = cimnet("import", "../old", "--check")
    assert said.status == 0
    assert "events would be recorded" in said.out
    assert not (project / "inventory" / "secrets").exists()
    assert cimnet("store", "info", "--json").json("store-info")["events"] == 0


def test_secrets_are_in_files_for_the_owner_alone_and_nowhere_else(cimnet: "Cimnet", project: Path) -> None:
    said = cimnet("import", "../old", "-v")
    hidden = ("hidden-r1", "hidden-r2", "0822455D0A16")
    files = [path for path in (project / "inventory" / "secrets").rglob("*") if path.is_file()]
    kept = "".join(path.read_text() for path in files)
    assert all(secret in kept for secret in hidden)
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert "inventory/secrets/" in (project / ".gitignore").read_text().splitlines()
    exported = cimnet("store", "export").out + said.out + said.err + cimnet("render").out + cimnet("history").out
    store = (project / ".cimnet" / "events.db").read_bytes()
    assert not [secret for secret in hidden if secret in exported or secret.encode() in store]


def test_a_secret_that_changed_is_another_file_and_an_event(cimnet: "Cimnet", project: Path) -> None:
    cimnet("import", "../old")
    before = sorted((project / "inventory" / "secrets" / "r1").iterdir())
    file = project.parent / "old" / "r1.cfg"
    file.write_text(file.read_text().replace("hidden-r1", "changed"))
    document = cimnet("import", str(file), "--json").json("import")
    assert document["count"] >= 1
    after = sorted((project / "inventory" / "secrets" / "r1").iterdir())
    assert len(after) == len(before) + 1
    assert any("hidden-r1" in path.read_text() for path in after)
    assert cimnet("import", str(file), "--json").json("import")["count"] == 0


def test_only_what_differs_is_recorded_and_what_went_is_taken_out(cimnet: "Cimnet", project: Path) -> None:
    cimnet("import", "../old")
    file = project.parent / "old" / "r1.cfg"
    file.write_text(file.read_text().replace("mystery feature on\n with lines below\n", ""))
    document = cimnet("import", str(file), "--json").json("import")
    assert document["count"] == 1
    assert "mystery" not in cimnet("render", "r1").out
    assert "mystery" in cimnet("render", "r2").out


def test_addresses_that_two_devices_have_are_told_and_found_by_check(cimnet: "Cimnet", project: Path) -> None:
    (project.parent / "old" / "r2.cfg").write_text(router("r2", 2, loopback=1))
    said = cimnet("import", "../old", "--json").json("import")
    assert said["shared"] == ["192.0.2.1 is on r1 Loopback0 and on r2 Loopback0"]
    found = cimnet("check", "--json").json("check")["findings"]
    assert [finding["rule"] for finding in found].count("duplicate-address") == 2


def test_where_devices_are_managed_is_suggested_and_recorded_on_demand(cimnet: "Cimnet", project: Path) -> None:
    said = cimnet("import", "../old", "--check")
    assert (
        "no management address yet, but clear which: r1 192.0.2.1 (Loopback0), r2 192.0.2.2 (Loopback0); "
        "recorded with --management-from auto"
    ) in said.err.splitlines()
    named = cimnet("import", "../old", "--check", "--management-from", "gi0/0", "--json").json("import")
    assert [device["management"] for device in named["devices"]] == ["10.0.0.1", "10.0.0.2"]
    assert named["unmanaged"] == []
    cimnet("import", "../old", "--management-from", "auto")
    hosts = cimnet("inventory", "--env", "real", "--json").json("inventory")["hosts"]
    assert [host["hostname"] for host in hosts.values()] == ["192.0.2.1", "192.0.2.2"]
    # An address that a device has is not changed by the next import.
    again = cimnet("import", "../old", "--management-from", "gi0/0", "--json").json("import")
    assert again["count"] == 0


def test_an_address_that_two_devices_have_manages_neither(cimnet: "Cimnet", project: Path) -> None:
    (project.parent / "old" / "r2.cfg").write_text(router("r2", 2, loopback=1))
    said = cimnet("import", "../old", "--management-from", "auto", "--json").json("import")
    assert [device["management"] for device in said["devices"]] == [None, None]
    assert [(each["interface"], each["address"]) for each in said["unmanaged"]] == [("Loopback0", None)] * 2
    assert "no management address yet: r1, r2; add it to the definition" in cimnet("import", "../old", "--check").err


def test_a_device_that_shows_another_key_than_the_pinned_one_is_not_taken_for_it(
    cimnet: "Cimnet", project: Path
) -> None:
    cimnet("import", "../old")
    service = open_service(load_settings(project))
    keys = ["ssh-ed25519 " + base64.b64encode(b"\0\0\0\x0bssh-ed25519" + word).decode() for word in (b"one", b"two")]
    try:
        pin_host_keys(service, {"r1": keys[0]}, command="trust")
        asked = Source("192.0.2.1", router("r1", 1), management=IPv4Address("192.0.2.1"), key=f"{keys[0]} its comment")
        assert read_in(service, [asked]).devices[0].details.management == IPv4Address("192.0.2.1")
        with pytest.raises(ImportRefused) as refused:
            read_in(service, [replace(asked, key=keys[1])])
        assert "it says it is r1, whose pinned host key is another" in refused.value.problems[0]
    finally:
        service.store.close()


def test_what_comes_next_is_said_with_the_commands(cimnet: "Cimnet", project: Path) -> None:
    assert cimnet("import", "../old").err.splitlines()[-3:] == [
        "next: cimnet graph, cimnet plan",
        "      cimnet render --definition > inventory/network.yaml, to go on from there",
        "      cimnet lab up --running ../old && cimnet plan, to rehearse on a copy",
    ]


def test_a_secret_written_into_a_block_by_hand_is_refused(cimnet: "Cimnet", project: Path) -> None:
    (project / "odd.cfg").write_text("tacacs-server key hidden-5\n" + router("r9", 9))
    cimnet("import", "odd.cfg")
    definition = cimnet("render", "--definition").out
    network = project / "inventory" / "network.yaml"
    network.write_text(definition)
    assert cimnet("declare", "--check").status == 0
    block = "configuration-block: {"
    network.write_text(definition.replace(block, f"{block}by hand: {{lines: [wccp password 7 hidden-9]}}, "))
    (line,) = (number for number, text in enumerate(network.read_text().splitlines(), 1) if "hidden-9" in text)
    for command in (("declare",), ("declare", "--check")):
        cimnet(*command).refuses(
            f"network.yaml:{line}: ",
            "r9: a secret stands in clear in 'wccp password 7 <masked>' (by hand); right would be where it is found",
        )
    network.write_text(network.read_text().replace("hidden-9", "<secret:env:WCCP>"))
    assert cimnet("declare").status == 0


def test_a_switch_is_one_with_its_platform_by_version(cimnet: "Cimnet", project: Path) -> None:
    (project / "sw1.cfg").write_text("version 17.3\n" + SWITCH)
    cimnet("import", "sw1.cfg")
    (host,) = cimnet("inventory", "--json").json("inventory")["hosts"].values()
    assert host["data"]["kind"] == "switch"
    assert "iosxe" in json.dumps(host)


def test_the_id_can_be_another_than_the_host_name(cimnet: "Cimnet", project: Path) -> None:
    document = cimnet("import", "../old/r1.cfg", "--as", "core-1", "--json").json("import")
    assert (document["devices"][0]["device"], document["devices"][0]["name"]) == ("core-1", "r1")
    cimnet("import", "../old", "--as", "core-1").refuses("--as names one device")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nowhere",), "'nowhere' is no file, no folder, no device of the network and no address"),
        (("../old", "--network", "other"), "this is the network 'campus'"),
        (("inventory/empty.cfg",), "inventory/empty.cfg: it is empty"),
        (("tasks",), "tasks: there is no configuration in it (*.cfg, *.conf, *.txt)"),
        (("192.0.2.77",), "192.0.2.77 is the address of a real device, and this is the lab: --env real"),
        (("../old", "--management-from", "nonsense"), "'nonsense' is no interface"),
        (("../old", "--at", "1"), "--at is for commands that only read the event log"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_line(
    cimnet: "Cimnet", project: Path, arguments: tuple[str, ...], words: str
) -> None:
    (project / "inventory" / "empty.cfg").write_text("\n")
    cimnet("import", *arguments).refuses(words)


def test_two_configurations_of_one_device_are_refused_with_both_names(cimnet: "Cimnet", project: Path) -> None:
    (project / "again.cfg").write_text(router("r1", 9))
    said = cimnet("import", "../old/r1.cfg", "again.cfg")
    assert said.status == 1
    assert "again.cfg: it is that of r1, and so is ../old/r1.cfg; leave one out" in said.err
    assert "nothing was recorded" in said.err


def test_a_configuration_without_a_host_name_is_refused(cimnet: "Cimnet", project: Path) -> None:
    (project / "part.cfg").write_text("interface Loopback0\n description a part of a configuration\n")
    said = cimnet("import", "part.cfg")
    assert said.status == 1
    assert "part.cfg: there is no line 'hostname NAME' in it" in said.err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (router("r8", 8) + router("r9", 9), "it names 2 hosts, r8, r9; give each a file of its own"),
        (router("r8", 8) + "!\nr9#exit\n", "'r9#exit' stands after 'end'"),
        (router("r8/../..", 8), "'r8/../..' is no host name"),
        (router('"r 8"', 8), "'\"r 8\"' is no host name"),
        (" --More-- line\n" + router("r8", 8), "'--More--' stands in it"),
        (router("r8", 8).replace("15.2", "9.3(5)"), "it is a configuration of NX-OS, which is not read as IOS"),
    ],
)
def test_what_is_not_one_whole_configuration_is_refused(cimnet: "Cimnet", project: Path, text: str, words: str) -> None:
    (project / "odd.cfg").write_text(text)
    said = cimnet("import", "odd.cfg")
    assert said.status == 1
    assert f"odd.cfg: {words}" in said.err


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("Büro 5€".encode("cp1252"), "cp1252"),
        (b"B\x81ro", "cp850"),
        ("\ufeffBüro".encode(), ""),
    ],
)
def test_a_file_of_another_encoding_is_read_and_told(
    cimnet: "Cimnet", project: Path, content: bytes, encoding: str
) -> None:
    text = router("r8", 8).replace("to the other", "@").encode()
    (project / "r8.cfg").write_bytes(text.replace(b"@", content.removeprefix(b"\xef\xbb\xbf")))
    said = cimnet("import", "r8.cfg", "--check", "-v")
    assert said.status == 0
    assert "description Büro" in said.out
    told = [line for line in said.err.splitlines() if "UTF-8" in line]
    assert told == ([f"no UTF-8, read as what they can be: r8.cfg ({encoding})"] if encoding else [])


def test_what_is_no_text_is_refused(cimnet: "Cimnet", project: Path) -> None:
    (project / "image.cfg").write_bytes(b"\x7fELF\0\0")
    cimnet("import", "image.cfg").refuses("image.cfg: it is no text")
    (project / "windows.cfg").write_bytes(router("r8", 8).encode("utf-16"))
    assert cimnet("import", "windows.cfg", "--check").status == 0


def test_a_platform_that_is_named_goes_before_what_the_text_looks_like(cimnet: "Cimnet", project: Path) -> None:
    (project / "odd.cfg").write_text(router("r8", 8).replace("15.2", "9.3(5)"))
    assert cimnet("import", "odd.cfg", "--platform", "ios", "--check").status == 0
    said = cimnet("import", "odd.cfg", "--platform", "nxos")
    assert "platform 'nxos' of cisco is not known; known: ios, iosxe" in said.err


def test_what_no_feature_models_keeps_no_secret_either(cimnet: "Cimnet", project: Path) -> None:
    lines = (
        "archive",
        " path ftp://ann:hidden-1@10.0.0.4/kept",
        "mpls ldp neighbor 10.0.0.2 password hidden-2",
        "crypto ikev2 profile P",
        " authentication local pre-share key hidden-3",
        "event manager applet A",
        ' action 1.0 cli command "enable secret hidden-4"',
        "tacacs-server key hidden-5",
        "ap dot1x username u password 0 hidden-6 secret 0 hidden-7",
        "ap dot1x username s password 0 secret secret 0 e",
        f"crypto map {'x' * 300} secret 0 hidden-8",
    )
    (project / "odd.cfg").write_text("\n".join(lines) + "\n" + router("r9", 9))
    said = cimnet("import", "odd.cfg", "-v")
    assert said.status == 0
    exported = cimnet("store", "export").out + said.out + said.err + cimnet("render").out + cimnet("history").out
    assert "hidden-" not in exported
    names = [path.name for path in (project / "inventory" / "secrets").rglob("*")]
    assert not [name for name in names if "hidden" in name]


def test_a_device_keeps_its_kind(cimnet: "Cimnet", project: Path) -> None:
    cimnet("import", "../old/r1.cfg")
    (project / "r1.cfg").write_text(SWITCH.replace("sw1", "r1"))
    said = cimnet("import", "r1.cfg")
    assert said.status == 1
    assert "r1.cfg: it is that of a switch, and r1 is a router in the intent" in said.err


def test_every_problem_of_every_file_is_told(cimnet: "Cimnet", project: Path) -> None:
    for name in ("a", "b"):
        (project / f"{name}.cfg").write_text(f"hostname {name}\nbanner motd ^C\nwithout an end\n")
    said = cimnet("import", "a.cfg", "b.cfg")
    assert said.status == 1
    assert [line.split(":")[2] for line in said.err.splitlines()[:2]] == [" a.cfg", " b.cfg"]
    assert "2 problems stand in the way" in said.err


def test_errors_that_came_in_with_configurations_do_not_refuse_a_plan_but_others_do(
    cimnet: "Cimnet", project: Path
) -> None:
    (project / "../old/r2.cfg").write_text(router("r2", 2, loopback=1))
    assert cimnet("import", "../old").status == 0
    assert "duplicate-address" in cimnet("check").out
    definition = cimnet("render", "--definition").out.replace("address: 10.0.0.1/30", "address: 10.0.0.9/30")
    service = open_service(load_settings(project))
    try:
        assert {finding.severity for finding in service.admit(["r1", "r2"])} <= {"warning"}
        Path("inventory/network.yaml").write_text(definition)
        assert cimnet("declare", "--accept-errors").status == 0
        with pytest.raises(ValidationRefused, match="the change adds an error"):
            service.admit(["r1"])
    finally:
        service.store.close()
