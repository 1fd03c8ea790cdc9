"""The way to the devices, as the web server is given it."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from cimnet_nornir.application.ports import DevicePort
from cimnet_nornir.application.service import NetworkService

OpenDevices = Callable[[NetworkService], AbstractContextManager[DevicePort]]
"""Opens the devices of the environment for whoever acts. Raises DeviceUnreachable where no lab is up."""
