"""Devices read for drift: with progress, and with what was found."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from cimnet_nornir.cli.options import Options
from cimnet_nornir.cli.reading import read_all, to_read

if TYPE_CHECKING:
    from cimnet_nornir.application.drift import DeviceDrift, DriftReport
    from cimnet_nornir.application.ports import ReadResult
    from cimnet_nornir.tasks.port import NornirDevices


def read_drift(
    options: Options, devices: "NornirDevices", hosts: tuple[str, ...], *, pushes: bool = False
) -> "tuple[DriftReport, Mapping[str, ReadResult]]":
    """The drift of the chosen devices, recorded where it came or went, and what they run, by their ids."""
    from cimnet_nornir.application.drift import find_drift

    readings = read_all(options, devices, to_read(options, hosts, pushes=pushes))
    return find_drift(options.service, readings, devices.configured), readings


def only_device(report: "DriftReport") -> "DeviceDrift":
    """The drift of the one device that was read. Raises DeviceUnreachable, DeviceError where it could not be."""
    from cimnet_nornir.errors import DeviceError, DeviceUnreachable

    for unread in report.plan.unread:
        kind = DeviceUnreachable if unread.outcome == "unreachable" else DeviceError
        raise kind(unread.reason, subject=unread.name)
    (item,) = report.devices
    return item
