"""The lab of a declared network: its devices and cables, started, stopped and made to fail."""

import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from cimnet_nornir.application.host_keys import pin_host_keys
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.bootstrap.hosts import managed_hosts
from cimnet_nornir.bootstrap.settings import Settings
from cimnet_nornir.errors import InvalidInput
from cimnet_nornir.lab.faults import FAULT_VALUES, FAULTS
from cimnet_nornir.lab.host_faults import HOST_FAULTS
from cimnet_nornir.lab.state import HOST_LOGIN_FILE

if TYPE_CHECKING:
    from cimnet_nornir.lab.spec import LabSpec, Platform
    from cimnet_nornir.lab.state import LabState

# Every fault that a simulated device can be given.
LAB_FAULTS = tuple(dict.fromkeys((*FAULTS, *HOST_FAULTS)))
# In the lab's folder, the private key that lets into its hosts.
LAB_HOST_KEY = HOST_LOGIN_FILE
LAB_USER = "admin"
LAB_PASSWORD = "lab-only-password"  # noqa: S105 - of simulated devices on loopback; CIMNET_LAB_PASSWORD sets another


def lab_up(
    settings: Settings,
    service: NetworkService,
    *,
    archive: bool = False,
    copies: Mapping[str, str] | None = None,
) -> "LabState":
    """Start the lab of the declared network in the background and pin its host keys; returns when all listen.

    With `archive`, devices that have saved nothing yet boot with a configuration archive. `copies` are configurations
    that devices, by their ids, are to run.
    """
    from cimnet_nornir.lab.control import lab_up as start

    spec = lab_spec(service, archive=archive, hosts=lab_hosts(settings, service))
    state = start(spec, settings.lab, copies=copies)
    pin_host_keys(service, state.host_keys, command="lab up")
    return state


def lab_foreground(
    settings: Settings,
    service: NetworkService,
    *,
    archive: bool = False,
    copies: Mapping[str, str] | None = None,
) -> None:
    """Run the lab in this process until it is interrupted; `archive` and `copies` as in `lab_up`."""
    from cimnet_nornir.lab.control import lab_foreground as run

    def pin(state: "LabState") -> None:
        pin_host_keys(service, state.host_keys, command="lab up")

    spec = lab_spec(service, archive=archive, hosts=lab_hosts(settings, service))
    run(spec, settings.lab, copies=copies, on_up=pin)


def lab_hosts(settings: Settings, service: NetworkService) -> tuple[str, ...]:
    """The ids of the hosts that a lab simulates: those that are deployed to. Raises SettingsError for one unknown."""
    return tuple(sorted(view.device for view in managed_hosts(settings, service).values()))


def lab_status(settings: Settings) -> "LabState | None":
    """The lab that is up; None where none is."""
    from cimnet_nornir.lab.control import lab_state

    return lab_state(settings.lab)


def lab_down(settings: Settings) -> bool:
    """Stop the lab; whether there was one."""
    from cimnet_nornir.lab.control import lab_down as stop

    return stop(settings.lab)


def lab_fault(settings: Settings, device: str, fault: str, value: str | None) -> None:
    """Make a device of the lab fail. Raises InvalidInput where no lab is up, or the fault cannot take the value."""
    from cimnet_nornir.lab.control import lab_fault as inject

    if value is None:
        inject(settings.lab, device, fault)
        return
    name = FAULT_VALUES.get(fault)
    if not name:
        raise InvalidInput(f"the fault {fault} takes no value", subject=fault)
    number = name in {"lines", "milliseconds", "percent"}
    if number and not value.isdigit():
        raise InvalidInput(f"{fault} takes a number of {name}, not {value!r}", subject=fault)
    inject(settings.lab, device, fault, **{name: int(value) if number else value})


def lab_clock(settings: Settings, device: str | None, *, advance: float = 0.0) -> Mapping[str, datetime]:
    """Set the clock of a device of the lab, or of all, forward by seconds; what each shows then.

    Raises InvalidInput where no lab is up.
    """
    from cimnet_nornir.lab.control import lab_clock as clock

    return clock(settings.lab, device, advance=advance)


def lab_spec(service: NetworkService, *, archive: bool = False, hosts: Iterable[str] = ()) -> "LabSpec":
    """The routers, switches and cables to simulate, by device id, each booting with its host name.

    With `archive`, they boot with a configuration archive as well. `hosts` are the ids of the NixOS hosts to simulate.
    """
    from cimnet_nornir.lab.spec import LabCredentials, LabDevice, LabHost, LabLink, LabSpec

    network = service.network()
    # Servers have no cables in the lab: ports that lead to one are as if nothing were plugged in.
    simulated = sorted((one for one in network.devices.values() if not one.is_host), key=lambda device: device.id)
    names = {device.id for device in simulated}
    password = os.environ.get("CIMNET_LAB_PASSWORD", LAB_PASSWORD)
    return LabSpec(
        devices=tuple(
            LabDevice(
                name=device.id,
                platform=_lab_platform(device.details.platform),
                kind="router" if not device.switches else "l3switch" if device.routing else "switch",
                interfaces=device.ports,
                model=device.details.model,
                management=str(device.details.management or ""),
                startup=f"hostname {device.name}\n",
                archive=archive,
            )
            for device in simulated
        ),
        links=tuple(LabLink(link.a, link.b) for link in sorted(network.links) if {link.a[0], link.b[0]} <= names),
        credentials=LabCredentials(LAB_USER, password, password),
        hosts=tuple(LabHost(host) for host in hosts),
    )


def _lab_platform(platform: str) -> "Platform":
    if platform in {"ios", "iosxe"}:
        return "iosxe" if platform == "iosxe" else "ios"
    raise InvalidInput(f"the lab cannot simulate the platform {platform!r}; it has ios and iosxe", subject=platform)
