"""The rules that every network needs, whatever its vendors."""

from cimnet_nornir.domain.validation.addressing_rules import ADDRESSING_RULES
from cimnet_nornir.domain.validation.bundle_rules import BUNDLE_RULES
from cimnet_nornir.domain.validation.change_rules import CHANGE_RULES
from cimnet_nornir.domain.validation.device_rules import DEVICE_RULES
from cimnet_nornir.domain.validation.filter_rules import FILTER_RULES
from cimnet_nornir.domain.validation.hosting_rules import HOSTING_RULES
from cimnet_nornir.domain.validation.link_rules import LINK_RULES
from cimnet_nornir.domain.validation.lock_out import LOCK_OUT_RULES
from cimnet_nornir.domain.validation.pool_rules import POOL_RULES
from cimnet_nornir.domain.validation.reference_rules import REFERENCE_RULES
from cimnet_nornir.domain.validation.routing_rules import ROUTING_RULES
from cimnet_nornir.domain.validation.rules import AnyRule
from cimnet_nornir.domain.validation.service_rules import SERVICE_RULES
from cimnet_nornir.domain.validation.switching_rules import SWITCHING_RULES

STANDARD_RULES: tuple[AnyRule, ...] = (
    *DEVICE_RULES,
    *LINK_RULES,
    *BUNDLE_RULES,
    *ADDRESSING_RULES,
    *POOL_RULES,
    *ROUTING_RULES,
    *FILTER_RULES,
    *REFERENCE_RULES,
    *SERVICE_RULES,
    *SWITCHING_RULES,
    *HOSTING_RULES,
    *CHANGE_RULES,
    *LOCK_OUT_RULES,
)
