"""What readers fill in: a device as far as it was understood. What they get wrong is found by rendering it again."""

import re
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from cimnet_nornir.domain.device import Device
from cimnet_nornir.domain.features.model import Setting, read_setting, told_setting
from cimnet_nornir.domain.features.per_vrf import PerVrfSetting, beside
from cimnet_nornir.errors import ConfigurationError, InvalidValue
from cimnet_nornir.ios.profiles import Profile
from cimnet_nornir.ios.references import Resolver

# File systems end at 255, and a number may follow.
_LONGEST_NAME = 200
_NO_NAME = re.compile(r"[^A-Za-z0-9_.-]+")


@dataclass(slots=True)
class Draft:
    """The device that readers fill in, and the secrets that they moved out of it.

    `place` is what references to the moved secrets begin with: "file:inventory/secrets/r1/".
    """

    device: Device
    profile: Profile
    place: str
    kept: Resolver = lambda _: None
    secrets: dict[str, str] = field(default_factory=dict, repr=False)

    def add(self, kind: type[Setting], /, **fields: Any) -> Setting | None:
        """Take in a setting; where its values do not fit it is left out, and its lines are adopted word for word."""
        try:
            # What events keep of it is read ever after: one that could not be read again would close the whole store.
            setting = read_setting(told_setting(kind.model_validate(fields)))
        except (ValidationError, InvalidValue):
            return None
        for each in beside(setting, self.device.features) if isinstance(setting, PerVrfSetting) else (setting,):
            self.device.features[each.identity] = each
        return setting

    def moved(self, secret: str, name: str) -> str:
        """The reference for a secret that was moved out, with its type where it has one: "9 $9$…".

        `name` says what it is of, "username-admin"; two that have one name, one now and one
        earlier perhaps, are told apart by a number.
        """
        stem = f"{self.place}{_NO_NAME.sub('-', name).strip('-')[:_LONGEST_NAME]}"
        reference, number = stem, 1
        while self._behind(reference) not in (None, secret):
            number += 1
            reference = f"{stem}-{number}"
        self.secrets[reference] = secret
        return reference

    def _behind(self, reference: str) -> str | None:
        """The secret that a reference stands for already: what was intended earlier refers to it."""
        if reference in self.secrets:
            return self.secrets[reference]
        try:
            return self.kept(reference)
        except ConfigurationError:
            return None
