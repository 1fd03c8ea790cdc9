"""The features of a device beyond its base: a setting is a value, and what it may be is listed here by name.

A module an area; classes are imported when one of their feature is met, since there are many.
"""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from cimnet_nornir.errors import InvalidValue

if TYPE_CHECKING:
    from cimnet_nornir.domain.features.model import Setting

# The order is that of a rendered configuration.
FEATURES: Mapping[str, str] = {
    "configuration-block": "blocks:ConfigurationBlock",
}
"""Module and class of each feature, in the order in which a configuration shows them."""


@cache
def setting_class(feature: str) -> "type[Setting]":
    """The class of a feature's settings. Raises InvalidValue for a feature that is not known."""
    place = FEATURES.get(feature)
    if place is None:
        near = get_close_matches(feature, FEATURES, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise InvalidValue(f"there is no feature {feature!r}{hint}", subject=feature)
    module, _, name = place.partition(":")
    found: type[Setting] = getattr(import_module(f"{__name__}.{module}"), name)
    return found


def all_features() -> "Iterator[type[Setting]]":
    """The classes of all features, in order."""
    return (setting_class(feature) for feature in FEATURES)
