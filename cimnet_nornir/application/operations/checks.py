"""Checks before and after a change: those of the project, and those of one host."""

from cimnet_nornir.application.checks import CheckSet
from cimnet_nornir.application.operations.core import Core


class Checks(Core):
    """What concerns checks on devices; what is found in the intent is validation's."""

    _checks: CheckSet | None = None

    @property
    def checks(self) -> CheckSet:
        """The project's checks. Raises DefinitionError where the file that declares them is wrong."""
        with self._lock:
            if self._checks is None:
                self._checks = self._load_checks()
            return self._checks
