"""The generated flake, evaluated by Nix itself: systems of hosts, devices as options, and what pushes to them."""

import json
import shutil
import subprocess
from getpass import getuser
from ipaddress import IPv4Interface
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import cimnet_nornir.nix
from cimnet_nornir.application.host_flake import FlakeContents, FlakeDevice
from cimnet_nornir.application.host_parts import HostBridge, HostSide
from cimnet_nornir.nix import NixGenerator
from cimnet_nornir.nix.expressions import Value, expression
from cimnet_nornir.nix.folder import write_folder

if TYPE_CHECKING:
    from tests.conftest import FlakeCheck

STAND_IN = Path(cimnet_nornir.nix.__file__).parent / "stand_in"
ONE = HostSide("campus", "one", (), (), (HostBridge("br-local", None, (IPv4Interface("172.20.0.1/16"),)),))
TWO = HostSide("campus", "two", (), (), ())
DEVICES = (
    FlakeDevice("r1", "router", "cisco", "ios", "192.0.2.1", "hostname r1\n"),
    FlakeDevice("sw1", "switch", "cisco", "iosxe", None, "hostname sw1\n"),
)
CONTENTS = FlakeContents("campus", 118, (ONE, TWO), DEVICES)
PUSHER: dict[str, Value] = {"enable": True, "project": "/srv/it's mine", "plan": "/srv/it's mine/a.plan"}


@pytest.fixture
def flake(tmp_path: Path) -> Path:
    """The flake of two hosts, a router and a switch."""
    write_folder(tmp_path / "flake", NixGenerator().flake(CONTENTS))
    return tmp_path / "flake"


def evaluated(folder: Path, expression: str, *modules: Value) -> Any:
    """What an expression comes to, where `config` is that of devices.nix with further modules."""
    nix = shutil.which("nix-instantiate")
    if nix is None:
        pytest.skip("no nix-instantiate is installed (Debian: nix-bin)")
    text = f"""
      let
        lib = import {STAND_IN}/lib.nix;
        pkgs = import {STAND_IN}/packages.nix {{ inherit lib; names = [ "openssh" ]; }};
        system = import {STAND_IN}/system.nix {{ inherit lib; packagesFor = _: pkgs; }};
        inherit (system {{ modules = [ {folder}/devices.nix {" ".join(map(written, modules))} ]; }}) config;
      in {expression}"""
    command = [nix, "--eval", "--json", "--strict", "--readonly-mode", "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ValueError(done.stderr)
    return json.loads(done.stdout)


def written(module: Value) -> str:
    return f"({expression(module)})"


def test_nix_checks_the_flake(flake: Path, flake_check: "FlakeCheck") -> None:
    done = flake_check(flake)
    assert done.returncode == 0, done.stderr


def test_nix_checks_the_flake_of_a_network_without_hosts(tmp_path: Path, flake_check: "FlakeCheck") -> None:
    write_folder(tmp_path / "flake", NixGenerator().flake(FlakeContents("campus", 1, (), ())))
    done = flake_check(tmp_path / "flake")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("file", "text", "complaint"),
    [
        ("hosts/one.nix", "{ ... }: { a = b; }", "undefined variable 'b'"),
        ("devices.nix", "{ ... }: { imports = [ ./cimnet.nix ]; cimnet.routers.r1.vendor = 5; }", "is to be a text"),
        ("site/two.nix", '{ ... }: { assertions = [ { assertion = false; message = "no disks"; } ]; }', "no disks"),
        ("site/common.nix", '{ ... }: { networking.hostName = throw "mine"; }', "mine"),
        ("flake.nix", "{ outputs = _: { nixosModules.a = 5; }; }", "module must be a function"),
    ],
)
def test_nix_finds_what_is_wrong(flake: Path, flake_check: "FlakeCheck", file: str, text: str, complaint: str) -> None:
    (flake / file).parent.mkdir(exist_ok=True)
    (flake / file).write_text(text)
    done = flake_check(flake)
    assert done.returncode == 1
    assert complaint in done.stderr


def test_the_same_is_generated_each_time() -> None:
    assert NixGenerator().flake(CONTENTS) == NixGenerator().flake(CONTENTS)
    assert list(NixGenerator().flake(CONTENTS)) == sorted(NixGenerator().flake(CONTENTS))


def test_the_module_of_a_host_is_the_one_that_is_deployed() -> None:
    assert NixGenerator().flake(CONTENTS)["hosts/one.nix"].decode() == NixGenerator().module(ONE)


def test_a_later_event_changes_nothing_but_the_position() -> None:
    before, after = (NixGenerator().flake(FlakeContents("campus", at, (ONE,), DEVICES)) for at in (118, 119))
    assert [name for name in before if before[name] != after[name]] == ["position.nix"]


def test_the_hosts_are_built_from_the_nixpkgs_that_was_asked_for() -> None:
    flake = NixGenerator(nixpkgs='github:NixOS/nixpkgs/"${x}').flake(CONTENTS)["flake.nix"].decode()
    assert 'inputs.nixpkgs.url = "github:NixOS/nixpkgs/\\"\\${x}";' in flake


# As nixos-generate-config writes it, without its comments.
HARDWARE = """\
{ config, lib, pkgs, modulesPath, ... }:
{
  imports = [ (modulesPath + "/installer/scan/not-detected.nix") ];
  boot.initrd.availableKernelModules = [ "ahci" "xhci_pci" "virtio_pci" "sr_mod" "virtio_blk" ];
  fileSystems."/" = { device = "/dev/disk/by-uuid/4e1c"; fsType = "ext4"; };
  swapDevices = [ ];
  networking.useDHCP = lib.mkDefault true;
  # networking.interfaces.ens3.useDHCP = lib.mkDefault true;
  nixpkgs.hostPlatform = lib.mkDefault "aarch64-linux";
  hardware.cpu.intel.updateMicrocode = lib.mkDefault config.hardware.enableRedistributableFirmware;
}
"""
CONFIGURATION = """\
{ config, pkgs, ... }:
{
  imports = [ ./hardware-configuration.nix ];
  boot.loader.systemd-boot.enable = true;
  system.stateVersion = "26.05";
}
"""
NOT_DETECTED = "{ lib, ... }: { hardware.enableRedistributableFirmware = lib.mkDefault true; }"


@pytest.mark.parametrize(("more", "dhcp"), [("", False), ("networking.useDHCP = true;", True)])
def test_what_a_host_was_installed_with_is_taken_over(flake: Path, tmp_path: Path, more: str, dhcp: bool) -> None:
    (flake / "site/one").mkdir(parents=True)
    (flake / "site/one.nix").write_text(f"{{ imports = [ ./one/configuration.nix ]; {more} }}")
    (flake / "site/one/configuration.nix").write_text(CONFIGURATION)
    (flake / "site/one/hardware-configuration.nix").write_text(HARDWARE)
    (tmp_path / "modules/installer/scan").mkdir(parents=True)
    (tmp_path / "modules/installer/scan/not-detected.nix").write_text(NOT_DETECTED)
    found = evaluated(
        flake,
        f"""
        let packagesFor = _: import {STAND_IN}/packages.nix {{ inherit lib; names = [ ]; }};
            nixosSystem = arguments: import {STAND_IN}/system.nix {{ inherit lib packagesFor; }}
              (arguments // {{ specialArgs = {{ modulesPath = {tmp_path}/modules; }}; }});
            nixpkgs.lib = lib // {{ inherit nixosSystem; }};
            self = (import {flake}/flake.nix).outputs {{ inherit self nixpkgs; }};
            of = name: self.nixosConfigurations.${{name}}.config;
        in {{ inherit ((of "one").networking) hostName useDHCP; platform = (of "one").nixpkgs.hostPlatform;
             other = (of "two").nixpkgs.hostPlatform; inherit (of "one") fileSystems;
             firmware = (of "one").hardware.cpu.intel.updateMicrocode;
             built = (of "one").system.build.toplevel.system; }}""",
    )
    assert (found["hostName"], found["useDHCP"]) == ("one", dhcp)
    assert (found["platform"], found["built"], found["other"]) == ("aarch64-linux", "aarch64-linux", "x86_64-linux")
    assert (found["fileSystems"]["/"]["fsType"], found["firmware"]) == ("ext4", True)


def test_a_host_tells_what_it_runs(flake: Path) -> None:
    (flake / "site").mkdir()
    (flake / "site/common.nix").write_text('{ ... }: { time.timeZone = "UTC"; }')
    (flake / "site/two.nix").write_text('{ lib, ... }: { networking.useDHCP = true; system.stateVersion = "26.05"; }')
    nixpkgs = (
        f"rec {{ lib = import {STAND_IN}/lib.nix // {{ nixosSystem = import {STAND_IN}/system.nix {{ inherit lib;"
        f" packagesFor = _: import {STAND_IN}/packages.nix {{ inherit lib; names = [ ]; }}; }}; }}; }}"
    )
    found = evaluated(
        flake,
        f"""
        let self = (import {flake}/flake.nix).outputs {{ inherit self; nixpkgs = {nixpkgs}; }};
            of = name: self.nixosConfigurations.${{name}}.config;
        in lib.genAttrs [ "one" "two" ] (name: {{
          inherit (of name) time;
          networking = {{ inherit ((of name).networking) hostName useDHCP; }};
          stateVersion = (of name).system.stateVersion or null;
          module = toString (of name).environment.etc."cimnet/host.nix".source;
          position = (of name).environment.etc."cimnet/position".text;
        }})""",
    )
    assert found["one"] == {
        "networking": {"hostName": "one", "useDHCP": False},
        "time": {"timeZone": "UTC"},
        "stateVersion": None,
        "module": f"{flake}/hosts/one.nix",
        "position": "118\n",
    }
    assert found["two"]["networking"] == {"hostName": "two", "useDHCP": True}
    assert found["two"]["stateVersion"] == "26.05"


@pytest.mark.parametrize(
    ("app", "arguments"), [("plan", "plan"), ("apply", "apply"), ("rollback", "rollback --to 118")]
)
def test_the_apps_call_the_program_that_is_installed(flake: Path, tmp_path: Path, app: str, arguments: str) -> None:
    text = evaluated(
        flake,
        f"""
        let packages = {{ writeShellScript = name: text: text; }};
            systems = [ "x86_64-linux" "aarch64-linux" ];
            nixpkgs = {{ inherit lib; legacyPackages = lib.genAttrs systems (_: packages); }};
            self = (import {flake}/flake.nix).outputs {{ inherit self nixpkgs; }};
        in self.apps.x86_64-linux.{app}.program""",
    )
    (tmp_path / "cimnet").write_text('#!/bin/sh\necho "$@"\n')
    command = ["/bin/sh", "-c", text, "sh", "--reason", "a b"]
    missing = subprocess.run(command, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)
    assert (missing.returncode, missing.stderr) == (1, "there is no cimnet in PATH; install cimnet-nornir\n")
    (tmp_path / "cimnet").chmod(0o755)
    done = subprocess.run(command, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=True)
    assert done.stdout == f"{arguments} --reason a b\n"


def test_devices_are_typed_options_with_their_configurations(flake: Path) -> None:
    found = evaluated(flake, "{ inherit (config.cimnet) routers switches; }")
    assert found["routers"]["r1"] | {"configFile": ""} == {
        "vendor": "cisco",
        "platform": "ios",
        "management": "192.0.2.1",
        "configFile": "",
    }
    assert found["switches"].keys() == {"sw1"}
    assert found["switches"]["sw1"]["management"] is None
    assert (flake / "devices/r1.cfg").read_text().partition("\n")[2] == "hostname r1\n"
    texts = evaluated(flake, "lib.mapAttrs (_: each: builtins.readFile each.configFile) config.cimnet.switches")
    assert texts == {"sw1": (flake / "devices/sw1.cfg").read_text()}


@pytest.mark.parametrize(
    ("option", "value", "complaint"),
    [
        ("cimnet.routers.r1.vendor", 5, "`cimnet.routers.r1.vendor' is to be a text"),
        ("cimnet.routers.r2.configFile", "relative", "is to be an absolute path"),
        ("cimnet.switches.sw1.vender", "cisco", "`cimnet.switches.sw1.vender' does not exist"),
        ("cimnet.pusher.project", "relative", "is to be a text that matches /.*"),
        ("cimnet.pusher.enable", "yes", "is to be true or false"),
    ],
)
def test_options_take_only_what_they_are_for(flake: Path, option: str, value: Value, complaint: str) -> None:
    module: Value = value
    for name in reversed(option.split(".")):
        module = {name: module}
    with pytest.raises(ValueError, match="error:") as caught:
        evaluated(flake, "config.cimnet", module)
    assert complaint in str(caught.value)


def test_a_host_that_does_not_push_has_the_options_alone(flake: Path) -> None:
    found = evaluated(flake, "{ inherit (config) environment systemd users; }")
    assert found == {"environment": {}, "systemd": {}, "users": {}}


def test_the_service_that_pushes_is_started_by_nothing(flake: Path) -> None:
    found = evaluated(
        flake,
        "{ service = config.systemd.services.cimnet-push // { path = [ ]; }; names = lib.attrNames config.systemd;"
        " services = lib.attrNames config.systemd.services; etc = lib.attrNames config.environment.etc; }",
        {"cimnet": {"pusher": PUSHER}},
    )
    service = found["service"]
    assert (found["names"], found["services"]) == (["services"], ["cimnet-push"])
    assert service["wantedBy"] == []
    assert not service.keys() & {"requiredBy", "upheldBy", "startAt"}
    assert (service["restartIfChanged"], service["stopIfChanged"]) == (False, False)
    assert service["serviceConfig"]["Type"] == "oneshot"
    assert service["serviceConfig"]["ReadWritePaths"] == ["/srv/it's mine"]
    assert found["etc"] == ["cimnet/devices/r1.cfg", "cimnet/devices/sw1.cfg"]


def script(flake: Path, expression: str, folder: Path, **settings: Value) -> Path:
    """A script of the module, with a stand-in for cimnet that tells how it is called."""
    package: Value = {"type": "derivation", "name": "cimnet", "outPath": str(folder)}
    text = evaluated(flake, expression, {"cimnet": {"pusher": {**PUSHER, "package": package, **settings}}})
    (folder / "bin").mkdir()
    (folder / "bin/cimnet").write_text('#!/bin/sh\nfor each in "$@"; do echo "$each"; done\n')
    (folder / "bin/cimnet").chmod(0o755)
    path = folder / "script"
    path.write_text("#!/bin/sh\n" + text.replace("/run/current-system", f"{folder}/system"))
    return path


def test_what_the_service_runs_is_the_approved_plan(flake: Path, tmp_path: Path) -> None:
    command = script(flake, "config.systemd.services.cimnet-push.script", tmp_path, reason="it's time")
    said = subprocess.run(["sh", command], capture_output=True, text=True, check=True).stdout.splitlines()
    assert said == ["--project", "/srv/it's mine", "apply", "/srv/it's mine/a.plan", "--yes", "--reason", "it's time"]


ROLLBACK = "(lib.head config.environment.systemPackages).text"


def generation(folder: Path, position: str) -> None:
    (folder / "etc/cimnet").mkdir(parents=True)
    (folder / "etc/cimnet/position").write_text(position)


def test_a_rolled_back_host_takes_the_intent_back_to_what_it_was_built_from(flake: Path, tmp_path: Path) -> None:
    command = script(flake, ROLLBACK, tmp_path, user=getuser())
    generation(tmp_path / "system", "118\n")
    done = subprocess.run(["sh", command, "--check"], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["--project", "/srv/it's mine", "rollback", "--to", "118", "--check"]


def test_intent_goes_back_to_the_generation_that_is_named(flake: Path, tmp_path: Path) -> None:
    command = script(flake, ROLLBACK, tmp_path, user=getuser())
    command.write_text(command.read_text().replace("/nix/var", f"{tmp_path}/var"))
    generation(tmp_path / "var/nix/profiles/system-41-link", "97\n")
    done = subprocess.run(["sh", command, "41", "--apply", "--yes"], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[2:] == ["rollback", "--to", "97", "--apply", "--yes"]


def test_root_takes_intent_back_as_the_user_of_the_project(flake: Path, tmp_path: Path) -> None:
    command = script(flake, ROLLBACK, tmp_path, user="somebody-else")
    generation(tmp_path / "system", "118\n")
    (tmp_path / "system/sw/bin").mkdir(parents=True)
    (tmp_path / "system/sw/bin/runuser").write_text('#!/bin/sh\necho "$@"\n')
    (tmp_path / "system/sw/bin/runuser").chmod(0o755)
    done = subprocess.run(["sh", command], capture_output=True, text=True, check=True)
    assert done.stdout.startswith(f"-u somebody-else -- {tmp_path}/bin/cimnet --project ")


def test_intent_is_taken_back_with_the_credentials_of_the_service(flake: Path, tmp_path: Path) -> None:
    credentials = tmp_path / "it's secret.env"
    said = (
        "# ours",
        "",
        "CIMNET_USERNAME=ann",
        'CIMNET_PASSWORD="a $(exit 9) \'b=c"',
        "CIMNET_ENABLE='x y'",
        "1A=z",
        "E=f",
    )
    credentials.write_text("\n".join(said))
    command = script(flake, ROLLBACK, tmp_path, user=getuser(), environmentFile=str(credentials))
    generation(tmp_path / "system", "118\n")
    (tmp_path / "bin/cimnet").write_text("#!/bin/sh\nenv\n")
    done = subprocess.run(["sh", command, "--apply"], capture_output=True, text=True, check=True)
    ours = ("CIMNET_U", "CIMNET_P", "CIMNET_E", "1A", "E=")
    told = {line for line in done.stdout.splitlines() if line.startswith(ours)}
    assert told == {"CIMNET_USERNAME=ann", "CIMNET_PASSWORD=a $(exit 9) 'b=c", "CIMNET_ENABLE=x y", "E=f"}
    credentials.unlink()
    subprocess.run(["sh", command, "--check"], capture_output=True, text=True, check=True)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [([], "system does not say which event it was built from"), (["4x"], "4x is no number of a generation")],
)
def test_a_generation_that_cannot_be_is_told_in_one_line(
    flake: Path, tmp_path: Path, arguments: list[str], complaint: str
) -> None:
    command = script(flake, ROLLBACK, tmp_path)
    done = subprocess.run(["sh", command, *arguments], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert complaint in done.stderr


def test_one_host_pushes(flake: Path, flake_check: "FlakeCheck") -> None:
    (flake / "site").mkdir()
    (flake / "site/one.nix").write_text("{ ... }: { cimnet.pusher.enable = true; }")
    assert flake_check(flake).returncode == 0
    (flake / "site/two.nix").write_text("{ ... }: { cimnet.pusher.enable = true; }")
    done = flake_check(flake)
    assert done.returncode == 1
    assert "more than one host pushes: one, two" in done.stderr
