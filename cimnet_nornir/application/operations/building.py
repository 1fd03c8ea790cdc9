"""What the facade can do to set a network up: the network itself, its devices, cables, ports and interfaces."""

from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network
from typing import Any

from cimnet_nornir.application.changes import ChangeResult
from cimnet_nornir.application.operations.addressing import Addressing
from cimnet_nornir.application.operations.asking import asked, device_id, several
from cimnet_nornir.domain import commands as c
from cimnet_nornir.domain.events import DeviceDetails
from cimnet_nornir.domain.interfaces import expand_interfaces
from cimnet_nornir.domain.values import (
    AccessMode,
    Endpoint,
    HostInterfaceConfiguration,
    OspfInterface,
    PortConfiguration,
    RoutedInterface,
    StaticRoute,
    TrunkMode,
)
from cimnet_nornir.errors import InvalidValue

Ports = int | str | Sequence[str]
"""Ports by their number (48), as a range ("GigabitEthernet1/0/1-48", "Gi1/0/1-24,Te1/1/1-4"), or one by one."""

SWITCH_PORTS = "GigabitEthernet1/0/{number}"
"""What `ports=48` makes of a switch: GigabitEthernet1/0/1 to 48, as a stackable Catalyst counts (slot 1, module 0)."""
ROUTER_PORTS = "GigabitEthernet0/0/{number}"
"""What `ports=3` makes of a router: GigabitEthernet0/0/0 to 2, as an ISR 4000 counts them."""
MOST_PORTS = 1024
"""The most that a number of ports may be, as of a range of them; a modular chassis has fewer."""
_FIRST_SWITCH_PORT, _FIRST_ROUTER_PORT = 1, 0


class Building(Addressing):
    """What sets a network up, a request each. Devices are meant by their host names; a new one has its name as its id.

    Whatever a rule refuses raises a DomainError, whatever cannot be an InvalidValue; nothing is recorded then.
    """

    def create_network(self, name: str, prefix: str | IPv4Network | IPv6Network | None = None) -> ChangeResult:
        """Create a network, and with a prefix an address pool of the same name out of which subnets are allocated.

        A service that was made for no network yet is for this one from now on. Raises AlreadyExists, RuleViolated where
        the service is for another network.
        """
        pool = None if prefix is None else asked(c.CreatePool, pool=name, prefix=prefix)
        command = asked(c.CreateNetwork, name=name)
        self.network_name = self.network_name or name
        result = self.execute(command, command="create network", arguments={"name": name, "prefix": _text(prefix)})
        if pool is not None:
            self.create_pool(name, pool.prefix)
        return result

    # --- devices ------------------------------------------------------------------------------------------------------

    def add_router(
        self,
        name: str,
        *,
        ports: Ports = (),
        platform: str = "iosxe",
        model: str = "",
        role: str = "",
        site: str = "",
        management: str | None = None,
    ) -> ChangeResult:
        """Add a router. A number of ports makes GigabitEthernet0/0/0 and so on; another model's are named."""
        details = _details("cisco", platform, model=model, role=role, site=site, management=management)
        names = _port_names(ports, ROUTER_PORTS, _FIRST_ROUTER_PORT)
        return self._add(asked(c.AddRouter, device=name, name=name, details=details, ports=names))

    def add_switch(
        self,
        name: str,
        *,
        ports: Ports = (),
        routing: bool = False,
        platform: str = "iosxe",
        model: str = "",
        role: str = "",
        site: str = "",
        management: str | None = None,
    ) -> ChangeResult:
        """Add a switch; with `routing` one of layer 3. `ports=48` makes GigabitEthernet1/0/1 to 1/0/48.

        Another model's ports are named: `ports="FastEthernet0/1-24,GigabitEthernet0/1-2"`.
        """
        details = _details("cisco", platform, model=model, role=role, site=site, management=management)
        names = _port_names(ports, SWITCH_PORTS, _FIRST_SWITCH_PORT)
        return self._add(asked(c.AddSwitch, device=name, name=name, details=details, ports=names, routing=routing))

    def add_host(
        self,
        name: str,
        *,
        ports: Sequence[str] = (),
        vendor: str = "nixos",
        platform: str = "nixos",
        role: str = "",
        site: str = "",
        management: str | None = None,
    ) -> ChangeResult:
        """Add a server that carries containers or virtual machines; `ports` are its network cards by Linux name."""
        details = _details(vendor, platform, role=role, site=site, management=management)
        return self._add(asked(c.AddHost, device=name, name=name, details=details, ports=several(ports)))

    def remove_device(self, name: str) -> ChangeResult:
        """Remove a device, and unplug its cables; its history stays. Raises DeviceNotFound."""
        return self.change(
            lambda network: (c.RemoveDevice(device=device_id(network, name)),),
            command="remove device",
            arguments={"name": name},
        )

    def _add(self, command: c.AddRouter | c.AddSwitch | c.AddHost) -> ChangeResult:
        kind = type(command).__name__.removeprefix("Add").lower()
        return self.execute(command, command=f"add {kind}", arguments={"name": command.name})

    # --- cables -------------------------------------------------------------------------------------------------------

    def connect(self, a: str, b: str) -> ChangeResult:
        """Plug a cable in; an end is a host name and a port: "sw1 GigabitEthernet1/0/1", "h1 eno1".

        Raises DeviceNotFound, PortNotFound, AlreadyExists where a port has a cable.
        """
        return self._cable(c.ConnectLink, "connect", a, b)

    def disconnect(self, a: str, b: str) -> ChangeResult:
        """Unplug the cable between two ends, written as for `connect`; nothing where there is none."""
        return self._cable(c.DisconnectLink, "disconnect", a, b)

    def _cable(self, kind: type[c.ConnectLink | c.DisconnectLink], command: str, a: str, b: str) -> ChangeResult:
        ends = [end.partition(" ") for end in (a, b)]
        return self.change(
            lambda network: (
                asked(
                    kind,
                    **{
                        side: asked(Endpoint, device=device_id(network, device), port=port.strip())
                        for side, (device, _, port) in zip("ab", ends, strict=True)
                    },
                ),
            ),
            command=command,
            arguments={"a": a, "b": b},
        )

    # --- ports and interfaces -----------------------------------------------------------------------------------------

    def configure_port(self, device: str, port: str, *, vlan: int, **other: Any) -> ChangeResult:
        """Make a switch port an access port of a VLAN.

        Also by keyword: `description`, `enabled`, `portfast`, `bpduguard`. Raises VlanNotFound where the switch lacks
        the VLAN, PortNotFound, RuleViolated where the port is routed.
        """
        return self._port(device, port, asked(PortConfiguration, switching=asked(AccessMode, vlan=vlan), **other))

    def configure_trunk(
        self,
        device: str,
        port: str,
        *,
        native_vlan: int = 1,
        allowed: str | Iterable[int] | None = None,
        **other: Any,
    ) -> ChangeResult:
        """Make a switch port a trunk. `allowed` are its VLANs, as IOS writes them ("10,20-29") or ids; None: all.

        Also by keyword what `configure_port` takes. Raises VlanNotFound where the switch lacks the native VLAN.
        """
        vlans = allowed if allowed is None or isinstance(allowed, str) else frozenset(allowed)
        mode = asked(TrunkMode, native_vlan=native_vlan, allowed=vlans)
        return self._port(device, port, asked(PortConfiguration, switching=mode, **other))

    def reset_port(self, device: str, port: str) -> ChangeResult:
        """Take back what was said of a switch port."""
        return self._on(device, "reset port", lambda switch: asked(c.ResetPort, device=switch, port=port), port=port)

    def _port(self, device: str, port: str, configuration: PortConfiguration) -> ChangeResult:
        return self._on(
            device,
            "configure port",
            lambda switch: asked(c.ConfigurePort, device=switch, port=port, configuration=configuration),
            port=port,
        )

    def add_interface(
        self,
        device: str,
        interface: str,
        *addresses: str,
        description: str | None = None,
        enabled: bool = True,
        ospf: OspfInterface | None = None,
    ) -> ChangeResult:
        """Configure a layer-3 interface (a routed port, "Vlan100", "Loopback0") with its addresses, the first primary.

        An interface that is there is replaced. An address has its prefix length: "192.0.2.1/24". Raises
        DuplicateIpAddress, VlanNotFound for the SVI of a VLAN the switch lacks, RuleViolated.
        """
        configuration = asked(RoutedInterface, addresses=addresses, description=description, enabled=enabled, ospf=ospf)
        return self._on(
            device,
            "add interface",
            lambda router: asked(
                c.ConfigureRouterInterface, device=router, interface=interface, configuration=configuration
            ),
            interface=interface,
            addresses=list(addresses),
        )

    def add_host_interface(
        self,
        host: str,
        interface: str,
        *addresses: str,
        gateway: str | None = None,
        mtu: int | None = None,
        description: str | None = None,
        ospf: OspfInterface | None = None,
    ) -> ChangeResult:
        """Give a network card of a host ("eno2"), or its loopback ("lo"), addresses of the host's own.

        `gateway` is the next hop of its default route, in the subnet of an address, `mtu` the longest packet in bytes.
        What is there is replaced. Raises PortNotFound, DuplicateIpAddress, RuleViolated where the card brings VLANs.
        """
        fields = {"addresses": addresses, "gateway": gateway, "mtu": mtu, "description": description, "ospf": ospf}
        configuration = asked(HostInterfaceConfiguration, **fields)
        return self._on(
            host,
            "add host interface",
            lambda server: asked(
                c.ConfigureHostInterface, device=server, interface=interface, configuration=configuration
            ),
            interface=interface,
            addresses=list(addresses),
        )

    def add_route(
        self, device: str, prefix: str, via: str, *, distance: int = 1, name: str | None = None
    ) -> ChangeResult:
        """Add a static route by its next hop."""
        route = asked(StaticRoute, prefix=prefix, next_hop=via, distance=distance, name=name)
        return self._on(
            device,
            "add route",
            lambda router: c.AddStaticRoute(device=router, route=route),
            prefix=prefix,
            via=via,
        )

    def _on(self, device: str, command: str, ask: Callable[[str], c.Command], **arguments: object) -> ChangeResult:
        """Ask something of the device with this host name."""
        return self.change(
            lambda network: (ask(device_id(network, device)),),
            command=command,
            arguments={"device": device, **arguments},
        )


def _details(vendor: str, platform: str, **other: str | None) -> DeviceDetails:
    return asked(DeviceDetails, vendor=vendor, platform=platform, **other)


def _port_names(ports: Ports, pattern: str, first: int) -> tuple[str, ...]:
    if isinstance(ports, int):
        if not 0 <= ports <= MOST_PORTS:
            raise InvalidValue(f"ports: a device has 0 to {MOST_PORTS} ports, not {ports}", subject="ports")
        return tuple(pattern.format(number=number) for number in range(first, first + ports))
    return tuple(name for part in several(ports) for name in expand_interfaces(part))


def _text(value: object) -> str | None:
    return None if value is None else str(value)
