"""The configuration of a switch port that is to carry a VLAN, or carries it no more."""

from cimnet_nornir.domain.layer2 import DEFAULT_VLAN, Framing, framing
from cimnet_nornir.domain.values import AccessMode, PortConfiguration, TrunkMode
from cimnet_nornir.errors import RuleViolated


def trunk_end_with(own: PortConfiguration | None, other: PortConfiguration | None, vlan: int) -> PortConfiguration:
    """A port at one end of a link between switches, as a trunk that carries a VLAN."""
    present = own or PortConfiguration()
    if isinstance(present.switching, AccessMode):
        # Both ends are access ports of the VLAN: it crosses untagged.
        return present
    mode = next((port.switching for port in (own, other) if port and isinstance(port.switching, TrunkMode)), None)
    # Until now VLAN 1 crossed a link that nobody configured, and may be what a switch is managed by.
    mode = mode or TrunkMode(native_vlan=DEFAULT_VLAN, allowed=frozenset({DEFAULT_VLAN}))
    return present.model_copy(update={"switching": _allowing(mode, vlan)})


def _allowing(mode: TrunkMode, vlan: int) -> TrunkMode:
    return mode if mode.allowed is None else mode.model_copy(update={"allowed": mode.allowed | {vlan}})


def edge_port_with(port: PortConfiguration | None, vlan: int, *, where: str) -> PortConfiguration:
    """A switch port towards a server, as a trunk that carries a VLAN tagged; what came untagged stays untagged.

    An access port becomes a trunk whose native VLAN is the one it had. Raises RuleViolated, with `where` as its
    subject, where the port is shut, or already carries the VLAN untagged.
    """
    present = port or PortConfiguration()
    if not present.enabled:
        raise RuleViolated(f"{where} is shut; enable it first", subject=where)
    mode = present.switching
    if framing(present, vlan) is Framing.UNTAGGED or (isinstance(mode, TrunkMode) and mode.native_vlan == vlan):
        raise RuleViolated(f"{where} has VLAN {vlan} untagged; make it a trunk with another native VLAN", subject=where)
    if not isinstance(mode, TrunkMode):
        native = mode.vlan if mode is not None else DEFAULT_VLAN
        mode = TrunkMode(native_vlan=native, allowed=frozenset({native}))
    return present.model_copy(update={"switching": _allowing(mode, vlan)})


def made_trunk(vlan: int) -> PortConfiguration:
    """What `trunk_end_with` makes of both ends of a link that nobody configured."""
    return trunk_end_with(None, None, vlan)


def port_without(port: PortConfiguration | None, vlan: int) -> PortConfiguration | None:
    """A port without a VLAN in the list that its trunk allows; any other port as it is."""
    mode = port.switching if port is not None else None
    if port is None or not isinstance(mode, TrunkMode) or mode.allowed is None:
        return port
    return port.model_copy(update={"switching": mode.model_copy(update={"allowed": mode.allowed - {vlan}})})
