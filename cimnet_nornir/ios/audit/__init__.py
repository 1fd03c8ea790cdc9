"""Audit of configurations: rules over a parsed configuration, packaged ones for hardening, and what runs them.

A rule is declared in YAML (AuditRule in cimnet_nornir.domain.audit says how), or is a function:

    @audit_rule("acl-permits-all", "warning", "An access list lets everything through.", reason="it filters nothing")
    def acl_permits_all(configuration: AuditedConfiguration) -> Iterator[Problem]:
        for acl in configuration.sections("ip access-list extended .+"):
            for line in acl.lines("([0-9]+ )?permit ip any any"):
                yield Problem(acl, line, mend=(f"no {line}",))
"""

from cimnet_nornir.ios.audit.auditor import IosAuditor
from cimnet_nornir.ios.audit.rules import AnyAuditRule, Problem, audit_rule, declared, with_severity
from cimnet_nornir.ios.audit.view import AuditedConfiguration, Section, audited

__all__ = [
    "AnyAuditRule",
    "AuditedConfiguration",
    "IosAuditor",
    "Problem",
    "Section",
    "audit_rule",
    "audited",
    "declared",
    "with_severity",
]
