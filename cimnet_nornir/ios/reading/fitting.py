"""A setting of many fields: those that do not fit are left out, and their lines are adopted word for word."""

from typing import Any

from pydantic import ValidationError

from cimnet_nornir.domain.features.model import Setting
from cimnet_nornir.ios.reading.draft import Draft


def add_what_fits(draft: Draft, kind: type[Setting], fields: dict[str, Any]) -> Setting | None:
    """Take in a setting without the fields whose values it does not take; None where there is nothing left."""
    told = {name: value for name, value in fields.items() if value is not None}
    try:
        kind.model_validate(told)
    except ValidationError as error:
        wrong = {details["loc"][0] for details in error.errors() if details["loc"]} - set(kind.KEY)
        told = {name: value for name, value in told.items() if name not in wrong}
    return draft.add(kind, **told) if told else None
