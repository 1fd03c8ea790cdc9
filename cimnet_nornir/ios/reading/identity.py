"""The name of a device, and whether a switch routes."""

from cimnet_nornir.ios.reading.draft import Draft
from cimnet_nornir.ios.tree import Config


def read(config: Config, draft: Draft) -> None:
    """Take in the host name; a device without one keeps the name that it was read under."""
    for node in config.nodes:
        word, _, name = node.text.partition(" ")
        if word == "hostname" and name:
            draft.device.name = name
