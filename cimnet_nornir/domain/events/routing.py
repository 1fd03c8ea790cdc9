"""What happened to the intent for a router: interfaces, routing protocols, routes."""

from cimnet_nornir.domain.envelope import Event
from cimnet_nornir.domain.values import InterfaceName, OspfProcess, RoutedInterface, StaticRoute


class RouterInterfaceConfigured(Event):
    interface: InterfaceName
    configuration: RoutedInterface


class RouterInterfaceRemoved(Event):
    interface: InterfaceName


class OspfConfigured(Event):
    process: OspfProcess


class OspfRemoved(Event):
    process: int


class StaticRouteAdded(Event):
    route: StaticRoute


class StaticRouteRemoved(Event):
    route: StaticRoute


EVENTS: tuple[type[Event], ...] = (
    RouterInterfaceConfigured,
    RouterInterfaceRemoved,
    OspfConfigured,
    OspfRemoved,
    StaticRouteAdded,
    StaticRouteRemoved,
)
