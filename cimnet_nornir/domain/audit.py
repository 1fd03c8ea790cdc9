"""Audit of configurations: rules as declarations, and what is found where a configuration does not keep one.

Patterns are regular expressions that match a whole line, in the spelling that `cimnet render` shows; ` > ` stands
between a section and a line in it: `archive > log config > logging enable`.
"""

import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from cimnet_nornir.domain.checks import Patterns
from cimnet_nornir.domain.validation.findings import Finding, Severity
from cimnet_nornir.domain.values import Identifier, Line, Value
from cimnet_nornir.errors import InvalidValue

INTO = " > "
"""What stands between a section and a line in it."""
BROKEN = "broken-audit-rule"
"""The id under which rules of one's own are told of that cannot be loaded, or fail."""


def _pattern(value: str) -> str:
    try:
        for part in value.split(INTO):
            re.compile(part)
    except re.error as error:
        raise InvalidValue(f"{value!r} is no regular expression: {error}") from None
    return value


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else value


def _texts(value: object) -> object:
    # A line such as `1` or `true` in YAML is text here.
    several = _several(value)
    return tuple(str(each) for each in several) if isinstance(several, tuple) else several


LinePattern = Annotated[str, AfterValidator(_pattern)]
LinePatterns = Annotated[tuple[LinePattern, ...], BeforeValidator(_several)]


class Condition(Value):
    """Holds where every pattern of `has` matches a line, and none of `lacks` does."""

    has: LinePatterns = ()
    lacks: LinePatterns = ()


class ValueWithin(Value):
    """The group `value` of the pattern `line` is within bounds, or one of several words.

    `default` is what counts where no line matches; without it the line must be there.
    """

    line: LinePattern
    at_least: int | None = None
    at_most: int | None = None
    one_of: Annotated[tuple[str, ...], BeforeValidator(_texts)] = ()
    default: Annotated[str, BeforeValidator(lambda value: str(value) if isinstance(value, int) else value)] | None = (
        None
    )

    @model_validator(mode="after")
    def _says_something(self) -> "ValueWithin":
        if "(?P<value>" not in self.line.rpartition(INTO)[2]:
            raise InvalidValue("the line needs a group for the value: exec-timeout (?P<value>\\d+) \\d+")
        if self.at_least is None and self.at_most is None and not self.one_of:
            raise InvalidValue("say what is right: at_least, at_most or one_of")
        return self

    def wrong_with(self, value: str) -> str:
        """What is wrong with a value, in words; empty where it is right."""
        if self.one_of and value not in self.one_of:
            return f"{value or 'nothing'} is none of {', '.join(self.one_of)}"
        if self.at_least is None and self.at_most is None:
            return ""
        if not value.isdecimal():
            return f"{value} is no number"
        if self.at_least is not None and int(value) < self.at_least:
            return f"{value} is less than {self.at_least}"
        if self.at_most is not None and int(value) > self.at_most:
            return f"{value} is more than {self.at_most}"
        return ""


class AuditRule(Value):
    """One rule over configurations, as it stands in a file.

    `id` is short, stable and unique: waivers name it. `description` is a sentence that says what the rule finds,
    `reason` why that matters, `source` where it is asked for. `hosts` are patterns as --limit takes them, all hosts
    without any.

    It looks at the whole configuration, or, with `section` (patterns of headers, from the top down), at each section
    that matches; of those only at such where `where` holds, and only in configurations where `when` does. There each
    pattern of `must_have` must match a line, at least one of `any_of`, none of `must_not_have`, and `value` must be
    right. `mend` are the lines that mend it, within the section; `{line}` stands for the line that was found.
    """

    id: Identifier
    severity: Severity = "warning"
    description: Line
    reason: Line
    source: Line = "-"
    hosts: Patterns = ()
    section: LinePatterns = ()
    where: Condition = Condition()
    when: Condition = Condition()
    must_have: LinePatterns = ()
    any_of: LinePatterns = ()
    must_not_have: LinePatterns = ()
    value: ValueWithin | None = None
    mend: Annotated[tuple[str, ...], BeforeValidator(_several)] = ()

    @model_validator(mode="after")
    def _asks_something(self) -> "AuditRule":
        if not (self.must_have or self.any_of or self.must_not_have or self.value):
            raise InvalidValue("the rule asks for nothing: say must_have, any_of, must_not_have or value")
        if self.where != Condition() and not self.section:
            raise InvalidValue("where chooses among sections: say which with section, or write when")
        return self


class AuditFile(Value):
    """A file of rules: its own, others that are not asked for (`without`: ids or globs), and severities told anew.

    `source` is that of its rules that name none.
    """

    source: Line | None = None
    rules: tuple[AuditRule, ...] = ()
    without: Annotated[tuple[str, ...], BeforeValidator(_several)] = ()
    severities: dict[str, Severity] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RuleAbout:
    """What is to be said of a rule: all but what it looks for."""

    id: str
    severity: Severity
    description: str
    reason: str
    source: str
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class AuditFinding:
    """What a rule found at one place of a configuration.

    `section` names the section by its headers, empty at the top; `line` is the line that should not be as it is, empty
    where one is missing; `said` is what is to be said beyond the rule's description. `mend` are the lines that mend it,
    as they are typed, their section's headers first.
    """

    severity: Severity
    rule: str
    device: str
    section: str
    line: str
    description: str
    said: str
    reason: str
    source: str
    mend: tuple[str, ...]

    @property
    def message(self) -> str:
        """What is wrong, in words."""
        words = self.description.removesuffix(".")
        # An abbreviation keeps its capitals.
        begun = words if words[1:2].isupper() else words[:1].lower() + words[1:]
        return f"{begun}: {self.said}" if self.said else begun

    @property
    def finding(self) -> Finding:
        """The same as a finding of validation, by which waivers know it."""
        return Finding(self.severity, self.rule, self.device, self.section, self.message, "; ".join(self.mend))
