"""What all models of a definition file have in common."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cimnet_nornir.definition.fields import IDENTIFIER
from cimnet_nornir.domain.values import Description, Identifier

_ONE_LINE = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"

Name = Annotated[Identifier, Field(json_schema_extra={"pattern": IDENTIFIER})]
Text = Annotated[Description, Field(json_schema_extra={"pattern": _ONE_LINE})]


class FileModel(BaseModel):
    """Base of the models: nothing unknown, nothing converted (a quoted "10" is a text, `yes` is no truth value)."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    @model_validator(mode="before")
    @classmethod
    def _empty_is_not_said(cls, data: object) -> object:
        """A field with nothing after it counts as left out, as when all lines below it are commented out."""
        return {key: value for key, value in data.items() if value is not None} if isinstance(data, dict) else data
