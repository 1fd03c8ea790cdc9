"""Lines of a device's configuration that no feature models, adopted into intent word for word."""

from typing import Annotated, ClassVar

from pydantic import AfterValidator

from cimnet_nornir.domain.features.model import Setting
from cimnet_nornir.errors import InvalidValue


def _lines(value: tuple[str, ...]) -> tuple[str, ...]:
    for line in value:
        if not line.strip() or not line.replace("\n", "").replace("\t", " ").isprintable():
            raise InvalidValue(f"{line!r} is no line of a configuration", subject="lines")
    if not value:
        raise InvalidValue("a block has at least one line", subject="lines")
    return value


Lines = Annotated[tuple[str, ...], AfterValidator(_lines)]


class ConfigurationBlock(Setting):
    """Lines kept word for word: at the top level, or in the section that `section` leads to.

    Deeper lines are indented by one space a level; a banner or certificate is one line that holds several. A secret in
    a line is a mark, `<secret:env:NAME>`, that names where it is found.
    """

    FEATURE: ClassVar[str] = "configuration-block"
    KEY: ClassVar[tuple[str, ...]] = ("name",)

    name: Annotated[str, AfterValidator(str.strip)]
    section: tuple[str, ...] = ()
    lines: Lines
