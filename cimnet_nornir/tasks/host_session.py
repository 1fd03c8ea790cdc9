"""A managed host as tasks reach it: by its port, and not by the connection plugins of Nornir."""

import time
from contextlib import ExitStack

from cimnet_nornir.application.ports import HostSession, HostState
from cimnet_nornir.errors import DeviceError, DeviceUnreachable, PushInDoubt
from cimnet_nornir.tasks.context import Context

# While a host changes its network, it may take no connection for a moment.
_PAUSE_SECONDS = 1.0


def host_module(context: Context) -> str:
    """The text of the module that a host runs. Raises a DeviceError."""
    with context.service.host_port.session(context.device) as session:
        return session.look().module


def look_anew(context: Context, held: ExitStack, deployment: str, *, seconds: float) -> tuple[HostSession, HostState]:
    """Another session of a deployment with a host, kept in `held`, and what the host says over it.

    Tried again for so many seconds where the host is not there. Raises a DeviceError.
    """
    until = time.monotonic() + seconds
    while True:
        try:
            session = held.enter_context(context.service.host_port.session(context.device, deployment))
            return session, session.look()
        except DeviceError as error:
            gone = isinstance(error, DeviceUnreachable | PushInDoubt)
            if not gone or time.monotonic() + _PAUSE_SECONDS > until:
                raise
            time.sleep(_PAUSE_SECONDS)
