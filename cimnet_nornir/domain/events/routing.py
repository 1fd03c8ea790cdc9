"""What happened to the intent for a router: interfaces, routing protocols, routes, access lists."""

from cimnet_nornir.domain.access_list_names import AclName
from cimnet_nornir.domain.access_lists import AccessList
from cimnet_nornir.domain.envelope import Event
from cimnet_nornir.domain.routing_values import AsNumber, BgpRouter, EigrpProcess
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


class BgpConfigured(Event):
    router: BgpRouter


class BgpRemoved(Event):
    as_number: AsNumber


class EigrpConfigured(Event):
    process: EigrpProcess


class EigrpRemoved(Event):
    as_number: int


class AccessListConfigured(Event):
    access_list: AccessList


class AccessListRemoved(Event):
    name: AclName


EVENTS: tuple[type[Event], ...] = (
    RouterInterfaceConfigured,
    RouterInterfaceRemoved,
    OspfConfigured,
    OspfRemoved,
    StaticRouteAdded,
    StaticRouteRemoved,
    BgpConfigured,
    BgpRemoved,
    EigrpConfigured,
    EigrpRemoved,
    AccessListConfigured,
    AccessListRemoved,
)
