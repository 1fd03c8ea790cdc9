"""One device: its state with ports and VLANs, and its configuration with the story of each line."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from cimnet_nornir.application.device_configuration import device_configuration
from cimnet_nornir.application.declared_device import DeclaredDevice, DeclaredPort, declared_device
from cimnet_nornir.application.observations import DeviceStatus
from cimnet_nornir.errors import DeviceNotFound
from cimnet_nornir.web.context import Dashboard
from cimnet_nornir.web.documents import ConfigurationAnswer, DeviceAnswer, PortDocument
from cimnet_nornir.web.network_routes import statuses_at
from cimnet_nornir.web.reading import REFUSALS, UNCHANGED, At, Moment, answer, dashboard_of

router = APIRouter(tags=["devices"], responses=REFUSALS | UNCHANGED)
Name = Annotated[str, Path(max_length=200, description="Host name or id.")]


@router.get("/devices/{name}", response_model=DeviceAnswer)
def device(request: Request, name: Name, at: At = None) -> Response:
    """A device as it stands, with its ports, VLANs and routing."""
    dashboard = dashboard_of(request)

    def make(moment: Moment) -> DeviceAnswer:
        status = _status_of(dashboard, name, moment)
        declared = declared_device(dashboard.service, status.device, moment.at)
        return _document(status, declared, moment)

    return answer(request, at, make)


@router.get("/devices/{name}/configuration", response_model=ConfigurationAnswer)
def configuration(request: Request, name: Name, at: At = None) -> Response:
    """What is intended, by whom and why; what the device showed last; and what differs."""
    dashboard = dashboard_of(request)

    def make(moment: Moment) -> ConfigurationAnswer:
        found = device_configuration(dashboard.service, name, moment.at)
        return ConfigurationAnswer(position=moment.position, **dict(found))

    return answer(request, at, make)


def _status_of(dashboard: Dashboard, name: str, moment: Moment) -> DeviceStatus:
    statuses = statuses_at(dashboard, moment)
    found = next((status for status in statuses.values() if status.name == name), statuses.get(name))
    if found is None:
        raise DeviceNotFound(f"there is no device {name!r}; cimnet inventory lists them", subject=name)
    return found


def _document(status: DeviceStatus, declared: DeclaredDevice, moment: Moment) -> DeviceAnswer:
    return DeviceAnswer(
        position=moment.position,
        status=status,
        ports=[_port(port) for port in declared.ports],
        vlans=list(declared.vlans),
        routing=list(declared.routing),
    )


def _port(port: DeclaredPort) -> PortDocument:
    return PortDocument(**dict(port))
