"""The packaged platform driver: Cisco IOS and IOS-XE."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cimnet_nornir.domain.platforms import PLATFORMS
from cimnet_nornir.ios.bundle import TemplateBundle
from cimnet_nornir.ios.engine import IosEngine

_VENDOR = "cisco"


@dataclass(frozen=True, slots=True)
class IosDriver:
    """Makes the engine of IOS and IOS-XE, over the packaged templates and a project's own."""

    vendor: str = _VENDOR
    platforms: tuple[str, ...] = PLATFORMS[_VENDOR]

    def engine(self, templates: Path | None, secrets: Callable[[str], str | None]) -> IosEngine:
        """The engine. Raises RenderError where a template cannot be read."""
        return IosEngine(TemplateBundle.load(templates), secrets)


DRIVER = IosDriver()
