"""What Netmiko and paramiko raise before anything was sent to a device, in our own words."""

from collections.abc import Iterator
from contextlib import contextmanager

from netmiko.exceptions import (
    NetmikoAuthenticationException,
    NetmikoBaseException,
    NetmikoTimeoutException,
    ReadTimeout,
)
from paramiko.ssh_exception import BadHostKeyException, NoValidConnectionsError, SSHException

from cimnet_nornir.errors import AuthenticationRefused, DeviceError, DeviceUnreachable, HostKeyRefused


@contextmanager
def translated(name: str) -> Iterator[None]:
    """Netmiko's and paramiko's errors before anything was sent, in our words."""
    try:
        yield
    except NetmikoAuthenticationException as error:
        raise AuthenticationRefused(f"{name} refused the credentials", subject=name) from error
    except (NetmikoTimeoutException, SSHException) as error:
        raise _connection_error(name, error) from error
    except ReadTimeout as error:
        raise DeviceUnreachable(f"{name} does not answer: no prompt came in time", subject=name) from error
    except (NetmikoBaseException, OSError, EOFError, ValueError, RuntimeError) as error:
        # RuntimeError: the machine has no thread left for one more connection.
        raise DeviceUnreachable(f"{name}: {one_line(str(error))}", subject=name) from error


def _connection_error(name: str, error: Exception) -> DeviceError:
    origin = error.__context__ if isinstance(error.__context__, SSHException) else error
    if isinstance(origin, BadHostKeyException):
        return HostKeyRefused(
            f"{name} shows another SSH host key than the pinned one; nothing was sent."
            " If the key was changed on purpose, pin the new one: cimnet trust --replace " + name,
            subject=name,
        )
    if "not found in known_hosts" in str(origin):
        return HostKeyRefused(
            f"no SSH host key is pinned for {name}; look at it and pin it: cimnet trust {name}", subject=name
        )
    if "No authentication methods available" in str(origin):
        return AuthenticationRefused(
            f"{name}: the SSH agent offers no key; is SSH_AUTH_SOCK set, and the key added (ssh-add)?", subject=name
        )
    if isinstance(error.__context__, OSError):
        return DeviceUnreachable(f"{name} cannot be reached: {_reason(error.__context__)}", subject=name)
    return DeviceUnreachable(f"{name} cannot be reached: {one_line(str(origin))}", subject=name)


def _reason(error: Exception) -> str:
    """Where the connection went and what the system said, without numbers that mean nothing to people."""
    if isinstance(error, NoValidConnectionsError):
        return "; ".join(f"{where[0]}:{where[1]}: {_reason(each)}" for where, each in error.errors.items())
    said = error.strerror if isinstance(error, OSError) else ""
    return (said or str(error) or type(error).__name__).lower()


def one_line(text: str) -> str:
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    return " ".join(lines[:2]) if lines else "no answer"
