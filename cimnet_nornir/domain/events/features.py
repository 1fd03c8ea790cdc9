"""What happened to the settings of a device's features."""

from typing import Annotated

from pydantic import Field

from cimnet_nornir.domain.envelope import Event
from cimnet_nornir.domain.features.model import AnySetting

FeatureName = Annotated[str, Field(min_length=1, max_length=63)]


class FeatureConfigured(Event):
    """A setting is to be as told; one of the same feature and key gives way to it."""

    setting: AnySetting


class FeatureRemoved(Event):
    """The intent for a setting is gone; `key` tells it from others of the feature."""

    feature: FeatureName
    key: str = ""


EVENTS: tuple[type[Event], ...] = (FeatureConfigured, FeatureRemoved)
