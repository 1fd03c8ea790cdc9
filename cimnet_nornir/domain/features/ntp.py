"""Time from the network: the servers and peers of a device, its keys, and who may ask it."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from cimnet_nornir.domain.access_list_names import AclName
from cimnet_nornir.domain.features.fields import InterfaceName, Server
from cimnet_nornir.domain.features.model import SecretReference, Setting
from cimnet_nornir.domain.features.per_vrf import PerVrfSetting
from cimnet_nornir.domain.values import Value

KeyNumber = Annotated[int, Field(ge=1, le=4294967295)]
PollExponent = Annotated[int, Field(ge=4, le=17)]


class KeyRange(Value):
    """Keys that are trusted, from the first to the last."""

    first: KeyNumber
    last: KeyNumber | None = None


class NtpAccess(Value):
    """Access lists by what they allow, from the most to the least."""

    peer: AclName | None = None
    serve: AclName | None = None
    serve_only: AclName | None = None
    query_only: AclName | None = None


class Ntp(Setting):
    """What holds for all associations; `master` is the stratum that a device has by its own clock."""

    FEATURE: ClassVar[str] = "ntp"

    authenticate: bool = False
    trusted_keys: tuple[KeyRange, ...] = ()
    source: InterfaceName | None = None
    access: NtpAccess | None = None
    master: Annotated[int, Field(ge=1, le=15)] | None = None
    update_calendar: bool = False
    logging: bool = False
    max_associations: Annotated[int, Field(ge=0, le=4294967295)] | None = None


class NtpKey(Setting):
    """A key by its number; the secret is given by reference."""

    FEATURE: ClassVar[str] = "ntp-key"
    KEY: ClassVar[tuple[str, ...]] = ("number",)

    number: KeyNumber
    algorithm: Literal["md5", "hmac-sha1", "hmac-sha2-256", "cmac-aes-128"] = "md5"
    secret: SecretReference


class NtpServer(PerVrfSetting):
    """A server that a device takes its time from."""

    FEATURE: ClassVar[str] = "ntp-server"
    KEY: ClassVar[tuple[str, ...]] = ("server",)

    server: Server
    version: Annotated[int, Field(ge=1, le=3)] | None = None
    authentication_key: KeyNumber | None = None
    min_poll: PollExponent | None = None
    max_poll: PollExponent | None = None
    source: InterfaceName | None = None
    prefer: bool = False
    burst: bool = False
    iburst: bool = False


class NtpPeer(NtpServer):
    """A device that gives time as well as taking it."""

    FEATURE: ClassVar[str] = "ntp-peer"
