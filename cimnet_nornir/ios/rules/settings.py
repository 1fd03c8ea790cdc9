"""The two kinds of global setting that intent owns only where it has them: one value a key, and the entry of a list."""

from cimnet_nornir.ios.rules import phases
from cimnet_nornir.ios.rules.model import How, Owner, Rule


def one(
    feature: str, pattern: str, undo: str = "", *, order: int = phases.SERVICE, hazard: str = "", default: str = ""
) -> Rule:
    """A setting with one value per key, owned where intent has it."""
    return Rule(
        feature,
        pattern,
        single=True,
        undo=undo,
        owner=Owner.OBJECT,
        order=order,
        undo_order=order,
        no_is_absent=pattern.startswith("(?:no )?"),
        hazard=hazard,
        default=default,
    )


def entry(feature: str, pattern: str, undo: str = "", *, order: int = phases.SERVICE, how: How = How.PLAIN) -> Rule:
    """An entry of a list, owned where intent has any of that list: new ones come before old ones go."""
    return Rule(
        feature,
        pattern,
        single=True,
        undo=undo,
        owner=Owner.FAMILY,
        order=order,
        undo_order=max(order + 1, phases.SERVICE + 1),
        how=how,
    )


def ordered(feature: str, pattern: str, *, order: int = phases.SERVICE) -> Rule:
    """An entry of a list that a device goes through from its first to its last."""
    return entry(feature, pattern, order=order, how=How.ORDERED)


def off(feature: str, pattern: str, *, order: int = phases.SERVICE) -> Rule:
    """What is on by itself: a device shows that it is off, and switching it on is the way back."""
    return Rule(feature, rf"(?:no )?{pattern}", single=True, owner=Owner.OBJECT, order=order, undo_order=order)
