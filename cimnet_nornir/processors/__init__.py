"""Nornir processors: what happens is recorded as it happens."""

from cimnet_nornir.processors.recorder import CimnetRecorder

__all__ = ["CimnetRecorder"]
