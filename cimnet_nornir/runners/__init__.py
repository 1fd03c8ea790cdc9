"""Nornir runners: in which order hosts are done, and how many at once."""

from cimnet_nornir.runners.waves import WavesRunner

__all__ = ["WavesRunner"]
