"""From a configuration back to intent: a module an area, each a function over the normalised tree."""

from cimnet_nornir.ios.reading.read import read_configuration

__all__ = ["read_configuration"]
