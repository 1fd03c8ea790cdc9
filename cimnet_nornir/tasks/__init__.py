"""Nornir tasks: render, plan, push, verify and ask what devices can do; each usable alone in anybody's runbook."""

from cimnet_nornir.tasks.configuration import cimnet_plan, cimnet_render, cimnet_verify
from cimnet_nornir.tasks.doctor import cimnet_doctor
from cimnet_nornir.tasks.push import cimnet_push

__all__ = ["cimnet_doctor", "cimnet_plan", "cimnet_push", "cimnet_render", "cimnet_verify"]
