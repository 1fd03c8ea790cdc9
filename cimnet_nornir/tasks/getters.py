"""What NAPALM's getters tell of a device: the same as show commands, but for the addresses of LLDP neighbours.

What no getter tells is asked by NAPALM's own `cli`: the load of the last five seconds, and neighbours by CDP.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from napalm.base.exceptions import NapalmException
from nornir.core.task import Task

from cimnet_nornir.application.observations import DeviceFacts, Observed, PortState, SeenNeighbor
from cimnet_nornir.errors import DeviceError, DeviceUnreachable
from cimnet_nornir.ios.observing import CDP, LOAD, canonical, lldp_port, load, neighbors
from cimnet_nornir.ios.vlan_database import (
    VLAN_COMMAND,
    VTP_COMMAND,
    needs_vlan_database,
    with_vlan_database,
    with_vtp_status,
)
from cimnet_nornir.tasks.context import Context
from cimnet_nornir.tasks.login import require_address
from cimnet_nornir.tasks.napalm_session import BROKEN, NapalmSession, napalm_session
from cimnet_nornir.tasks.translating import one_line

_VERSION: Final = re.compile(r"Version ([^,\s]+)")
# NAPALM's word for what it did not find.
_UNKNOWN: Final = "Unknown"
# The getters search text by hand: where an image shows it otherwise, they stumble in their own code.
_STUMBLES: Final = (NapalmException, ValueError, LookupError, AttributeError, TypeError, NameError)


def collect_by_napalm(task: Task, context: Context) -> Observed:
    """What the device tells by getters. Raises a DeviceError where it cannot be reached, or the connection breaks."""
    require_address(task)
    with napalm_session(task, inline=False, quiet=True) as session:
        driver, at = session.driver, context.service.actor.clock()
        told = _got(session, driver.get_facts)
        environment = _got(session, driver.get_environment)
        interfaces = _got(session, driver.get_interfaces)
        counters = _got(session, driver.get_interfaces_counters)
        heard = _got(session, driver.get_lldp_neighbors_detail)
        answers = _got(session, lambda: driver.cli([LOAD, CDP]))
    return Observed(
        device=context.device,
        at=at,
        facts=_facts(told, environment, answers),
        ports=tuple(_port(name, row, counters.get(name, {})) for name, row in interfaces.items()),
        neighbors=(*(SeenNeighbor(**row) for row in neighbors(answers)), *_by_lldp(heard)),
    )


def configuration_by_napalm(task: Task, *, switches: bool) -> str:
    """The running configuration as the getter gives it, with the VLANs that some switches keep elsewhere.

    Raises a DeviceError where the device cannot be reached, or shows none.
    """
    require_address(task)
    with napalm_session(task, inline=False, quiet=True) as session:
        running = str(_got(session, lambda: session.driver.get_config(retrieve="running")).get("running", ""))
        if not running:
            raise DeviceError(f"{session.name}: it shows no running configuration", subject=session.name)
        if needs_vlan_database(running, switches=switches):
            told = _got(session, lambda: session.driver.cli([VLAN_COMMAND, VTP_COMMAND]))
            running = with_vtp_status(running, str(told.get(VTP_COMMAND, "")))
            return with_vlan_database(running, str(told.get(VLAN_COMMAND, "")))
        return running


def _got(session: NapalmSession, getter: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
    """What a getter returns; nothing where it stumbles over what the device shows. Raises DeviceUnreachable."""
    try:
        return getter()
    except BROKEN as error:
        raise DeviceUnreachable(f"{session.name}: {one_line(str(error))}", subject=session.name) from error
    except _STUMBLES:
        return {}


def _facts(told: Mapping[str, Any], environment: Mapping[str, Any], answers: Mapping[str, str]) -> DeviceFacts:
    memory = environment.get("memory", {})
    found = _VERSION.search(told.get("os_version", ""))
    names = {name: told.get(name, _UNKNOWN).replace(_UNKNOWN, "") for name in ("hostname", "model", "serial_number")}
    return DeviceFacts(
        hostname=names["hostname"],
        vendor=told.get("vendor", ""),
        model=names["model"],
        version=found[1] if found else "",
        serial=names["serial_number"],
        uptime=_known(told.get("uptime")),
        **_load(environment, answers),
        memory_used=memory.get("used_ram"),
        # All there is, whatever it is called.
        memory_total=memory.get("available_ram"),
    )


def _load(environment: Mapping[str, Any], answers: Mapping[str, str]) -> Mapping[str, float]:
    """The load as the device shows it; the getter knows only that of the last minute."""
    shown = load(answers.get(LOAD, ""))
    if "cpu" in shown:
        return {"cpu": shown["cpu"], "cpu_minute": shown["cpu_minute"]}
    usage = environment.get("cpu", {}).get(0, {}).get("%usage")
    return {} if usage is None else {"cpu_minute": float(usage)}


def _known(number: float | None) -> int | None:
    """A number; NAPALM has -1 for one that it does not know."""
    return None if number is None or number < 0 else int(number)


def _port(name: str, row: Mapping[str, Any], counters: Mapping[str, int]) -> PortState:
    def count(what: str) -> int:
        return _known(counters.get(what)) or 0

    return PortState(
        name=canonical(name),
        enabled=row["is_enabled"],
        up=row["is_up"],
        description=row["description"].strip(),
        speed=_known(row["speed"]) or 0,
        mtu=_known(row["mtu"]) or 0,
        in_octets=count("rx_octets"),
        out_octets=count("tx_octets"),
        # Of IOS, NAPALM gives all packets under this name.
        in_packets=count("rx_unicast_packets"),
        out_packets=count("tx_unicast_packets"),
        in_errors=count("rx_errors"),
        out_errors=count("tx_errors"),
        in_discards=count("rx_discards"),
        out_discards=count("tx_discards"),
    )


def _by_lldp(heard: Mapping[str, Any]) -> Iterator[SeenNeighbor]:
    for port, entries in heard.items():
        for entry in entries:
            remote = lldp_port(entry["remote_port"], entry["remote_port_description"])
            yield SeenNeighbor(
                port=canonical(port),
                name=entry["remote_system_name"] or entry["remote_chassis_id"],
                remote_port=canonical(remote),
                protocol="lldp",
            )
