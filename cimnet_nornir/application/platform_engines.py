"""Several platforms behind one engine: what is about a device goes to the engine of its platform."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from cimnet_nornir.application.ports import ConfigurationEngine, ConfigurationReader
from cimnet_nornir.domain.capabilities import Protection
from cimnet_nornir.domain.comparison import Comparison, Path
from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.network import Network
from cimnet_nornir.domain.reading import Identity, Reading, SourceLine
from cimnet_nornir.domain.validation import AnyRule
from cimnet_nornir.errors import ConfigurationError, RenderError


@dataclass(frozen=True, slots=True)
class PlatformEngines:
    """The engines by platform. `usual` takes what names no device: texts of which only the form is asked."""

    usual: ConfigurationEngine
    by_platform: Mapping[str, ConfigurationEngine]

    def of(self, device: Device) -> ConfigurationEngine:
        """The engine of a device. Raises RenderError where no driver serves its platform."""
        return self._of(device.details.platform, device.name)

    def _of(self, platform: str, name: str) -> ConfigurationEngine:
        found = self.by_platform.get(platform)
        if found is None:
            raise RenderError(no_driver(name, platform, self.by_platform), subject=name)
        return found

    def _each(self) -> tuple[ConfigurationEngine, ...]:
        """Every engine once, the usual one first."""
        return tuple({id(engine): engine for engine in (self.usual, *self.by_platform.values())}.values())

    @property
    def templates(self) -> str:
        """The digest of all templates, of all platforms."""
        return "sha256:" + hashlib.sha256(self.archive).hexdigest()

    @property
    def archive(self) -> bytes:
        """The bundles of all platforms, by the digest of each."""
        bundles = {engine.templates: engine.archive.decode(errors="replace") for engine in self._each()}
        return json.dumps(bundles, sort_keys=True).encode()

    @property
    def rules(self) -> tuple[AnyRule, ...]:
        """The rules of every platform, each once."""
        return tuple({rule.id: rule for engine in self._each() for rule in engine.rules}.values())

    def render(self, device: Device, network: Network) -> str:
        """The intended configuration. Raises RenderError."""
        return self.of(device).render(device, network)

    def compare(self, device: Device, running: str, intended: str, *, formerly: str | None = None) -> Comparison:
        """What takes running to intended. Raises ConfigurationError, RenderError."""
        return self.of(device).compare(device, running, intended, formerly=formerly)

    def candidate(
        self, device: Device, running: str, intended: str, *, formerly: str | None = None, replace: bool = False
    ) -> str:
        """A file for the device to merge, or to run instead. Raises ConfigurationError, RenderError."""
        return self.of(device).candidate(device, running, intended, formerly=formerly, replace=replace)

    def protection(self, device: Device, running: str) -> Protection:
        """What takes a push back. Raises ConfigurationError, RenderError."""
        return self.of(device).protection(device, running)

    def site_paths(self, device: Device, network: Network) -> frozenset[Path]:
        """The lines that only the site's own templates bring. Raises RenderError."""
        return self.of(device).site_paths(device, network)

    def site_causes(self, device: Device, network: Network) -> Mapping[Path, str]:
        """The template that each of these lines comes from. Raises RenderError."""
        return self.of(device).site_causes(device, network)

    def prepare(self, device: Device, text: str) -> None:
        """Read a configuration ahead. Raises ConfigurationError, RenderError."""
        self.of(device).prepare(device, text)

    def lines(self, device: Device, text: str) -> frozenset[Path]:
        """Every line of a configuration as it is compared. Raises ConfigurationError, RenderError."""
        return self.of(device).lines(device, text)

    def with_unshown(self, text: str, other: str | None) -> str:
        """A configuration with the lines that no device shows, as another one has them."""
        return self.usual.with_unshown(text, other)

    def reveal(self, text: str) -> str:
        """The text with its secrets. Raises ConfigurationError where one is not there."""
        return self.usual.reveal(text)

    def unplanned(self, diff: str, running: str, candidate: str) -> tuple[str, ...]:
        """The lines of a device's own difference that are not ours."""
        return self.usual.unplanned(diff, running, candidate)

    def paths(self, text: str) -> tuple[Path, ...]:
        """Each line of a rendered configuration with its sections."""
        return self.usual.paths(text)

    def stable(self, text: str) -> str:
        """A configuration without the lines that change by themselves."""
        return self.usual.stable(text)

    def mask(self, text: str) -> str:
        """The text without what any platform takes for a secret."""
        for engine in self._each():
            text = engine.mask(text)
        return text

    def identify(self, text: str) -> Identity:
        """Whose configuration it is. Raises ConfigurationError where the usual platform cannot read."""
        return self._reader(self.usual).identify(text)

    def read(self, text: str, *, name: str, details: DeviceDetails, place: str) -> Reading:
        """The intent that a configuration of that platform expresses. Raises ConfigurationError, RenderError."""
        return self._reader(self._of(details.platform, name)).read(text, name=name, details=details, place=place)

    def account(self, text: str, reading: Reading) -> tuple[SourceLine, ...]:
        """Each line of a configuration with what became of it. Raises ConfigurationError."""
        return self._reader(self.of(reading.device)).account(text, reading)

    def adopting(self, device: Device, running: str, intended: str, chosen: Collection[Path]) -> tuple[str, str]:
        """The intended configuration, and the same with what runs at the chosen places. Raises ConfigurationError."""
        return self._reader(self.of(device)).adopting(device, running, intended, chosen)

    def leaving(
        self, device: Device, running: str, intended: str, chosen: Collection[Path], *, formerly: str | None = None
    ) -> str:
        """What `compare` takes running to where it leaves the chosen places as they run. Raises ConfigurationError."""
        return self._reader(self.of(device)).leaving(device, running, intended, chosen, formerly=formerly)

    @staticmethod
    def _reader(engine: ConfigurationEngine) -> ConfigurationReader:
        if not isinstance(engine, ConfigurationReader):
            raise ConfigurationError("the driver of this platform cannot read configurations in", subject="platform")
        return engine


def no_driver(name: str, platform: str, known: Mapping[str, object]) -> str:
    """The line about a device whose platform no driver serves."""
    served = ", ".join(sorted(known))
    return f"{name} runs {platform!r}, which no platform driver serves; installed ones serve {served}"
