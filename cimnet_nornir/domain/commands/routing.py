"""What can be asked of the intent for a router."""

from cimnet_nornir.domain.access_list_names import AclName
from cimnet_nornir.domain.access_lists import AccessList
from cimnet_nornir.domain.commands.devices import ForDevice
from cimnet_nornir.domain.routing_values import BgpRouter, EigrpProcess
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


class ConfigureBgp(ForDevice):
    router: BgpRouter


class RemoveBgp(ForDevice):
    """There is one BGP process on a device, so nothing else needs to be named."""


class ConfigureEigrp(ForDevice):
    process: EigrpProcess


class RemoveEigrp(ForDevice):
    as_number: int


class ConfigureAccessList(ForDevice):
    access_list: AccessList


class RemoveAccessList(ForDevice):
    name: AclName
