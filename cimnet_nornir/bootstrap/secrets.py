"""Where the secrets of the intent are found: the environment, files, a keyring."""

import time
from collections.abc import Callable
from pathlib import Path

from cimnet_nornir.errors import ConfigurationError, SettingsError

Resolve = Callable[[str], str | None]
# All devices of a plan ask for the same few, each several times: a keyring is asked once. A new secret is soon seen.
_FRESH_SECONDS = 10.0


def secret_resolver(project: Path) -> Resolve:
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

    return remembering(resolve)


def remembering(resolve: Resolve, clock: Callable[[], float] = time.monotonic) -> Resolve:
    """The same, which does not look again for what it found a moment ago; what was not there is looked for anew."""
    found: dict[str, tuple[float, str]] = {}

    def remembered(reference: str) -> str | None:
        at, secret = found.get(reference, (float("-inf"), None))
        if secret is not None and clock() - at < _FRESH_SECONDS:
            return secret
        secret = resolve(reference)
        if secret is None:
            found.pop(reference, None)
        else:
            found[reference] = clock(), secret
        return secret

    return remembered
