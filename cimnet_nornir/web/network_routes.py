"""The network as a whole: its figures, its devices, its graph."""

from collections import Counter
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from cimnet_nornir import __version__
from cimnet_nornir.application.device_status import device_statuses
from cimnet_nornir.application.moment_list import Moments
from cimnet_nornir.application.observations import DeviceStatus
from cimnet_nornir.application.overview import overview
from cimnet_nornir.web.context import Dashboard
from cimnet_nornir.web.documents import (
    DevicesAnswer,
    NetworkAnswer,
    SiteLine,
    SitesAnswer,
    VlanLine,
    VlansAnswer,
)
from cimnet_nornir.web.reading import REFUSALS, UNCHANGED, At, Moment, answer, caller_of, dashboard_of, running_tag

router = APIRouter(tags=["network"], responses=REFUSALS | UNCHANGED)


def statuses_at(dashboard: Dashboard, moment: Moment) -> Mapping[str, DeviceStatus]:
    """The state of each device by its id; worked out once for the answers of one moment."""
    tag = f"{moment.at} {moment.tag}"
    return dashboard.latest("statuses", tag, lambda: device_statuses(dashboard.service, moment.at))


@router.get("/network", response_model=NetworkAnswer)
def network(request: Request, at: At = None) -> Response:
    """The network in a few figures."""
    dashboard, caller = dashboard_of(request), caller_of(request)

    def make(moment: Moment) -> NetworkAnswer:
        found = overview(dashboard.service, statuses_at(dashboard, moment).values(), moment.position)
        return NetworkAnswer(
            **{name: getattr(found, name) for name in type(found).model_fields},
            running=list(dashboard.deployments.running(moment.at)),
            may_change=caller is not None and caller.may == "change",
            actor=caller.name if caller else None,
            version=__version__,
        )

    asks = f"{caller.may}-{caller.name}" if caller else ""
    return answer(request, at, make, also=".".join(filter(None, (asks, running_tag(dashboard)))))


@router.get("/devices", response_model=DevicesAnswer)
def devices(request: Request, at: At = None) -> Response:
    """All devices, in the order of their names."""
    dashboard = dashboard_of(request)

    def make(moment: Moment) -> DevicesAnswer:
        return DevicesAnswer(position=moment.position, devices=list(statuses_at(dashboard, moment).values()))

    return answer(request, at, make)


@router.get("/vlans", response_model=VlansAnswer)
def vlans(request: Request, at: At = None) -> Response:
    """The VLANs by their numbers."""
    dashboard = dashboard_of(request)

    def make(moment: Moment) -> VlansAnswer:
        # Without a device there is no VLAN; there may be no network either.
        views = dashboard.service.vlans(moment.at) if statuses_at(dashboard, moment) else ()
        lines = [
            VlanLine(
                vlan=view.vlan,
                name=view.name,
                switches=[switch.device for switch in view.switches],
                continuous=view.continuous,
            )
            for view in views
        ]
        return VlansAnswer(position=moment.position, vlans=lines)

    return answer(request, at, make)


@router.get("/sites", response_model=SitesAnswer)
def sites(request: Request, at: At = None) -> Response:
    """The sites by their names."""
    dashboard = dashboard_of(request)

    def make(moment: Moment) -> SitesAnswer:
        counted = Counter(status.site for status in statuses_at(dashboard, moment).values())
        lines = [SiteLine(name=name, devices=number) for name, number in sorted(counted.items())]
        return SitesAnswer(position=moment.position, sites=lines)

    return answer(request, at, make)


@router.get("/moments", response_model=Moments)
def moments(
    request: Request,
    at: At = None,
    points: Annotated[int, Query(ge=2, le=2000, description="At most so many, evenly thinned.")] = 200,
) -> Response:
    """When somebody asked for something: the stops of a slider over the past."""
    dashboard = dashboard_of(request)
    return answer(request, at, lambda moment: dashboard.moments.moments(points, moment.at))
