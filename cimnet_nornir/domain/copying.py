"""Copies of what a fold changes in place, so that before and after can be held side by side."""

from collections.abc import MutableMapping
from copy import copy
from dataclasses import fields, is_dataclass
from typing import TypeVar

from cimnet_nornir.domain.network import Network

Copied = TypeVar("Copied")


def copy_of(network: Network) -> Network:
    """The network as it is now, whatever becomes of the one given; values that never change are shared."""
    return _copied(network)


def _copied(value: Copied) -> Copied:
    found: object = value
    if isinstance(value, MutableMapping):
        found = {key: _copied(item) for key, item in value.items()}
    elif isinstance(value, list):
        found = [_copied(item) for item in value]
    elif isinstance(value, set):
        found = set(value)
    elif is_dataclass(value) and not isinstance(value, type) and not _frozen(value):
        found = copy(value)
        for part in fields(value):
            setattr(found, part.name, _copied(getattr(value, part.name)))
    return found  # type: ignore[return-value] # of the same kind, made part by part


def _frozen(value: object) -> bool:
    parameters = getattr(type(value), "__dataclass_params__", None)
    return bool(getattr(parameters, "frozen", False))
