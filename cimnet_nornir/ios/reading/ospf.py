"""OSPF for IPv4 as a configuration tells it: processes and areas; interfaces are read in a module of their own."""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from pydantic import ValidationError

from cimnet_nornir.domain.features.ospf import OspfArea, OspfNetwork, OspfRedistribution, OspfSettings
from cimnet_nornir.domain.features.vrf import VrfDefinition
from cimnet_nornir.domain.values import OspfProcess
from cimnet_nornir.errors import InvalidValue
from cimnet_nornir.ios.reading.draft import Draft
from cimnet_nornir.ios.reading.ospf_interface import read_interfaces
from cimnet_nornir.ios.reading.processes import (
    Fields,
    filters,
    options,
    prefix_of,
    prefix_within,
    processes,
    redistributed,
    silence,
    without_nothing,
)
from cimnet_nornir.ios.reading.said import Said
from cimnet_nornir.ios.tree import Config

_PROCESS: Final = re.compile(r"router ospf (?P<number>\d+)(?: vrf (?P<vrf>\S+))?")
_NETWORK: Final = re.compile(r"(?P<address>\S+) (?P<wildcard>\S+) area (?P<area>\d+)")
_AREA: Final = re.compile(r"(?P<area>\d+) (?P<what>\S+)(?P<rest>(?: .+)?)")
_RANGE: Final = re.compile(r" (?P<address>\S+) (?P<mask>\S+)(?P<options>(?: .+)?)")
_LINK: Final = re.compile(r" (?P<router_id>\S+)(?P<options>(?: .+)?)")
_PROOF: Final = (" authentication", " message-digest-key ")
_DIGEST: Final = re.compile(r"(?P<number>\d+) md5 (?P<secret>.+)")
_FILTER: Final = re.compile(r" prefix (?P<name>\S+) (?P<way>in|out)")
_SWITCHES: Final = {"bfd": "bfd all-interfaces", "vrf_lite": "capability vrf-lite"}
_NUMBERS: Final = {
    "reference_bandwidth": "auto-cost reference-bandwidth",
    "default_metric": "default-metric",
    "maximum_paths": "maximum-paths",
    "lsa_arrival": "timers lsa arrival",
}
_LOGS: Final = {"no log-adjacency-changes": "off", "log-adjacency-changes detail": "detail"}


def read(config: Config, draft: Draft) -> None:
    """Take in processes, the interfaces that take part, and how the processes behave."""
    found = {int(match["number"]): (match["vrf"], said) for match, said in processes(config, _PROCESS)}
    for number, (vrf, said) in found.items():
        _process(number, vrf, said, draft)
    read_interfaces(config, {number: silence(said) for number, (_, said) in found.items()}, draft)
    for number, (_, said) in found.items():
        if number in draft.device.ospf:
            _settings(number, said, draft)
            _networks(number, said, draft)
            _areas(number, said, draft)
            for source, more in redistributed(said):
                draft.add(OspfRedistribution, **{"process": number, "source": source, "subnets": False, **more})


def _process(number: int, vrf: str | None, said: Said, draft: Draft) -> None:
    if vrf is not None and draft.device.setting(VrfDefinition.FEATURE, vrf) is None:
        return  # what is in a VRF that is not understood is left with it
    originates = said.has("default-information originate")
    fields = {"process": number, "router_id": said.after("router-id"), "default_originate": originates, "vrf": vrf}
    # A process that does not fit is adopted word for word.
    with suppress(ValidationError, InvalidValue):
        draft.device.ospf[number] = OspfProcess.model_validate(fields)


def _settings(number: int, said: Said, draft: Draft) -> None:
    own = {name for name, item in draft.device.interfaces.items() if item.ospf and item.ospf.process == number}
    fields: Fields = {
        **{name: said.after(words) for name, words in _NUMBERS.items()},
        **{name: said.has(line) or None for name, line in _SWITCHES.items()},
        **silence(said, leave_out=own),
        **dict(_waits(said)),
        **_distances(said),
        "adjacency_log": next((how for line, how in _LOGS.items() if said.has(line)), None),
        "distribute_lists": filters(said),
        "default_route": options(said.after("default-information originate")),
        "stub_router": _stub_router(said),
    }
    if told := without_nothing(fields):
        draft.add(OspfSettings, process=number, **told)


def _waits(said: Said) -> Iterator[tuple[str, Fields]]:
    for what in ("spf", "lsa"):
        times = (said.after(f"timers throttle {what}") or "").split()
        if len(times) == 3:
            yield f"throttle_{what}", dict(zip(("start", "hold", "maximum"), times, strict=True))


def _distances(said: Said) -> Fields:
    plain = next((text for text in said.each("distance") if text.isdecimal()), None)
    return {"distance": plain, "distances": options(said.after("distance ospf"))}


def _stub_router(said: Said) -> Fields | None:
    return {} if said.has("max-metric router-lsa") else options(said.after("max-metric router-lsa"))


def _networks(number: int, said: Said, draft: Draft) -> None:
    for line in said.each("network"):
        match = _NETWORK.fullmatch(line)
        prefix = prefix_within(match["address"], match["wildcard"]) if match else None
        if match is not None and prefix is not None:
            draft.add(OspfNetwork, process=number, network=prefix, area=match["area"])


def _areas(number: int, said: Said, draft: Draft) -> None:
    found: dict[str, Fields] = {}
    for line in said.each("area"):
        match = _AREA.fullmatch(line)
        if match is not None:
            _say(found.setdefault(match["area"], {}), match["what"], match["rest"])
    for area, fields in found.items():
        links = tuple(
            {**link, **_proofs(number, area, link["router_id"], said, draft)}
            for link in fields.pop("virtual_links", ())
        )
        draft.add(OspfArea, process=number, area=area, **fields, **({"virtual_links": links} if links else {}))


def _proofs(number: int, area: str, router: str, said: Said, draft: Draft) -> Fields:
    """How the router at the other end of a virtual link proves who it is."""
    place, stem = f"area {area} virtual-link {router}", f"ospf-{number}-{router}"
    keys = (_DIGEST.fullmatch(text) for text in said.each(f"{place} message-digest-key"))
    password = said.after(f"{place} authentication-key")
    plain = "simple" if said.has(f"{place} authentication") else None
    return without_nothing(
        {
            "authentication": said.after(f"{place} authentication") or plain,
            "password": draft.moved(password, stem) if password else None,
            "message_digest_keys": tuple(
                {"number": key["number"], "secret": draft.moved(key["secret"], f"{stem}-key-{key['number']}")}
                for key in keys
                if key is not None
            ),
        }
    )


def _say(fields: Fields, what: str, rest: str) -> None:
    """Put what a line says of an area into its fields."""
    match what:
        case "stub" | "nssa":
            fields |= {"kind": what, **_kind(options(rest) or {})}
        case "authentication":
            fields["authentication"] = rest.strip() or "simple"
        case "default-cost":
            fields["default_cost"] = rest.strip()
        case "range" if found := _RANGE.fullmatch(rest):
            more = options(found["options"]) or {}
            shown = {"advertise": not more.pop("not_advertise", False)}
            told = {"prefix": prefix_of(found["address"], found["mask"]), **shown, **more}
            fields["ranges"] = (*fields.get("ranges", ()), told)
        case "virtual-link" if (found := _LINK.fullmatch(rest)) and found["options"].startswith(_PROOF):
            pass  # see `_proofs`
        case "virtual-link" if found := _LINK.fullmatch(rest):
            link = {"router_id": found["router_id"], **(options(found["options"]) or {})}
            fields["virtual_links"] = (*fields.get("virtual_links", ()), link)
        case "filter-list" if found := _FILTER.fullmatch(rest):
            fields[f"prefix_list_{found['way']}"] = found["name"]
        case _:
            pass  # such lines are adopted word for word


def _kind(told: Fields) -> Fields:
    """The options of a stub: what is said of its default route stands beside the others."""
    costs = {name: told.pop(name) for name in ("metric", "metric_type") if name in told}
    return {**told, "default_route": costs} if told.pop("default_information_originate", False) else told
