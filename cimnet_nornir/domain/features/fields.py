"""Kinds of field that settings of several features share: words, addresses of servers, times, lines of text."""

import re
from ipaddress import ip_address
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from cimnet_nornir.domain import values
from cimnet_nornir.domain.values import InterfaceName
from cimnet_nornir.errors import InvalidValue

__all__ = ["InterfaceName", "Line", "Server", "Tcp", "VrfName", "Word", "as_text"]

_LOGIN = re.compile(r"[a-z]://[^\s:/@]+:(?!<secret:)[^\s@/]+@", re.IGNORECASE)


def as_text(value: object) -> object:
    """A number in a file is meant as the text that it is written with."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _word(value: str) -> str:
    if not value or not value.isprintable() or " " in value:
        raise InvalidValue(f"{value!r} is not one word", subject="word")
    return value


def _server(value: str) -> str:
    """An address in its one form, or a name."""
    _word(value)
    if value[0].isdigit() or ":" in value:
        try:
            return str(ip_address(value))
        except ValueError as error:
            raise InvalidValue(f"{value!r} is no address; write it like 192.0.2.1", subject="server") from error
    return value


def _without_login(value: str) -> str:
    if _LOGIN.search(value):
        # The text is not told: there is a secret in it.
        raise InvalidValue("a password stands in a URL, and no event keeps one", subject="url")
    return value


Line = Annotated[values.Line, AfterValidator(_without_login)]
"""A line of text, without a password in a URL."""
Word = Annotated[str, BeforeValidator(as_text), AfterValidator(_word)]
Server = Annotated[str, AfterValidator(_server)]
"""A host by address or name."""
VrfName = Annotated[Word, Field(max_length=32)]
Tcp = Annotated[int, Field(ge=1, le=65535)]
"""A port of TCP or UDP."""
