"""SNMP: the agent, who may read or write what, where traps go, and the users of version 3."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator

from cimnet_nornir.domain.access_list_names import AclName
from cimnet_nornir.domain.features.fields import InterfaceName, Line, Server, Tcp, Word, as_text
from cimnet_nornir.domain.features.model import SecretReference, Setting
from cimnet_nornir.domain.features.per_vrf import PerVrfSetting
from cimnet_nornir.errors import InvalidValue, NotFound

if TYPE_CHECKING:
    from cimnet_nornir.domain.device import Device

SecurityLevel = Literal["noauth", "auth", "priv"]
Version = Annotated[Literal["1", "2c", "3"], BeforeValidator(as_text)]


class Snmp(Setting):
    """The agent of a device: what it says of itself, and where it sends from."""

    FEATURE: ClassVar[str] = "snmp"

    engine_id: Word | None = None
    location: Line | None = None
    contact: Line | None = None
    chassis_id: Line | None = None
    trap_source: InterfaceName | None = None
    ifindex_persist: bool = False
    packet_size: Annotated[int, Field(ge=484, le=17892)] | None = None
    queue_length: Annotated[int, Field(ge=1, le=5000)] | None = None
    system_shutdown: bool = False


class SnmpView(Setting):
    """A part of the tree of objects, named as a device shows them: what is in it, and what of that is not."""

    FEATURE: ClassVar[str] = "snmp-view"
    KEY: ClassVar[tuple[str, ...]] = ("name",)

    name: Word
    included: tuple[Word, ...] = ()
    excluded: tuple[Word, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> "SnmpView":
        if not self.included and not self.excluded:
            raise InvalidValue(f"the view {self.name} names no objects", subject="included")
        return self


class SnmpGroup(Setting):
    """Users of one version and level of security, and the views that they have."""

    FEATURE: ClassVar[str] = "snmp-group"
    KEY: ClassVar[tuple[str, ...]] = ("name",)

    name: Word
    version: Version = "3"
    level: SecurityLevel | None = None
    read: Word | None = None
    write: Word | None = None
    notify: Word | None = None
    access_list: AclName | None = None

    @model_validator(mode="after")
    def _has_level(self) -> "SnmpGroup":
        if (self.version == "3") != (self.level is not None):
            raise InvalidValue("a group of version 3, and no other, has a level: noauth, auth or priv", subject="level")
        return self


class SnmpUser(Setting):
    """A user of version 3. No running configuration shows it: it is sent unless the last push sent it just so."""

    FEATURE: ClassVar[str] = "snmp-user"
    KEY: ClassVar[tuple[str, ...]] = ("name",)

    name: Word
    group: Word
    auth: Literal["md5", "sha"] | None = None
    auth_secret: SecretReference | None = None
    privacy: Literal["des", "3des", "aes 128", "aes 192", "aes 256"] | None = None
    privacy_secret: SecretReference | None = None
    access_list: AclName | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> "SnmpUser":
        if (self.auth is None) != (self.auth_secret is None) or (self.privacy is None) != (self.privacy_secret is None):
            raise InvalidValue("a protocol and its secret go together", subject="auth_secret")
        if self.privacy is not None and self.auth is None:
            raise InvalidValue("there is no privacy without authentication", subject="privacy")
        return self

    def check(self, device: "Device") -> None:
        """Refuse a user of a group that is not there: nothing would be allowed to it. Raises NotFound."""
        group = device.setting(SnmpGroup.FEATURE, self.group)
        if not isinstance(group, SnmpGroup) or group.version != "3":
            raise NotFound(
                f"{device.name} has no SNMP group {self.group} of version 3, which the user {self.name} is in",
                subject=self.group,
            )


class SnmpCommunity(Setting):
    """A community of versions 1 and 2c. Its name is a secret, so that a number tells it from others."""

    FEATURE: ClassVar[str] = "snmp-community"
    KEY: ClassVar[tuple[str, ...]] = ("number",)

    number: Annotated[int, Field(ge=1)]
    community: SecretReference
    access: Literal["ro", "rw"] = "ro"
    view: Word | None = None
    access_list: AclName | None = None
    ipv6_access_list: Word | None = None


class SnmpHost(PerVrfSetting):
    """A host that traps or informs go to, by a community or, in version 3, by a user."""

    FEATURE: ClassVar[str] = "snmp-host"
    KEY: ClassVar[tuple[str, ...]] = ("host",)

    host: Server
    informs: bool = False
    version: Version = "2c"
    level: SecurityLevel | None = None
    community: SecretReference | None = None
    user: Word | None = None
    port: Tcp | None = None
    traps: tuple[Word, ...] = ()

    @model_validator(mode="after")
    def _fits_version(self) -> "SnmpHost":
        third = self.version == "3"
        if (
            third != (self.user is not None)
            or third != (self.level is not None)
            or third == (self.community is not None)
        ):
            raise InvalidValue("version 3 has a user and a level, the others have a community", subject="community")
        if self.informs and self.version == "1":
            raise InvalidValue("version 1 has no informs", subject="informs")
        return self


class SnmpTrap(Setting):
    """One kind of trap that is sent; `parts` are those of it that are, where it has any ("snmp": linkup, linkdown)."""

    FEATURE: ClassVar[str] = "snmp-trap"
    KEY: ClassVar[tuple[str, ...]] = ("trap",)

    trap: Line
    parts: tuple[Word, ...] = ()
