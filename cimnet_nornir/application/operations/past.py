"""What the facade can do with the past: compare two moments, and take intent back."""

from collections.abc import Collection

from cimnet_nornir.application.comparing import COMPARISONS, DeviceDifference, Of
from cimnet_nornir.application.operations.core import Core
from cimnet_nornir.application.restoration import Restoration
from cimnet_nornir.application.restoring import rollback, undo


class Past(Core):
    """Moments compared, and intent taken back by new events."""

    def diff(
        self, a: int, b: int | None = None, *, of: Of = "intent", devices: Collection[str] | None = None
    ) -> tuple[DeviceDifference, ...]:
        """What differs between the positions `a` and `b` (None: now), of all devices or those with these ids.

        `of` is "intent", "inventory" or "configuration" (rendered with the templates as they are now, which needs an
        engine).
        """
        return COMPARISONS[of](self, a, b, devices=devices)

    def rollback(self, to: int, *, devices: Collection[str] | None = None, check: bool = False) -> Restoration:
        """Take the intent back to what it was at a position, of all or of the devices with these ids and their links.

        New events do that, caused by one that names all that they undo; nothing is recorded with `check`, or where
        nothing differs. Host keys, states of life and what devices run stay. Raises NotFound where there was no network
        then, and a DomainError where a rule of today refuses what was.
        """
        return rollback(self, to, devices=devices, check=check)

    def undo(self, event: str, *, request: bool = False, check: bool = False) -> Restoration:
        """Take back what one event changed (number, id or its beginning), or all that its request did.

        Nothing is recorded with `check`, or where it was taken back already. Raises NotFound, RuleViolated for an event
        that is no intent, and UndoRefused with the later events that depend on it.
        """
        return undo(self, event, request=request, check=check)
