"""One device: its state with ports and VLANs, and its configuration with the story of each line."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from cimnet_nornir.application.device_configuration import device_configuration
from cimnet_nornir.application.device_page import DevicePage, device_page
from cimnet_nornir.application.device_ports import PortView
from cimnet_nornir.web.documents import ConfigurationAnswer, DeviceAnswer, HeardPeer, PeerDocument, PortDocument
from cimnet_nornir.web.reading import REFUSALS, UNCHANGED, At, Moment, answer, dashboard_of

router = APIRouter(tags=["devices"], responses=REFUSALS | UNCHANGED)
Name = Annotated[str, Path(max_length=200, description="Host name or id.")]


@router.get("/devices/{name}", response_model=DeviceAnswer)
def device(request: Request, name: Name, at: At = None) -> Response:
    """A device as it stands, with its ports, VLANs and routing."""
    dashboard = dashboard_of(request)

    def make(moment: Moment) -> DeviceAnswer:
        return _document(device_page(dashboard.service, name, moment.at), moment)

    return answer(request, at, make)


@router.get("/devices/{name}/configuration", response_model=ConfigurationAnswer)
def configuration(request: Request, name: Name, at: At = None) -> Response:
    """What is intended, by whom and why; what the device showed last; and what differs."""
    dashboard = dashboard_of(request)

    def make(moment: Moment) -> ConfigurationAnswer:
        found = device_configuration(dashboard.service, name, moment.at)
        return ConfigurationAnswer(position=moment.position, **dict(found))

    return answer(request, at, make)


def _document(page: DevicePage, moment: Moment) -> DeviceAnswer:
    return DeviceAnswer(
        position=moment.position,
        status=page.status,
        observed=page.observed,
        ports=[_port(port) for port in page.ports],
        vlans=list(page.vlans),
        routing=list(page.routing),
    )


def _port(port: PortView) -> PortDocument:
    """A port as the page shows it: shut where the device says so, or where that is declared and nobody asked it."""
    said = dict(port)
    said["enabled"] = not port.shut if port.enabled is None else port.enabled
    said["peer"] = PeerDocument(device=port.peer.name, port=port.peer.port) if port.peer else None
    said["heard"] = HeardPeer(name=port.heard.name, port=port.heard.port) if port.heard else None
    said["cabling"] = port.cabling or "unknown"
    return PortDocument(**said)
