"""What rounds of asking devices leave in the log of a program that runs on."""

import logging

from cimnet_nornir.application.collecting import CollectReport
from cimnet_nornir.application.logs import log, log_event
from cimnet_nornir.application.plan_words import count


def log_round(report: CollectReport, seconds: float) -> None:
    """Log that a round was made, and how many answered."""
    answered = sum(outcome == "up" for outcome in report.outcomes.values())
    said = f"{answered} of {count(len(report.outcomes), 'device')} answered"
    log(said, event="Collected", seconds=round(seconds, 3), answered=answered, asked=len(report.outcomes))


def log_changes(report: CollectReport) -> None:
    """Log each change that a round recorded."""
    for stored in report.recorded:
        log_event(stored)


def log_trouble(report: CollectReport) -> None:
    """Log what devices said and could not be kept."""
    for line in report.trouble:
        log(line, event="ObservationsNotKept", level=logging.WARNING)


def log_failure(said: str) -> None:
    """Log why a round was not made."""
    log(f"the devices were not asked: {said}", event="CollectionFailed", level=logging.WARNING)
