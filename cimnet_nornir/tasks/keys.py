"""The private key that a host's options name, read before anybody connects."""

from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from paramiko.pkey import PKey, UnknownKeyType
from paramiko.ssh_exception import SSHException

from cimnet_nornir.errors import AuthenticationRefused


def login_key(name: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Netmiko's arguments for the host's `key_file`, read; empty where it has none.

    paramiko, given the path, tries the file as each type of key and keeps the last error only: a key that the device
    refused is then told as a file that cannot be read. And it would try the keys of ~/.ssh as well, where devices count
    the attempts. An encrypted key is left to the agent, which must be allowed to answer.
    Raises AuthenticationRefused where the key cannot be read, or is encrypted and there is no agent.
    """
    path = options.get("key_file")
    if not path:
        return {}
    own = {"use_keys": False, "key_file": None}
    try:
        return {**own, "pkey": PKey.from_path(path)}
    except TypeError as error:
        # That is how cryptography says that a password is wanted.
        if options.get("allow_agent"):
            return own
        raise AuthenticationRefused(
            f"{name}: the key {path} is encrypted; add it to the SSH agent (ssh-add {path}),"
            " and set agent: true in transform_function_options",
            subject=name,
        ) from error
    except OSError as error:
        raise AuthenticationRefused(f"{name}: the key {path} cannot be read: {error.strerror}", subject=name) from error
    except (ValueError, SSHException, UnsupportedAlgorithm, UnknownKeyType) as error:
        raise AuthenticationRefused(
            f"{name}: {path} is no private key that can be used; it is an OpenSSH key of type ed25519, ecdsa or rsa",
            subject=name,
        ) from error
