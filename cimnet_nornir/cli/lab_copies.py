"""What `cimnet lab up --running` boots devices with."""

from pathlib import Path
from typing import TYPE_CHECKING

from cimnet_nornir.cli.options import Options, near
from cimnet_nornir.cli.output import count, note

if TYPE_CHECKING:
    from collections.abc import Mapping


def copies_for(options: Options, running: Path | None) -> "Mapping[str, str]":
    """By device the configuration that it is to boot with."""
    if running is None:
        return {}
    from cimnet_nornir.application.import_files import read_sources
    from cimnet_nornir.application.rehearsing import copies_of

    copies = copies_of(options.service, read_sources((running,)))
    others = sum(1 for device in options.service.network().devices.values() if not device.is_host) - len(copies)
    rest = f"; {count(others, 'other')} {'boots' if others == 1 else 'boot'} as before" if others else ""
    note(f"{count(len(copies), 'device')} {'runs' if len(copies) == 1 else 'run'} what is in {near(running)}{rest}")
    return copies
