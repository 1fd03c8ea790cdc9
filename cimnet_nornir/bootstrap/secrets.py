"""Where the secrets of the intent are found: the environment, files, a keyring."""

from collections.abc import Callable
from pathlib import Path

from cimnet_nornir.errors import ConfigurationError, SettingsError


def secret_resolver(project: Path) -> Callable[[str], str | None]:
    """What finds the secret behind a reference of the intent; a file's path counts from the project's folder.

    It gives None where nothing is there, and raises ConfigurationError where it cannot be read.
    """

    def resolve(reference: str) -> str | None:
        from cimnet_nornir.inventory import credentials

        form, _, name = reference.partition(":")
        if form == "file":
            reference = f"file:{project / Path(name).expanduser()}"
        try:
            return credentials.resolve(reference)
        except SettingsError as error:
            raise ConfigurationError(error.message, subject=reference) from error

    return resolve
