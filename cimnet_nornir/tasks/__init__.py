"""Nornir tasks: render, plan, push and verify; each usable alone in anybody's runbook."""

from cimnet_nornir.tasks.configuration import cimnet_plan, cimnet_render, cimnet_verify
from cimnet_nornir.tasks.push import cimnet_push

__all__ = ["cimnet_plan", "cimnet_push", "cimnet_render", "cimnet_verify"]
