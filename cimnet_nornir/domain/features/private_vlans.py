"""Private VLANs: parts of a VLAN whose ports do not all reach one another (Catalyst "Configuring Private VLANs")."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from cimnet_nornir.domain.features.model import InterfaceSetting
from cimnet_nornir.domain.features.switching import PortSetting, SwitchSetting
from cimnet_nornir.domain.interfaces import format_vlan_list, interface_type
from cimnet_nornir.domain.requirements import require_switch, require_vlan
from cimnet_nornir.domain.values import CreatableVlanId, VlanId, VlanSet
from cimnet_nornir.errors import InvalidValue, RuleViolated

if TYPE_CHECKING:
    from cimnet_nornir.domain.device import Device

Secondaries = Annotated[VlanSet, Field(min_length=1)]


class PrivateVlan(SwitchSetting):
    """What a VLAN is among private ones: the primary, with those that are part of it, or one of its parts.

    Ports of an isolated one reach promiscuous ports alone, those of a community one another as well.
    """

    FEATURE: ClassVar[str] = "private-vlan"
    KEY: ClassVar[tuple[str, ...]] = ("vlan",)

    vlan: CreatableVlanId
    kind: Literal["primary", "isolated", "community"]
    association: VlanSet = frozenset()

    @model_validator(mode="after")
    def _primaries_have_parts(self) -> "PrivateVlan":
        if self.association and self.kind != "primary":
            raise InvalidValue(f"VLAN {self.vlan} is {self.kind}; only a primary VLAN has parts", subject="association")
        return self

    def check(self, device: "Device") -> None:
        """Refuse VLANs that are not there, and parts that are no secondary VLANs or of two primaries.

        Raises VlanNotFound, RuleViolated.
        """
        super().check(device)
        require_vlan(device, self.vlan, "what is said of it")
        others = [each for each in device.settings_of(self.FEATURE) if isinstance(each, PrivateVlan)]
        kinds = {each.vlan: each.kind for each in others}
        for vlan in sorted(self.association):
            if kinds.get(vlan, "primary") == "primary":
                self._refuse(device, f"VLAN {vlan} is neither isolated nor a community; say which")
            if any(vlan in each.association for each in others if each.vlan != self.vlan):
                self._refuse(device, f"VLAN {vlan} is part of another primary VLAN, too")
        if sum(kinds[vlan] == "isolated" for vlan in self.association) > 1:
            self._refuse(device, "a primary VLAN has one isolated VLAN at most")

    def _refuse(self, device: "Device", why: str) -> None:
        where = f"{device.name} VLAN {self.vlan}"
        raise RuleViolated(f"{where}: {why}", subject=where)


class PrivateVlanPort(PortSetting):
    """A port in private VLANs: a host in one part of a primary VLAN, or promiscuous, which all hosts reach."""

    FEATURE: ClassVar[str] = "private-vlan-port"

    mode: Literal["host", "promiscuous"]
    primary: VlanId
    secondary: Secondaries

    @model_validator(mode="after")
    def _a_host_is_in_one(self) -> "PrivateVlanPort":
        if self.mode == "host" and len(self.secondary) > 1:
            raise InvalidValue("a host is in one secondary VLAN", subject="secondary")
        return self

    def check(self, device: "Device") -> None:
        """Refuse it where the port has a mode, and for parts that the primary VLAN does not have.

        Raises PortNotFound, RuleViolated.
        """
        super().check(device)
        port = device.switch_ports.get(self.interface)
        where = f"{device.name} {self.interface}"
        if port is not None and port.switching is not None:
            raise RuleViolated(f"{where} is an access port or a trunk; leave its mode out", subject=where)
        require_parts(device, where, self.primary, self.secondary)


class PrivateVlanGateway(InterfaceSetting):
    """The parts of a primary VLAN that its SVI routes for."""

    FEATURE: ClassVar[str] = "private-vlan-gateway"

    secondary: Secondaries

    def check(self, device: "Device") -> None:
        """Refuse it on anything but the SVI of a primary VLAN with these parts. Raises PortNotFound, RuleViolated."""
        require_switch(device)
        super().check(device)
        where = f"{device.name} {self.interface}"
        if interface_type(self.interface) != "Vlan":
            raise RuleViolated(f"{where} is no SVI, which alone routes for private VLANs", subject=where)
        require_parts(device, where, int(self.interface.removeprefix("Vlan")), self.secondary)


def require_parts(device: "Device", where: str, primary: int, secondary: frozenset[int]) -> None:
    """Refuse parts that a primary VLAN does not have. Raises RuleViolated."""
    found = device.setting(PrivateVlan.FEATURE, str(primary))
    parts = found.association if isinstance(found, PrivateVlan) else frozenset()
    missing = secondary - parts
    if missing:
        raise RuleViolated(
            f"{where}: VLAN {primary} has no part {format_vlan_list(missing)}; say so by private-vlan", subject=where
        )
