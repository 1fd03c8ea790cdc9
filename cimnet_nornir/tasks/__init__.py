"""Nornir tasks: render, plan, push, verify, check, collect, and ask what devices can do; each usable in a runbook."""

from cimnet_nornir.tasks.checks import cimnet_checks
from cimnet_nornir.tasks.collect import cimnet_collect
from cimnet_nornir.tasks.configuration import cimnet_plan, cimnet_render, cimnet_verify
from cimnet_nornir.tasks.doctor import cimnet_doctor
from cimnet_nornir.tasks.push import cimnet_push

__all__ = [
    "cimnet_checks",
    "cimnet_collect",
    "cimnet_doctor",
    "cimnet_plan",
    "cimnet_push",
    "cimnet_render",
    "cimnet_verify",
]
