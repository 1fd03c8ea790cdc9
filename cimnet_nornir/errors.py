"""Every error the package raises, one tree; each carries its subject, the thing it is about.

CimnetError
├── InvalidInput                what a person wrote is wrong
│   ├── InvalidValue            a value outside its range or syntax
│   ├── DefinitionError         a network definition file: has file, line and field
│   └── SettingsError           a setting, option or environment variable
├── DomainError                 a rule of the network refuses a command
│   ├── AlreadyExists           a name or identity is taken
│   │   ├── PoolAlreadyExists   there is an address pool of that name
│   │   └── VlanAlreadyExists   the switch has the VLAN
│   ├── NotFound                it names something that is not there
│   │   ├── AccessListNotFound  the device has no access list of that name
│   │   ├── ContainerNetworkNotFound  no container network of that name
│   │   ├── DeviceNotFound      no device of that id or host name
│   │   ├── PoolNotFound        no address pool of that name
│   │   ├── PortNotFound        the device has no such port
│   │   ├── SubnetNotFound      no pool has allocated or reserved the subnet
│   │   ├── VlanNotFound        the switch does not have the VLAN
│   │   └── VmNetworkNotFound   no network of virtual machines of that name
│   ├── ApprovalMissing         a plan has fewer approvals than the project wants
│   ├── ApprovalRefused         a signature approves nothing
│   ├── DuplicateIpAddress      an address is in use elsewhere
│   ├── ImportRefused           configurations cannot be taken in as they are
│   ├── InvalidTransition       a device's lifecycle does not go that way
│   ├── NetworkInUse            a container or VM network, or what it stands on, is in use
│   ├── NoAvailableAddress      every address of the subnet is taken
│   ├── NoAvailableSubnet       nothing so large is free in the pool
│   ├── NoLayer2Path            no links that can carry a VLAN join two switches
│   ├── SubnetInUse             addresses of the subnet are assigned
│   ├── SubnetOverlap           the prefix shares addresses with another
│   ├── UndoRefused             later events depend on what is to be taken back
│   ├── ValidationRefused       the change adds errors to what validation finds
│   ├── VlanInUse               somebody is in the VLAN
│   └── RuleViolated            any other rule
│       └── AccessListInUse     interfaces use the access list that is to go
├── StoreError                  the event log
│   ├── ConcurrencyConflict     somebody appended first; load afresh and decide again
│   ├── LeaseHeld               another works on it
│   ├── LeaseLost               another took the lease since
│   ├── ReservationConflict     a unique name or address is taken
│   ├── UnknownEventType        written by a newer program
│   ├── StoreCorrupt            a hash or a version does not fit
│   └── StoreUnavailable        cannot be opened, read or written
├── RolloutStopped              a rollout ended before the host's turn; nothing was sent to it
├── RenderError                 a template
├── ConfigurationError          text of a device configuration that cannot be read
└── DeviceError                 a device or the way to it
    ├── DeviceUnreachable       no connection
    ├── HostKeyRefused          the device shows a key that is not the pinned one, or none is pinned
    ├── AuthenticationRefused   credentials were refused
    ├── CommandRejected         the device refused a line
    │   └── NotArmed            … before the first one of the change
    └── PushInDoubt             a push was started and its outcome is not known
"""

from collections.abc import Sequence
from uuid import UUID


class CimnetError(Exception):
    """Base of all; `subject` names the thing the error is about (a host, a stream, a field)."""

    def __init__(self, message: str, *, subject: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.subject = subject


class InvalidInput(CimnetError):
    """What a person wrote is wrong; the message says what would be right."""


class InvalidValue(InvalidInput, ValueError):
    """A value is outside its range or syntax; also a ValueError, so that pydantic reports the field it stood in."""


class DefinitionError(InvalidInput):
    """A network definition file is wrong: one problem with its file, line (from 1) and field."""

    def __init__(self, message: str, *, file: str, line: int, field: str = "", column: int = 0) -> None:
        where = f"{file}:{line}" + (f": {field}" if field else "")
        super().__init__(f"{where}: {message}", subject=field)
        self.file = file
        self.line = line
        self.column = column
        self.field = field
        self.problem = message


class SettingsError(InvalidInput):
    """A setting, option or environment variable is missing or wrong."""


class DomainError(CimnetError):
    """A rule of the network refuses a command."""


class AlreadyExists(DomainError):
    """The name or identity is taken."""


class NotFound(DomainError):
    """The command names something that is not there."""


class PoolAlreadyExists(AlreadyExists):
    """There is an address pool of that name in the network."""


class VlanAlreadyExists(AlreadyExists):
    """The switch has the VLAN already; `subject` is the VLAN id."""


class AccessListNotFound(NotFound):
    """The device has no access list of the name that an interface uses; `subject` is "access list NAME"."""


class ContainerNetworkNotFound(NotFound):
    """There is no container network of that name."""


class DeviceNotFound(NotFound):
    """There is no device of that id or host name."""


class PortNotFound(NotFound):
    """The device has no such port."""


class PoolNotFound(NotFound):
    """There is no address pool of that name, or none that the prefix is in."""


class SubnetNotFound(NotFound):
    """No pool has allocated or reserved a subnet of that prefix or name."""


class VlanNotFound(NotFound):
    """The switch does not have the VLAN; `subject` is the VLAN id."""


class VmNetworkNotFound(NotFound):
    """There is no network of virtual machines of that name."""


class ApprovalMissing(DomainError):
    """The plan has fewer approvals than the project wants; `subject` is the plan's digest."""


class ApprovalRefused(DomainError):
    """A signature approves nothing: it is of something else, nobody's who may approve, or the author's own.

    `subject` is the plan's digest, or the file of the allowed signers.
    """


class DuplicateIpAddress(DomainError):
    """The address is in use elsewhere."""


class InvalidTransition(DomainError):
    """A device's lifecycle does not go that way; `subject` is the device.

    `state` is where it is, `asked` what was to happen, `possible` what can happen from there.
    """

    def __init__(self, message: str, *, subject: str, state: str, asked: str, possible: Sequence[str]) -> None:
        super().__init__(message, subject=subject)
        self.state = state
        self.asked = asked
        self.possible = tuple(possible)


class NetworkInUse(DomainError):
    """A container or VM network, or what one stands on, is in use; `users` are the names of those that use it."""

    def __init__(self, message: str, *, subject: str, users: Sequence[str]) -> None:
        super().__init__(message, subject=subject)
        self.users = tuple(users)


class NoAvailableAddress(DomainError):
    """Every address of the subnet is assigned, kept for its gateway, or in use elsewhere; `subject` is the subnet."""


class NoAvailableSubnet(DomainError):
    """The pool has no free subnet of that length; `subject` is the pool."""


class SubnetInUse(DomainError):
    """Addresses of the subnet are assigned; `users` are they with their owners, in the order of the addresses."""

    def __init__(self, message: str, *, subject: str, users: Sequence[str]) -> None:
        super().__init__(message, subject=subject)
        self.users = tuple(users)


class SubnetOverlap(DomainError):
    """The prefix shares addresses with another pool, with a subnet, or with an interface of a device."""


class NoLayer2Path(DomainError):
    """No links that can carry the VLAN lead from one switch to another; `subject` is the switch."""


class VlanInUse(DomainError):
    """Somebody is in the VLAN on the switches it is to leave; `users` says who, each in a few words."""

    def __init__(self, message: str, *, subject: str, users: Sequence[str]) -> None:
        super().__init__(message, subject=subject)
        self.users = tuple(users)


class UndoRefused(DomainError):
    """What an event did cannot be taken back: `dependents` are the ids of later events that stand in the way."""

    def __init__(self, message: str, *, subject: str, dependents: Sequence[UUID] = ()) -> None:
        super().__init__(message, subject=subject)
        self.dependents = tuple(dependents)


class RuleViolated(DomainError):
    """The command would make a network that does not work; the message names the rule."""


class AccessListInUse(RuleViolated):
    """Interfaces use the access list that is to go; `users` are they, `subject` is "access list NAME"."""

    def __init__(self, message: str, *, subject: str, users: Sequence[str]) -> None:
        super().__init__(message, subject=subject)
        self.users = tuple(users)


class ImportRefused(DomainError):
    """Configurations cannot be taken in as they are; `problems` say why, a line each."""

    def __init__(self, message: str, *, subject: str, problems: Sequence[str]) -> None:
        super().__init__(message, subject=subject)
        self.problems = tuple(problems)


class ValidationRefused(DomainError):
    """The change adds errors to what validation finds; `problems` are they, a line each."""

    def __init__(self, message: str, *, subject: str, problems: Sequence[str]) -> None:
        super().__init__(message, subject=subject)
        self.problems = tuple(problems)


class StoreError(CimnetError):
    """The event log refused or failed."""


class ConcurrencyConflict(StoreError):
    """A stream that was read or written has moved on: load afresh and decide again."""


class LeaseHeld(StoreError):
    """Another has the lease and has not let go of it in the time that was waited; `holder` says who."""

    def __init__(self, message: str, *, subject: str, holder: str) -> None:
        super().__init__(message, subject=subject)
        self.holder = holder


class LeaseLost(StoreError):
    """A lease ran out and another took it: what stands on it is no longer done or written; `subject` is the lease."""


class ReservationConflict(StoreError):
    """A key that must be unique (a name, an address) is held by another owner."""

    def __init__(self, message: str, *, subject: str, owner: str) -> None:
        super().__init__(message, subject=subject)
        self.owner = owner


class UnknownEventType(StoreError):
    """A stored event has a type or schema version that this program does not know."""


class StoreCorrupt(StoreError):
    """A stored hash, version or checkpoint does not fit what is stored."""


class StoreUnavailable(StoreError):
    """The store cannot be opened, read or written (missing, locked, full disk, no permission)."""


class RolloutStopped(CimnetError):
    """A rollout ended before the host's turn: a wave before it failed, or somebody interrupted it. Nothing was sent."""


class RenderError(CimnetError):
    """A template is missing, wrong, or names a value that does not exist."""


class ConfigurationError(CimnetError):
    """Text of a device configuration cannot be read."""


class DeviceError(CimnetError):
    """A device, or the way to it, failed; `subject` is the host name."""


class DeviceUnreachable(DeviceError):
    """No connection could be made, or it broke before anything was sent."""


class HostKeyRefused(DeviceError):
    """The device shows an SSH host key other than the pinned one, or none is pinned."""


class AuthenticationRefused(DeviceError):
    """The device refused the credentials or the enable secret."""


class CommandRejected(DeviceError):
    """The device refused a line; `line` is the line, `answer` what the device said."""

    def __init__(self, message: str, *, subject: str, line: str, answer: str, sent: Sequence[str] = ()) -> None:
        super().__init__(message, subject=subject)
        self.line = line
        self.answer = answer
        self.sent = tuple(sent)


class NotArmed(CommandRejected):
    """The device refused what comes before the first line (a file, a timer, a lock): no line of the change arrived."""


class PushInDoubt(DeviceError):
    """A push was started and its outcome is not known; `cimnet recover` settles it."""
