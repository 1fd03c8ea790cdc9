"""The platform drivers that are installed, and one engine over all that they serve."""

from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import TYPE_CHECKING

from cimnet_nornir.application.ports import PLATFORM_DRIVERS, ConfigurationEngine, PlatformDriver
from cimnet_nornir.bootstrap.own_code import said
from cimnet_nornir.domain.platforms import add_platforms
from cimnet_nornir.errors import SettingsError

if TYPE_CHECKING:
    from cimnet_nornir.application.platform_engines import PlatformEngines

PACKAGED = "ios"


def platform_engine(templates: Path | None, secrets: Callable[[str], str | None]) -> ConfigurationEngine:
    """The engine of all platforms that drivers serve; that of IOS itself where there is no other driver.

    Raises SettingsError where a driver cannot be loaded, is none, or serves what another one serves already;
    RenderError where templates cannot be read.
    """
    from cimnet_nornir.ios.driver import DRIVER

    usual = DRIVER.engine(templates, secrets)
    others = tuple(_drivers())
    return _together(usual, others, templates, secrets) if others else usual


def _together(
    usual: ConfigurationEngine,
    others: tuple[tuple[str, PlatformDriver], ...],
    templates: Path | None,
    secrets: Callable[[str], str | None],
) -> "PlatformEngines":
    from cimnet_nornir.application.platform_engines import PlatformEngines
    from cimnet_nornir.ios.driver import DRIVER

    engines: dict[str, ConfigurationEngine] = dict.fromkeys(DRIVER.platforms, usual)
    for source, driver in others:
        twice = sorted(set(driver.platforms) & engines.keys())
        if twice:
            raise SettingsError(f"{source} serves {twice[0]!r}, which another driver serves already", subject=source)
        engines |= dict.fromkeys(driver.platforms, driver.engine(templates, secrets))
        add_platforms(driver.vendor, driver.platforms)
    return PlatformEngines(usual, engines)


def _drivers() -> Iterator[tuple[str, PlatformDriver]]:
    """The drivers of other packages, each with what names it in messages."""
    for entry in sorted(entry_points(group=PLATFORM_DRIVERS), key=lambda each: each.name):
        if entry.name != PACKAGED:
            source = f"the platform driver {entry.name} ({entry.value})"
            yield source, _loaded(entry, source)


def _loaded(entry: EntryPoint, source: str) -> PlatformDriver:
    try:
        found: object = entry.load()
    except Exception as error:  # a stranger's code may raise anything
        raise SettingsError(f"{source} cannot be loaded: {said(error, '')}", subject=entry.name) from error
    if not isinstance(found, PlatformDriver):
        raise SettingsError(
            f"{source} is no driver: it needs vendor, platforms and engine(templates, secrets)", subject=entry.name
        )
    return found
