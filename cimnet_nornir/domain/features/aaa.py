"""Authentication, authorization and accounting: whether they are on, the lists of methods, and the servers asked."""

from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, model_validator

from cimnet_nornir.domain.features.fields import InterfaceName, Line, Server, Tcp, VrfName, Word
from cimnet_nornir.domain.features.model import SecretReference, Setting
from cimnet_nornir.domain.values import Value
from cimnet_nornir.errors import InvalidValue, RuleViolated

if TYPE_CHECKING:
    from cimnet_nornir.domain.device import Device

_METHODS = frozenset({"local", "local-case", "enable", "line", "none", "krb5", "krb5-telnet", "if-authenticated"})
_NAMED = ("group ", "cache ")
_COMMANDS = r"commands (?:\d|1[0-5])"
_AUTHORIZED = "exec|network|auth-proxy|reverse-access|configuration|credential-download|subscriber-service|cache"
_ACCOUNTED = "exec|network|system|connection|resource|auth-proxy|identity|dot1x|vrrs|onep"
Seconds = Annotated[int, Field(ge=1, le=1000)]
# Those of IOS, older than those that IANA gave out.
AUTH_PORT = 1645
ACCT_PORT = 1646


def _method(value: str) -> str:
    words = value.split(" ")
    if value not in _METHODS and not (value.startswith(_NAMED) and len(words) == 2 and words[1]):
        raise InvalidValue(
            f"{value!r} is no method; known: group NAME, {', '.join(sorted(_METHODS))}", subject="method"
        )
    return value


Method = Annotated[str, AfterValidator(_method)]
Level = Annotated[int, Field(ge=0, le=15)]


class Aaa(Setting):
    """Whether AAA is on: with it a line asks the list that it names, or "default", and local users without a list."""

    FEATURE: ClassVar[str] = "aaa"

    new_model: bool = True
    session_id: Literal["common", "unique"] = "common"
    local_attempts: Annotated[int, Field(ge=1, le=65535)] | None = None
    authorize_console: bool = False
    authorize_configuration: bool = False
    accounting_update: Line | None = None

    @model_validator(mode="after")
    def _nothing_of_what_is_off(self) -> "Aaa":
        if not self.new_model and self != Aaa.model_construct(new_model=False):
            raise InvalidValue("AAA is off, so that nothing else of it can be said", subject="aaa")
        return self


def uses_aaa(device: "Device") -> bool:
    """Whether AAA is on."""
    aaa = device.setting(Aaa.FEATURE)
    return isinstance(aaa, Aaa) and aaa.new_model


def require_aaa(device: "Device", setting: Setting, what: str) -> None:
    """Refuse what a device takes only with AAA. Raises RuleViolated."""
    if not uses_aaa(device):
        raise RuleViolated(
            f"{device.name} has {what}, but no AAA; set the feature aaa, with new_model",
            subject=f"{device.name} {setting.identity}",
        )


class _List(Setting):
    """A list of methods by what it is for and its name; "default" is that of whoever names none."""

    KEY: ClassVar[tuple[str, ...]] = ("service", "name")

    service: Line
    name: Word = "default"

    def check(self, device: "Device") -> None:
        """Refuse a list without AAA. Raises RuleViolated."""
        require_aaa(device, self, f"the list {self.FEATURE} {self.own_key}")


class AuthenticationList(_List):
    """Who is asked whether somebody is who they say, in this order; the next is asked only if one does not answer."""

    FEATURE: ClassVar[str] = "aaa-authentication"

    service: Literal["login", "enable", "ppp", "dot1x", "arap", "sgbp"]
    methods: Annotated[tuple[Method, ...], Field(min_length=1)]


class AuthorizationList(_List):
    """Who is asked what somebody may do: start a session ("exec"), type commands of a level ("commands 15")."""

    FEATURE: ClassVar[str] = "aaa-authorization"

    service: Annotated[Line, Field(pattern=rf"^(?:{_COMMANDS}|{_AUTHORIZED})$")]
    methods: Annotated[tuple[Method, ...], Field(min_length=1)]


class AccountingList(_List):
    """Who is told what somebody does, and when: "start-stop", "stop-only", or "none" for nobody."""

    FEATURE: ClassVar[str] = "aaa-accounting"

    service: Annotated[Line, Field(pattern=rf"^(?:{_COMMANDS}|{_ACCOUNTED})$")]
    action: Literal["start-stop", "stop-only", "none"]
    broadcast: bool = False
    groups: tuple[Word, ...] = ()

    @model_validator(mode="after")
    def _somebody_is_told(self) -> "AccountingList":
        if bool(self.groups) is (self.action == "none"):
            raise InvalidValue(
                f"{self.action} of {self.service} goes with {'no' if self.groups else 'a'} group", subject=self.service
            )
        return self


class GroupServer(Value):
    """A server of a group: one that is declared by name, one by address, or a private one with a key of its own."""

    name: Word | None = None
    address: Server | None = None
    private: bool = False
    auth_port: Tcp | None = None
    acct_port: Tcp | None = None
    port: Tcp | None = None
    timeout: Seconds | None = None
    shared_secret: SecretReference | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> "GroupServer":
        if (self.name is None) is (self.address is None):
            raise InvalidValue("a server of a group has a name or an address", subject="server")
        if self.name is not None and self != GroupServer.model_construct(name=self.name):
            raise InvalidValue(f"what server {self.name} is stands where it is declared", subject=self.name)
        if not self.private and (self.shared_secret or self.timeout or self.port):
            raise InvalidValue(
                f"only a private server has a key, a port or a timeout ({self.address})", subject="server"
            )
        return self


class ServerGroup(Setting):
    """Servers of one protocol that are asked in their order, perhaps in a VRF."""

    FEATURE: ClassVar[str] = "aaa-group"
    KEY: ClassVar[tuple[str, ...]] = ("name",)

    name: Word
    protocol: Literal["tacacs+", "radius", "ldap"]
    servers: tuple[GroupServer, ...] = ()
    vrf: VrfName | None = None
    source_interface: InterfaceName | None = None
    dead_time: Annotated[int, Field(ge=1, le=1440)] | None = None

    @model_validator(mode="after")
    def _each_once(self) -> "ServerGroup":
        told = [(server.name, server.address, server.auth_port, server.acct_port) for server in self.servers]
        if len(set(told)) < len(told):
            raise InvalidValue(f"a server stands twice in group {self.name}", subject=self.name)
        if self.protocol != "radius" and any(server.auth_port or server.acct_port for server in self.servers):
            raise InvalidValue(
                f"only RADIUS has two ports, and group {self.name} is {self.protocol}", subject=self.name
            )
        return self

    def check(self, device: "Device") -> None:
        """Refuse a group without AAA. Raises RuleViolated."""
        require_aaa(device, self, f"the group of servers {self.name}")


class TacacsServer(Setting):
    """A TACACS+ server by a name of its own."""

    FEATURE: ClassVar[str] = "tacacs-server"
    KEY: ClassVar[tuple[str, ...]] = ("name",)

    name: Word
    address: Server
    shared_secret: SecretReference | None = None
    port: Tcp = 49
    timeout: Seconds | None = None
    single_connection: bool = False


class RadiusServer(Setting):
    """A RADIUS server by a name of its own."""

    FEATURE: ClassVar[str] = "radius-server"
    KEY: ClassVar[tuple[str, ...]] = ("name",)

    name: Word
    address: Server
    auth_port: Tcp = AUTH_PORT
    acct_port: Tcp = ACCT_PORT
    shared_secret: SecretReference | None = None
    timeout: Seconds | None = None
    retransmit: Annotated[int, Field(ge=0, le=100)] | None = None
    automate_tester: Line | None = None


class LdapServer(Setting):
    """An LDAP server by a name of its own, with the entry as which a device asks it, and below which it looks."""

    FEATURE: ClassVar[str] = "ldap-server"
    KEY: ClassVar[tuple[str, ...]] = ("name",)

    name: Word
    address: IPv4Address
    port: Tcp | None = None
    bind_dn: Word | None = None
    bind_secret: SecretReference | None = None
    base_dn: Line | None = None
    retransmit_timeout: Annotated[int, Field(ge=1, le=65535)] | None = None

    @model_validator(mode="after")
    def _binds_with_a_password(self) -> "LdapServer":
        if (self.bind_dn is None) != (self.bind_secret is None):
            raise InvalidValue(f"server {self.name} is asked as bind_dn with bind_secret: both, or neither")
        return self


class TacacsHost(Setting):
    """A TACACS+ server in the form of older images: by its address alone."""

    FEATURE: ClassVar[str] = "tacacs-host"
    KEY: ClassVar[tuple[str, ...]] = ("address",)

    address: Server
    single_connection: bool = False
    port: Tcp | None = None
    timeout: Seconds | None = None
    shared_secret: SecretReference | None = None


class RadiusHost(Setting):
    """A RADIUS server in the form of older images: by its address and ports."""

    FEATURE: ClassVar[str] = "radius-host"
    KEY: ClassVar[tuple[str, ...]] = ("address",)

    address: Server
    auth_port: Tcp = AUTH_PORT
    acct_port: Tcp = ACCT_PORT
    timeout: Seconds | None = None
    retransmit: Annotated[int, Field(ge=0, le=100)] | None = None
    shared_secret: SecretReference | None = None


class ServerDefaults(Setting):
    """What holds for all servers of a protocol that say nothing else, and where questions to them come from."""

    FEATURE: ClassVar[str] = "aaa-servers"
    KEY: ClassVar[tuple[str, ...]] = ("protocol",)

    protocol: Literal["tacacs", "radius"]
    shared_secret: SecretReference | None = None
    timeout: Seconds = 5
    retransmit: Annotated[int, Field(ge=0, le=100)] = 3
    dead_time: Annotated[int, Field(ge=1, le=1440)] | None = None
    dead_criteria: Line | None = None
    directed_request: bool = False
    source_interface: InterfaceName | None = None
    attributes: tuple[Line, ...] = ()
    vendor_attributes: tuple[Literal["", "accounting", "authentication"], ...] = ()

    @model_validator(mode="after")
    def _of_radius_only(self) -> "ServerDefaults":
        of_radius = ("retransmit", "dead_time", "dead_criteria", "attributes", "vendor_attributes")
        # What events keep has all the fields, so that only one with a value of its own says something.
        said = any(getattr(self, name) != ServerDefaults.model_fields[name].default for name in of_radius)
        if self.protocol == "tacacs" and said:
            raise InvalidValue("TACACS+ has a key, a timeout, a source and directed requests alone", subject="tacacs")
        if self.protocol == "radius" and self.directed_request:
            raise InvalidValue("directed requests are a matter of TACACS+", subject="radius")
        return self
