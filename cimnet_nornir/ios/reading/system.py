"""The device itself, as a configuration tells it: services, clock, domain, banners, HTTP server, boot images."""

import re
from typing import Any, Final

from cimnet_nornir.domain.features.system import Banner, Boot, Clock, Domain, HttpServer, Service
from cimnet_nornir.ios.blocks import BANNER_MARK
from cimnet_nornir.ios.reading.draft import Draft
from cimnet_nornir.ios.reading.fitting import add_what_fits
from cimnet_nornir.ios.reading.said import Said
from cimnet_nornir.ios.tree import Config

_SERVICE: Final = re.compile(r"(?P<no>no )?service (?P<name>timestamps (?:debug|log)|\S+)(?: (?P<options>.+))?")
_ZONE: Final = re.compile(r"(?P<name>\S+) (?P<hours>-?\d+) (?P<minutes>\d+)")
_MOMENT: Final = r"(?:\S+ \S+ \S+ \d+:\d+|\S+ \d+ \d{4} \d+:\d+)"
_SUMMER: Final = re.compile(
    rf"(?P<name>\S+) (?P<kind>recurring|date)(?: (?P<begins>{_MOMENT}) (?P<ends>{_MOMENT})(?: (?P<minutes>\d+))?)?"
)
_POLICY: Final = re.compile(r"idle (?P<idle>\d+) life (?P<life>\d+) requests (?P<requests>\d+)")
_ACCESS: Final = re.compile(r"(?:(?P<family>ipv[46]) )?(?P<name>\S+)")


def read(config: Config, draft: Draft) -> None:
    """Take in what a configuration says of the device itself."""
    said = Said.of(node for node in config.nodes if not node.children)
    _services(said, draft)
    _clock(said, draft)
    _domain(said, draft)
    _banners(said, draft)
    _http(said, draft)
    if images := said.each("boot system"):
        draft.add(Boot, system=images)


def _services(said: Said, draft: Draft) -> None:
    for line in said.lines:
        match = _SERVICE.fullmatch(line)
        if match is not None:
            draft.add(Service, name=match["name"], enabled=match["no"] is None, options=match["options"])


def _clock(said: Said, draft: Draft) -> None:
    zone = _ZONE.fullmatch(said.after("clock timezone") or "")
    summer = _SUMMER.fullmatch(said.after("clock summer-time") or "")
    fields: dict[str, Any] = {"calendar_valid": said.has("clock calendar-valid") or None}
    if zone is not None:
        fields["time_zone"] = zone.groupdict()
    if summer is not None:
        fields["summer_time"] = {name: value for name, value in summer.groupdict().items() if name != "kind"}
    add_what_fits(draft, Clock, fields)


def _domain(said: Said, draft: Draft) -> None:
    fields: dict[str, Any] = {
        "name": said.after("ip domain name"),
        "lookup": False if said.has("no ip domain lookup") else None,
        "lookup_source": said.after("ip domain lookup source-interface"),
        "search": _plain(said.each("ip domain list")),
        "servers": _plain(said.each("ip name-server")),
    }
    add_what_fits(draft, Domain, {name: value for name, value in fields.items() if value != ()})


def _plain(values: tuple[str, ...]) -> tuple[str, ...]:
    """Those that are not of a VRF."""
    return tuple(value for value in values if " " not in value)


def _banners(said: Said, draft: Draft) -> None:
    for text in said.each("banner"):
        kind, found, rest = text.partition(f" {BANNER_MARK}\n")
        if found:
            draft.add(Banner, kind=kind, text=rest.removesuffix(f"\n{BANNER_MARK}"))


def _http(said: Said, draft: Draft) -> None:
    access = _ACCESS.fullmatch(said.after("ip http access-class") or "")
    policy = _POLICY.fullmatch(said.after("ip http timeout-policy") or "")
    fields: dict[str, Any] = {
        "enabled": _switch(said, "ip http server"),
        "secure": _switch(said, "ip http secure-server"),
        "port": said.after("ip http port"),
        "secure_port": said.after("ip http secure-port"),
        "authentication": said.after("ip http authentication"),
        "access_class": access["name"] if access else None,
        "access_class_family": access["family"] if access else None,
        "max_connections": said.after("ip http max-connections"),
        "timeout_policy": policy.groupdict() if policy else None,
        "client_source": said.after("ip http client source-interface"),
    }
    add_what_fits(draft, HttpServer, fields)


def _switch(said: Said, line: str) -> bool | None:
    return True if said.has(line) else False if said.has(f"no {line}") else None
