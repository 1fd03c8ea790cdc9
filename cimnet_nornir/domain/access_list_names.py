"""Names of access lists: a number says of itself whether the list is standard or extended, a word does not.

Numbers are those of the "Cisco IOS Security Command Reference", `access-list`; a name begins with a letter there
(`ip access-list`), which tells it from a number.
"""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator

from cimnet_nornir.errors import InvalidValue

AclKind = Literal["standard", "extended"]

_STANDARD = (range(1, 100), range(1300, 2000))
_EXTENDED = (range(100, 200), range(2000, 2700))
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,62}")


def kind_by_number(name: str) -> AclKind | None:
    """What the number of a list says about its kind; None for a name, and for a number that no list can have."""
    if not (name.isascii() and name.isdecimal()):
        return None
    number = int(name)
    if any(number in numbers for numbers in _STANDARD):
        return "standard"
    return "extended" if any(number in numbers for numbers in _EXTENDED) else None


def _as_text(value: object) -> object:
    """A number written as such (YAML) is the name of a numbered list."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _name(value: str) -> str:
    if _NAME.fullmatch(value) or (kind_by_number(value) and not value.startswith("0")):
        return value
    raise InvalidValue(
        f"{value!r} is no access list: a name that begins with a letter (at most 63 letters, digits, '-', '_', '.'),"
        " or a number (standard 1-99, 1300-1999; extended 100-199, 2000-2699)",
        subject="access list",
    )


AclName = Annotated[str, BeforeValidator(_as_text), AfterValidator(_name)]
