"""Static routes as a configuration tells them: the plain ones are part of the base."""

import re
from contextlib import suppress
from typing import Final

from pydantic import ValidationError

from cimnet_nornir.domain.features.routes import Ipv6StaticRoute, StaticRouteSetting
from cimnet_nornir.domain.values import StaticRoute
from cimnet_nornir.errors import InvalidValue
from cimnet_nornir.ios.reading.draft import Draft
from cimnet_nornir.ios.reading.processes import Fields, options, prefix_of, without_nothing
from cimnet_nornir.ios.tree import Config

_ADDRESS: Final = r"\d+\.\d+\.\d+\.\d+"
_REST: Final = r"(?: (?P<distance>\d+))?(?P<options>(?: [a-z].*)?)"
_ROUTE: Final = re.compile(
    rf"ip route (?:vrf (?P<vrf>\S+) )?(?P<address>{_ADDRESS}) (?P<mask>{_ADDRESS}) "
    rf"(?P<via>{_ADDRESS}|[A-Z]\S+(?: {_ADDRESS})?){_REST}"
)
_ROUTE_6: Final = re.compile(
    r"ipv6 route (?:vrf (?P<vrf>\S+) )?(?P<prefix>\S+/\d+) "
    rf"(?P<via>[0-9A-F:.]*:[0-9A-F:.]*|[A-Z]\S+(?: [0-9A-F:.]*:[0-9A-F:.]*)?){_REST}"
)
_OF_THE_BASE: Final = frozenset({"distance", "name"})


def read(config: Config, draft: Draft) -> None:
    """Take in the static routes of the global table and of VRFs."""
    for node in config.nodes:
        if match := _ROUTE.fullmatch(node.text):
            _route(match, draft)
        elif match := _ROUTE_6.fullmatch(node.text):
            draft.add(Ipv6StaticRoute, prefix=match["prefix"], via=match["via"], **_told(match))


def _told(match: re.Match[str]) -> Fields:
    parts = {name: value for name, value in match.groupdict().items() if name in ("vrf", "distance")}
    told = without_nothing({**parts, **(options(match["options"]) or {})})
    # A name may be a number.
    return {**told, "name": str(told["name"])} if "name" in told else told


def _route(match: re.Match[str], draft: Draft) -> None:
    prefix, told = prefix_of(match["address"], match["mask"]), _told(match)
    if prefix is None:
        return
    if told.keys() <= _OF_THE_BASE and match["via"][0].isdigit():
        with suppress(ValidationError, InvalidValue):  # a name that the base does not take
            route = StaticRoute.model_validate({"prefix": prefix, "next_hop": match["via"], **told})
            draft.device.routes = (*draft.device.routes, route)
            return
    draft.add(StaticRouteSetting, prefix=prefix, via=match["via"], **told)
