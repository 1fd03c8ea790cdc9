"""The SSH host key that a device shows, asked for without logging in."""

import socket
from contextlib import closing

from nornir.core.task import Result, Task
from paramiko import SSHException, Transport

from cimnet_nornir.errors import CimnetError, DeviceUnreachable
from cimnet_nornir.tasks.configuration import failed
from cimnet_nornir.tasks.login import require_address
from cimnet_nornir.tasks.ways import connected

_SECONDS = 15.0
_SSH_PORT = 22


def read_host_key(task: Task) -> Result:
    """The public key line that the host shows now, as `result`; nothing is sent and nobody logs in.

    Goes the way that the SSH configuration names. Fails with DeviceUnreachable.
    """
    try:
        require_address(task)
        with connected(task, seconds=_SECONDS) as way:
            key = shown_key(task.host.name, str(task.host.hostname), task.host.port or _SSH_PORT, way=way)
    except CimnetError as error:
        return failed(task, error)
    return Result(host=task.host, result=key, changed=False)


def shown_key(name: str, address: str, port: int, *, way: socket.socket | None = None) -> str:
    """The public key line ("ssh-ed25519 AAAA…") that answers at the address, or on a connection that is made already.

    The connection is closed afterwards. Raises DeviceUnreachable.
    """
    try:
        connection = way or socket.create_connection((address, port), timeout=_SECONDS)
        with closing(connection), closing(Transport(connection)) as transport:
            transport.start_client(timeout=_SECONDS)
            key = transport.get_remote_server_key()
    except (OSError, SSHException, EOFError) as error:
        raise DeviceUnreachable(f"{name} cannot be reached: {error}", subject=name) from error
    return f"{key.get_name()} {key.get_base64()}"
