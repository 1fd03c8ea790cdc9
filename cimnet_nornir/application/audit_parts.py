"""What audits need from outside: the rules, and what they find in a text."""

from collections.abc import Collection
from typing import Protocol

from cimnet_nornir.domain.audit import AuditFinding, RuleAbout


class Auditor(Protocol):
    """What knows the rules of audit, and finds where a configuration does not keep them."""

    @property
    def rules(self) -> tuple[RuleAbout, ...]:
        """The rules that are in force."""
        ...

    def audit(
        self, text: str, *, device: str, groups: tuple[str, ...], rules: Collection[str]
    ) -> tuple[AuditFinding, ...]:
        """What the rules of those ids find in a device's configuration. Raises ConfigurationError."""
        ...

    def general(self) -> tuple[AuditFinding, ...]:
        """What is to be told although it is about no device: rules that could not be loaded."""
        ...

    def known(self, text: str, name: str) -> tuple[str, tuple[str, ...]]:
        """The device name (else the one given) and the groups that a configuration tells by itself.

        Raises ConfigurationError.
        """
        ...


class NoAuditor:
    """Stands in where a service was built without rules of audit."""

    rules: tuple[RuleAbout, ...] = ()

    def audit(
        self,
        text: str,  # noqa: ARG002 - what every auditor is given
        *,
        device: str,  # noqa: ARG002 - the same
        groups: tuple[str, ...],  # noqa: ARG002 - the same
        rules: Collection[str],  # noqa: ARG002 - the same
    ) -> tuple[AuditFinding, ...]:
        return ()

    def general(self) -> tuple[AuditFinding, ...]:
        return ()

    def known(self, text: str, name: str) -> tuple[str, tuple[str, ...]]:  # noqa: ARG002 - the same
        return name, ()
