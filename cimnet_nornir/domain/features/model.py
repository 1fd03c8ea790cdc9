"""What all settings have in common: a piece of intent of a device that is replaced as a whole."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import AfterValidator, PlainSerializer, PlainValidator, WithJsonSchema

from cimnet_nornir.domain.values import InterfaceName, Value
from cimnet_nornir.errors import InvalidValue, PortNotFound

if TYPE_CHECKING:
    from cimnet_nornir.domain.device import Device

_REFERENCE = re.compile(r"(?:env:[A-Za-z_][A-Za-z0-9_]*|file:[^\s<>]+|keyring:[^\s<>]+/[^\s<>]+)")


class Setting(Value):
    """One piece of intent of a device: an NTP server, the clock, a route map.

    `FEATURE` is its stable name in events, definition files and templates; `KEY` names the fields that tell it from
    others of the feature, and is empty where a device has one.
    """

    FEATURE: ClassVar[str] = ""
    KEY: ClassVar[tuple[str, ...]] = ()

    @property
    def own_key(self) -> str:
        """What tells it from others of its feature, as text: "192.0.2.1", "Vlan10 5"; "" where a device has one."""
        return " ".join(str(value) for name in self.KEY if (value := getattr(self, name)) is not None)

    @property
    def identity(self) -> str:
        """What tells it from all other settings of a device: its feature and key, "ntp-server 192.0.2.1"."""
        return identity_of(self.FEATURE, self.own_key)

    def check(self, device: "Device") -> None:
        """Refuse what does not fit the rest of the device: looked at when all commands of a change are decided.

        Raises RuleViolated, NotFound or one of their kind.
        """


def identity_of(feature: str, key: str) -> str:
    """The identity of the setting of that feature and key."""
    return f"{feature} {key}".rstrip()


class InterfaceSetting(Setting):
    """A setting of an interface, which has to be there."""

    KEY: ClassVar[tuple[str, ...]] = ("interface",)

    interface: InterfaceName

    def check(self, device: "Device") -> None:
        """Refuse an interface that the device does not have. Raises PortNotFound."""
        if not has_interface(device, self.interface):
            raise PortNotFound(
                f"{device.name} has no interface {self.interface}, which {self.FEATURE} is said of",
                subject=f"{device.name} {self.interface}",
            )


def has_interface(device: "Device", name: str) -> bool:
    """Whether a device has an interface: a port of the hardware, or one that its intent makes."""
    if name in device.interfaces or name in device.switch_ports or name in device.ports:
        return True
    number = name.removeprefix("Port-channel")
    return number != name and number.isdecimal() and int(number) in device.port_channels


def _reference(value: str) -> str:
    if not _REFERENCE.fullmatch(value):
        # The value itself is not told: it may well be the secret.
        raise InvalidValue(
            "a secret is given by reference: env:NAME, file:PATH or keyring:SERVICE/NAME", subject="secret"
        )
    return value


SecretReference = Annotated[str, AfterValidator(_reference)]
"""Where a secret is found: never the secret itself."""


def read_setting(value: object) -> Setting:
    """A setting from what events keep of it: its fields, and its feature's name as `feature`.

    Raises InvalidValue for a feature that is not known, ValidationError for fields that do not fit.
    """
    from cimnet_nornir.domain.features import setting_class

    if isinstance(value, Setting):
        return value
    if not isinstance(value, Mapping) or not isinstance(value.get("feature"), str):
        raise InvalidValue("a setting names its feature", subject="feature")
    kind = setting_class(value["feature"])
    return kind.model_validate({name: item for name, item in value.items() if name != "feature"})


def told_setting(setting: Setting) -> dict[str, Any]:
    """What events keep of a setting."""
    return {"feature": setting.FEATURE, **setting.model_dump(mode="json")}


AnySetting = Annotated[
    Setting,
    PlainValidator(read_setting),
    PlainSerializer(told_setting, return_type=dict[str, Any]),
    WithJsonSchema({"type": "object", "required": ["feature"], "properties": {"feature": {"type": "string"}}}),
]
"""A setting of whatever feature, where events and snapshots keep it."""
