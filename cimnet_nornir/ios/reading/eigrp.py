"""EIGRP in classic mode as a configuration tells it."""

import re
from contextlib import suppress
from ipaddress import IPv4Address, IPv4Network
from typing import Final

from pydantic import ValidationError

from cimnet_nornir.domain.features.eigrp import EigrpInterface, EigrpRedistribution, EigrpSettings
from cimnet_nornir.domain.routing_values import EigrpProcess
from cimnet_nornir.errors import InvalidValue
from cimnet_nornir.ios.network_lines import classful_length
from cimnet_nornir.ios.reading.draft import Draft
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
from cimnet_nornir.ios.tree import Config, sections

_PROCESS: Final = re.compile(r"router eigrp (?P<number>\d+)")
_OF_INTERFACE: Final = re.compile(
    r"ip (?P<what>hello-interval|hold-time|bandwidth-percent|authentication key-chain|summary-address)"
    r" eigrp (?P<number>\d+) (?P<value>.+)"
)
_SUMMARY: Final = re.compile(r"(?P<address>\S+) (?P<mask>\S+)(?: (?P<distance>\d+))?(?: leak-map (?P<leak_map>\S+))?")
_NAMES: Final = {
    "hello-interval": "hello_interval",
    "hold-time": "hold_time",
    "bandwidth-percent": "bandwidth_percent",
    "authentication key-chain": "key_chain",
}


def read(config: Config, draft: Draft) -> None:
    """Take in processes, how they behave, and what interfaces say of them."""
    for match, said in processes(config, _PROCESS):
        number = int(match["number"])
        _process(number, said, draft)
        if number in draft.device.eigrp:
            _settings(number, said, draft)
            for source, more in redistributed(said):
                draft.add(EigrpRedistribution, as_number=number, source=source, **more)
    for node in sections(config, "interface "):
        _interface(node.text.removeprefix("interface "), Said.of(node.children), draft)


def _process(number: int, said: Said, draft: Draft) -> None:
    silent = silence(said).get("passive_interfaces", ())
    fields = {
        "as_number": number,
        "router_id": said.after("eigrp router-id"),
        "networks": networks_of(said),
        "passive_interfaces": tuple(name for name in silent if name in draft.device.interfaces),
    }
    # A process that does not fit is adopted word for word.
    with suppress(ValidationError, InvalidValue):
        draft.device.eigrp[number] = EigrpProcess.model_validate(fields)


def networks_of(said: Said) -> tuple[IPv4Network, ...]:
    """The networks that a process or a family speaks on."""
    networks = map(_network_of, said.each("network"))
    return tuple(network for network in networks if network is not None)


def _network_of(text: str) -> IPv4Network | None:
    """The network of a line; without a wildcard it is that of the address's class."""
    address, _, wildcard = text.partition(" ")
    if wildcard:
        return prefix_within(address, wildcard)
    with suppress(ValueError):  # what is no address is adopted word for word
        return IPv4Network((address, classful_length(IPv4Address(address))))
    return None


def _settings(number: int, said: Said, draft: Draft) -> None:
    own = draft.device.eigrp[number].passive_interfaces
    internal, _, external = (said.after("distance eigrp") or "").partition(" ")
    fields: Fields = {
        **silence(said, leave_out=own),
        "distribute_lists": filters(said),
        "metric_weights": weights_of(said.after("metric weights")),
        "variance": said.after("variance"),
        "maximum_paths": said.after("maximum-paths"),
        "default_metric": vector_of(said.after("default-metric")),
        "internal_distance": internal or None,
        "external_distance": external or None,
        "stub": tuple((said.after("eigrp stub") or "").split()),
        "auto_summary": said.has("auto-summary"),
        "active_time": said.after("timers active-time"),
        "bfd": said.has("bfd all-interfaces"),
    }
    quiet = (("neighbor_log", "changes"), ("warning_log", "warnings"))
    off = {name: False for name, what in quiet if said.has(f"no eigrp log-neighbor-{what}")}
    if told := {**without_nothing(fields), **off}:
        draft.add(EigrpSettings, as_number=number, **told)


def weights_of(text: str | None) -> Fields | None:
    """The K values of a line; None where it does not tell them."""
    values = (text or "").split()
    if len(values) != 6 or values[0] != "0":
        return None
    return dict(zip(("k1", "k2", "k3", "k4", "k5"), values[1:], strict=True))


def vector_of(text: str | None) -> Fields | None:
    """The five parts of a metric; None where they are not these."""
    found = (options(f"metric {text}") or {}).get("metric")
    return found if isinstance(found, dict) else None


def _interface(name: str, said: Said, draft: Draft) -> None:
    found: dict[str, Fields] = {}
    for line in said.lines:
        match = _OF_INTERFACE.fullmatch(line)
        if match is None:
            continue
        fields = found.setdefault(match["number"], {})
        if match["what"] in _NAMES:
            fields[_NAMES[match["what"]]] = match["value"]
        elif summary := _SUMMARY.fullmatch(match["value"]):
            told = {"prefix": prefix_of(summary["address"], summary["mask"])}
            more = {name: value for name, value in summary.groupdict().items() if name in ("distance", "leak_map")}
            fields["summaries"] = (*fields.get("summaries", ()), without_nothing({**told, **more}))
    for number, fields in found.items():
        if int(number) in draft.device.eigrp:
            draft.add(EigrpInterface, interface=name, as_number=number, **fields)
