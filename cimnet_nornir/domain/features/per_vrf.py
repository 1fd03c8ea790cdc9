"""Settings of an address that a device may have twice, in two VRFs: servers of time, of logs and of traps."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import model_validator

from cimnet_nornir.domain.features.fields import VrfName
from cimnet_nornir.domain.features.model import Setting
from cimnet_nornir.errors import InvalidValue, RuleViolated

if TYPE_CHECKING:
    from cimnet_nornir.domain.device import Device

_WITH_VRF = re.compile(r"(?P<address>\S+) vrf (?P<vrf>\S+)")


class PerVrfSetting(Setting):
    """A setting that its address tells from others, or its address and VRF.

    The first is the key of all that stand alone, in whatever VRF. One that is beside another of its address is told by
    its VRF too (`by_vrf`), and is written with both: "192.0.2.1 vrf RED".
    """

    vrf: VrfName | None = None
    by_vrf: bool = False

    @property
    def own_key(self) -> str:
        """Its address, with the VRF where that tells it from another."""
        return f"{super().own_key} vrf {self.vrf}" if self.by_vrf else super().own_key

    @model_validator(mode="before")
    @classmethod
    def _written_with_both(cls, told: Any) -> Any:
        match = _WITH_VRF.fullmatch(str(told.get(cls.KEY[0]))) if isinstance(told, Mapping) else None
        if match is None:
            return told
        if told.get("vrf") is not None:
            raise InvalidValue("the VRF stands before the colon already; leave it out here", subject="vrf")
        return {**told, cls.KEY[0]: match["address"], "vrf": match["vrf"], "by_vrf": True}

    @model_validator(mode="after")
    def _is_in_one(self) -> "PerVrfSetting":
        if self.by_vrf and self.vrf is None:
            raise InvalidValue("without a VRF there is none that tells it apart", subject="by_vrf")
        return self

    def check(self, device: "Device") -> None:
        """Refuse the same address twice in one VRF. Raises RuleViolated."""
        super().check(device)
        for other in device.settings_of(self.FEATURE):
            if isinstance(other, PerVrfSetting) and self._is_like(other):
                where = f"in VRF {self.vrf}" if self.vrf else "in no VRF"
                raise RuleViolated(
                    f"{device.name} has {other.identity} {where} already; say it once",
                    subject=f"{device.name} {self.identity}",
                )

    def _is_like(self, other: "PerVrfSetting") -> bool:
        same = getattr(self, self.KEY[0]) == getattr(other, self.KEY[0]) and self.vrf == other.vrf
        return same and self.own_key != other.own_key


def beside(setting: PerVrfSetting, present: Mapping[str, Setting]) -> tuple[PerVrfSetting, ...]:
    """A setting that comes to those that are there, told by its VRF where need be; and who has to be so now."""
    holder = present.get(setting.identity)
    if not isinstance(holder, PerVrfSetting) or holder.vrf == setting.vrf:
        return (setting,)
    if setting.vrf is not None:
        return (setting.model_copy(update={"by_vrf": True}),)
    return (setting, holder.model_copy(update={"by_vrf": True}))
