"""RIP as a configuration tells it."""

import re
from typing import Final

from cimnet_nornir.domain.features.rip import Rip
from cimnet_nornir.ios.reading.draft import Draft
from cimnet_nornir.ios.reading.processes import filters, processes, redistributed, silence, without_nothing
from cimnet_nornir.ios.tree import Config

_PROCESS: Final = re.compile(r"router rip")


def read(config: Config, draft: Draft) -> None:
    """Take in the one process."""
    for _, said in processes(config, _PROCESS):
        told = {
            **silence(said),
            "distribute_lists": filters(said),
            "networks": tuple(said.each("network")),
            "redistribution": tuple({"source": source, **more} for source, more in redistributed(said)),
            "default_originate": said.has("default-information originate"),
            "distance": said.after("distance"),
            "maximum_paths": said.after("maximum-paths"),
            "auto_summary": not said.has("no auto-summary"),
        }
        version = said.after("version")
        draft.add(Rip, version=int(version) if version else None, **without_nothing(told))
