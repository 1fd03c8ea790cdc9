"""Rules of the user's own, of validation and of audit: guarded, so that one that fails stops no other."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar, get_args

from cimnet_nornir.bootstrap.own_code import said
from cimnet_nornir.domain.validation import Severity


class OwnRule(Protocol):
    """What every rule has."""

    @property
    def id(self) -> str: ...

    @property
    def severity(self) -> Severity: ...

    @property
    def description(self) -> str: ...


Rule = TypeVar("Rule", bound=OwnRule)
Told = TypeVar("Told")


@dataclass(frozen=True, slots=True)
class Guarded(Generic[Rule]):
    """A rule of the user's own, and where it comes from: where it fails, that is what it finds."""

    rule: Rule
    origin: str

    @property
    def id(self) -> str:
        return self.rule.id

    @property
    def severity(self) -> Severity:
        return self.rule.severity

    @property
    def description(self) -> str:
        return self.rule.description

    def guarded(
        self, look: Callable[[], Iterable[object]], kind: type[Told], failed: Callable[[str], Told]
    ) -> Iterator[Told]:
        """What the rule finds, all of that kind; `failed` makes one of the words that say why it could not look."""
        try:
            yield from _checked(look(), kind)
        except Exception as error:  # noqa: BLE001 - a stranger's code may raise anything
            yield failed(f"{self.origin}: the rule {self.id} failed: {said(error, self.origin)}")


def _checked(found: Iterable[object], kind: type[Told]) -> Iterator[Told]:
    for each in found:
        if not isinstance(each, kind):
            raise TypeError(f"a rule yields {kind.__name__.lower()}s, not {type(each).__name__}")
        yield each


def id_of(rule: OwnRule) -> object:
    """The id of a rule, whatever a stranger gave it."""
    return rule.id


def wrong_with(rule: OwnRule) -> str:
    """What is wrong with a rule; empty where nothing is."""
    if rule.severity not in get_args(Severity):
        return f"the rule {rule.id} has the severity {rule.severity!r}; it is error or warning"
    return ""
