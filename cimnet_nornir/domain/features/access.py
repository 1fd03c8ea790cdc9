"""Who may come in: users, the enable secret, SSH, and how often somebody may try."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from cimnet_nornir.domain.features.fields import InterfaceName, Word
from cimnet_nornir.domain.features.model import SecretReference, Setting
from cimnet_nornir.domain.values import Value
from cimnet_nornir.errors import InvalidValue

Algorithm = Literal["md5", "sha256", "scrypt"]
"""What a device makes of a secret in clear text; without one it does as the image does."""


class User(Setting):
    """A local user. What stands behind the reference of a secret is clear text, or a hash with its type: "9 $9$…"."""

    FEATURE: ClassVar[str] = "user"
    KEY: ClassVar[tuple[str, ...]] = ("name",)

    name: Word
    privilege: Annotated[int, Field(ge=0, le=15)] = 1
    view: Word | None = None
    secret: SecretReference | None = None
    algorithm: Algorithm | None = None
    password: SecretReference | None = None
    no_password: bool = False

    @model_validator(mode="after")
    def _one_way_to_come_in(self) -> "User":
        if sum((self.secret is not None, self.password is not None, self.no_password)) > 1:
            raise InvalidValue(f"user {self.name} has a secret, a password or neither, but one", subject=self.name)
        if self.algorithm is not None and self.secret is None:
            raise InvalidValue(f"user {self.name} has an algorithm without a secret", subject=self.name)
        return self


class Enable(Setting):
    """What leads to privileged mode; a device that has a secret does not look at the password."""

    FEATURE: ClassVar[str] = "enable"

    secret: SecretReference | None = None
    algorithm: Algorithm | None = None
    password: SecretReference | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "Enable":
        if self.secret is None and (self.password is None or self.algorithm is not None):
            raise InvalidValue(
                "enable has a secret or a password, and an algorithm only beside a secret", subject="enable"
            )
        return self


class Algorithms(Value):
    """The algorithms of one side of SSH, the preferred ones first."""

    encryption: tuple[Word, ...] = ()
    mac: tuple[Word, ...] = ()
    kex: tuple[Word, ...] = ()
    hostkey: tuple[Word, ...] = ()
    publickey: tuple[Word, ...] = ()


class Ssh(Setting):
    """The SSH server, its client, and the SCP server that file transfers need."""

    FEATURE: ClassVar[str] = "ssh"

    version: Literal[1, 2] | None = None
    time_out: Annotated[int, Field(ge=1, le=120)] = 120
    authentication_retries: Annotated[int, Field(ge=0, le=5)] = 3
    max_startups: Annotated[int, Field(ge=2, le=128)] | None = None
    source_interface: InterfaceName | None = None
    logging_events: bool = False
    dh_min_size: Literal[1024, 2048, 4096] = 1024
    key_pair: Word | None = None
    dscp: Annotated[int, Field(ge=0, le=63)] | None = None
    server: Algorithms = Algorithms()
    client: Algorithms = Algorithms()
    scp_server: bool = False


class LoginBlock(Value):
    """For how many seconds nobody comes in after so many failed logins within so many seconds."""

    seconds: Annotated[int, Field(ge=1, le=65535)]
    attempts: Annotated[int, Field(ge=1, le=65535)]
    within: Annotated[int, Field(ge=1, le=65535)]


class LoginGuard(Setting):
    """What hinders who tries passwords: a pause, a time in which nobody comes in, messages, the length of passwords.

    `quiet_access_class` names the access list of those who come in all the same.
    """

    FEATURE: ClassVar[str] = "login-guard"

    block: LoginBlock | None = None
    delay: Annotated[int, Field(ge=1, le=10)] | None = None
    quiet_access_class: Word | None = None
    log_failures: bool = False
    log_successes: bool = False
    password_length: Annotated[int, Field(ge=1, le=16)] | None = None
