"""What one line is called on one image and on another: the spelling of the image is what is compared and sent."""

import re
from collections.abc import Callable

from cimnet_nornir.ios.profiles import Profile

_EDGE = re.compile(
    r"(?P<head>(?:no )?spanning-tree portfast)(?P<rest>| trunk| default| bpduguard default| bpdufilter default)"
)
_ON = re.compile(r"(?P<head>channel-group \d+)(?: mode on)?")


def spelled(text: str, profile: Profile) -> str:
    """A canonical line as the image of a profile shows it."""
    for word, spell in _SPELLINGS:
        if text.startswith(word):
            return spell(text, profile)
    return text


def _portfast(text: str, profile: Profile) -> str:
    """`no spanning-tree portfast` is the same everywhere; where ports have kinds, the others tell theirs."""
    match = _EDGE.fullmatch(text)
    if match is None or not profile.traits.portfast_edge or (text.startswith("no ") and not match["rest"]):
        return text
    return f"{match['head']} edge{match['rest']}"


def _channel_group(text: str, profile: Profile) -> str:
    """Ports of a router that form a channel without a protocol tell no mode."""
    match = _ON.fullmatch(text)
    if match is None:
        return text
    return f"{match['head']} mode on" if profile.switches else match["head"]


_SPELLINGS: tuple[tuple[str, Callable[[str, Profile], str]], ...] = (
    ("spanning-tree portfast", _portfast),
    ("no spanning-tree portfast", _portfast),
    ("channel-group", _channel_group),
)
