"""What can be asked of the intent for a router."""

from cimnet_nornir.domain.commands.devices import ForDevice
from cimnet_nornir.domain.values import InterfaceName, OspfProcess, RoutedInterface, StaticRoute


class ConfigureRouterInterface(ForDevice):
    interface: InterfaceName
    configuration: RoutedInterface


class RemoveRouterInterface(ForDevice):
    interface: InterfaceName


class ConfigureOspf(ForDevice):
    process: OspfProcess


class RemoveOspf(ForDevice):
    process: int


class AddStaticRoute(ForDevice):
    route: StaticRoute


class RemoveStaticRoute(ForDevice):
    route: StaticRoute
