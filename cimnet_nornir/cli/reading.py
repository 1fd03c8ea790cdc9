"""The running configurations of devices, read with progress for whoever looks at them and sends nothing yet."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from cimnet_nornir.cli.kept_out import in_ordinary_work
from cimnet_nornir.cli.options import Options
from cimnet_nornir.cli.output import note
from cimnet_nornir.cli.progress import progress

if TYPE_CHECKING:
    from cimnet_nornir.application.ports import ReadResult
    from cimnet_nornir.domain.device import Device
    from cimnet_nornir.tasks.port import NornirDevices


def to_read(
    options: Options, hosts: tuple[str, ...], *, pushes: bool = False, managed: bool = True
) -> "tuple[Device, ...]":
    """The devices that the command line chooses, without those out of ordinary work that nobody names.

    `managed` as `Options.chosen` has it; `pushes` refuses a decommissioned one that is named.
    """
    names = in_ordinary_work(options, options.chosen(hosts, managed=managed), hosts, pushes=pushes)
    if not options.json:
        note(f"environment: {options.settings.environment}, {options.tally(names)}")
    return options.service.devices(names)


def read_all(options: Options, port: "NornirDevices", devices: "Sequence[Device]") -> "Mapping[str, ReadResult]":
    """What these devices run, by their ids."""
    with progress("reading", len(devices), verbose=options.verbose > 0) as tell:
        return port.read([device.id for device in devices], progress=tell)
