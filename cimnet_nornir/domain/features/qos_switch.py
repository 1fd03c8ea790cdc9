"""Quality of service of a switch by its markings: maps, queues, and which ports are trusted.

After "Configuring QoS" and "Configuring Auto-QoS" of the Catalyst 2960, 3560 and 3750 guides.
"""

import re
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from cimnet_nornir.domain.features.model import InterfaceSetting
from cimnet_nornir.domain.features.policy_fields import UNIQUE
from cimnet_nornir.domain.features.qos_fields import QosName
from cimnet_nornir.domain.features.switching import SwitchSetting
from cimnet_nornir.domain.requirements import require_switch
from cimnet_nornir.domain.values import Value
from cimnet_nornir.errors import InvalidValue

if TYPE_CHECKING:
    from cimnet_nornir.domain.device import Device

CodePoint = Annotated[int, Field(ge=0, le=63)]
# What stands behind `mls qos srr-queue` and `mls qos queue-set output`.
_QUEUEING = re.compile(
    r"srr-queue (?:input|output) (?:cos-map|dscp-map) queue [1-4] threshold [1-3](?: \d{1,2}){1,8}"
    r"|srr-queue input (?:bandwidth \d{1,3} \d{1,3}|buffers \d{1,3} \d{1,3}|threshold [12] \d{1,3} \d{1,3})"
    r"|srr-queue input priority-queue [12] bandwidth \d{1,2}"
    r"|queue-set output [12] (?:threshold [1-4](?: \d{1,4}){4}|buffers(?: \d{1,3}){4})"
)


def _queueing(value: str) -> str:
    words = " ".join(value.split())
    if not _QUEUEING.fullmatch(words):
        raise InvalidValue(
            f"{value!r} tells nothing of queues; write like srr-queue output cos-map queue 1 threshold 3 5",
            subject="queueing",
        )
    return words


Queueing = Annotated[str, AfterValidator(_queueing)]


class Remark(Value):
    """What a policer marks packets down to, by what they were marked with."""

    marked: Annotated[tuple[CodePoint, ...], Field(min_length=1, max_length=8)]
    to: CodePoint


class MlsQos(SwitchSetting):
    """Whether a switch looks at markings at all, what one marking stands for in another, and which queue it goes to.

    `queueing` are its lines behind `mls qos`, as IOS shows them: a value stays in its queue until it is told another.
    """

    FEATURE: ClassVar[str] = "mls-qos"

    enabled: bool = True
    rewrite_dscp: bool = True
    cos_dscp: Annotated[tuple[CodePoint, ...], Field(min_length=8, max_length=8)] | None = None
    precedence_dscp: Annotated[tuple[CodePoint, ...], Field(min_length=8, max_length=8)] | None = None
    policed_dscp: tuple[Remark, ...] = ()
    queueing: Annotated[tuple[Queueing, ...], UNIQUE] = ()


Weight = Annotated[int, Field(ge=0, le=65535)]
Weights = Annotated[tuple[Weight, ...], Field(min_length=4, max_length=4)]


class QosPort(InterfaceSetting):
    """What a port trusts, and how its four queues are served.

    `auto` is a macro, "voip cisco-phone": what a device makes of it (maps, queues, policies, lines of the port) are
    settings of their own, which an import takes in.
    """

    FEATURE: ClassVar[str] = "qos-port"

    auto: (
        Annotated[
            str, Field(pattern=r"^(voip (cisco-phone|cisco-softphone|trust)|trust( cos| dscp)?|classify|video \S+)$")
        ]
        | None
    ) = None
    trust: Literal["cos", "dscp", "ip-precedence"] | None = None
    trust_device: Literal["cisco-phone", "cts", "ip-camera", "media-player"] | None = None
    cos: Annotated[int, Field(ge=0, le=7)] | None = None
    cos_override: bool = False
    vlan_based: bool = False
    dscp_mutation: QosName | None = None
    queue_set: Literal[1, 2] | None = None
    priority_queue: bool = False
    share: Weights | None = None
    shape: Weights | None = None
    limit: Annotated[int, Field(ge=10, le=90)] | None = None

    def check(self, device: "Device") -> None:
        """Refuse it on anything but an interface of a switch. Raises PortNotFound, RuleViolated."""
        require_switch(device)
        super().check(device)
