"""Platform drivers of other packages: real distributions in a folder on the path, with entry points of their own."""

from importlib.metadata import entry_points
from pathlib import Path

import pytest

from cimnet_nornir.application.platform_engines import PlatformEngines
from cimnet_nornir.application.ports import PLATFORM_DRIVERS, PlatformDriver
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.bootstrap import network_service
from cimnet_nornir.definition import load_definition
from cimnet_nornir.domain import platforms
from cimnet_nornir.errors import DefinitionError, RenderError, SettingsError
from cimnet_nornir.ios.driver import DRIVER
from cimnet_nornir.ios.engine import IosEngine

NETWORK = """
network: net
devices:
  r1: {kind: router, vendor: cisco, platform: ios, ports: [GigabitEthernet0/0]}
  p1: {kind: router, vendor: plain, platform: plainos, ports: [GigabitEthernet0/0]}
"""
# A device of this platform is told its name, and keeps passwords in lines of their own.
DRIVER_SOURCE = """
import hashlib
import re
from dataclasses import dataclass

from cimnet_nornir.domain.comparison import Comparison


@dataclass(frozen=True)
class Engine:
    archive: bytes = b"plainos 1"
    rules: tuple = ()

    @property
    def templates(self):
        return "sha256:" + hashlib.sha256(self.archive).hexdigest()

    def render(self, device, network):
        return f"name is {device.name}\\n"

    def compare(self, device, running, intended, *, formerly=None):
        return Comparison((), (), "")

    def paths(self, text):
        return tuple((line,) for line in text.splitlines())

    def lines(self, device, text):
        return frozenset(self.paths(text))

    def site_paths(self, device, network):
        return frozenset()

    def stable(self, text):
        return text

    def mask(self, text):
        return re.sub(r"(?m)^word is .*", "word is <masked>", text)


class Driver:
    vendor = "plain"
    platforms = ("plainos",)

    def engine(self, templates, secrets):
        return Engine()


DRIVER = Driver()
NOT_A_DRIVER = object()
"""


def install(folder: Path, name: str, source: str, entry: str) -> None:
    """A distribution as pip leaves it: a module, and a dist-info folder that names its entry points."""
    (folder / f"{name}.py").write_text(source)
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{PLATFORM_DRIVERS}]\n{entry}\n")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(platforms, "_ADDED", {})
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def declared(text: str = NETWORK) -> NetworkService:
    service = network_service("memory:", "net")
    service.declare(load_definition(text, file="network.yaml").desired)
    return service


def test_without_other_drivers_the_engine_is_that_of_ios() -> None:
    service = network_service("memory:", "net")
    assert isinstance(service.engine, IosEngine)
    with pytest.raises(DefinitionError, match="vendor 'plain' is not known; known: cisco"):
        declared()
    service.store.close()


def test_a_driver_that_is_installed_serves_its_platform(site: Path) -> None:
    install(site, "plain_driver", DRIVER_SOURCE, "plain = plain_driver:DRIVER")
    service = declared()
    texts = service.render()
    assert texts["p1"] == "name is p1\n"
    assert texts["r1"].startswith("hostname r1\n")
    masked = service.engine.mask("word is secret\nenable secret 0 other\n")
    assert "secret\n" not in masked
    assert "other" not in masked
    service.store.close()


def test_the_digest_of_templates_covers_every_driver(site: Path) -> None:
    alone = network_service("memory:", "net").engine.templates
    install(site, "plain_driver", DRIVER_SOURCE, "plain = plain_driver:DRIVER")
    together = network_service("memory:", "net").engine
    assert isinstance(together, PlatformEngines)
    assert together.templates != alone
    assert together.templates == network_service("memory:", "net").engine.templates
    assert alone in together.archive.decode()


def test_a_device_whose_driver_is_gone_is_told_of_in_one_line(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(site, "plain_driver", DRIVER_SOURCE, "plain = plain_driver:DRIVER")
    service = declared()
    monkeypatch.undo()
    again = network_service(service.store, "net")
    with pytest.raises(RenderError) as refused:
        again.render(["p1"])
    assert str(refused.value) == "p1 runs 'plainos', which no platform driver serves; installed ones serve ios, iosxe"
    service.store.close()


def test_a_device_of_yet_another_platform_is_told_what_is_served(site: Path) -> None:
    install(site, "plain_driver", DRIVER_SOURCE, "plain = plain_driver:DRIVER")
    with pytest.raises(DefinitionError, match="platform 'fancyos' of plain is not known; known: plainos"):
        declared(NETWORK.replace("plainos", "fancyos"))


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (
            "x = plain_driver:MISSING",
            r"the platform driver x \(plain_driver:MISSING\) cannot be loaded: AttributeError",
        ),
        ("x = no_such_module:X", "cannot be loaded: ModuleNotFoundError: No module named 'no_such_module'"),
        ("x = plain_driver:NOT_A_DRIVER", "is no driver: it needs vendor, platforms and engine"),
        (
            "x = cimnet_nornir.ios.driver:DRIVER",
            r"the platform driver x \(cimnet_nornir.ios.driver:DRIVER\) serves 'ios', which another driver serves",
        ),
    ],
)
def test_a_driver_that_cannot_be_is_told_of_by_name(site: Path, entry: str, words: str) -> None:
    install(site, "plain_driver", DRIVER_SOURCE, entry)
    with pytest.raises(SettingsError, match=words):
        network_service("memory:", "net")


def test_the_packaged_driver_is_one_like_the_others() -> None:
    assert isinstance(DRIVER, PlatformDriver)
    assert DRIVER.platforms == ("ios", "iosxe")
    for entry in entry_points(group=PLATFORM_DRIVERS, name="ios"):
        assert entry.load() is DRIVER
