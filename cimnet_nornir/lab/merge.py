"""Merging a file into the running configuration: what `copy flash:x running-config` shows and asks."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from cimnet_nornir.lab.answers import INVALID, Answer, Question
from cimnet_nornir.lab.configure import Configuration

if TYPE_CHECKING:
    from cimnet_nornir.lab.device import Device


class FileMerge:
    """A file on its way into the running configuration; a question a line asks is put to the user."""

    def __init__(self, device: "Device", text: str, user: str, done: Callable[[], str]) -> None:
        self._device = device
        self._lines = iter(text.splitlines())
        self._user = user
        self._done = done
        self._configuration = Configuration(device)
        self._said: list[str] = []

    def run(self) -> Answer:
        """Take lines until the file ends, or until one of them asks something that the file cannot answer."""
        waiting: Question | None = None
        for line in self._lines:
            if waiting is None and (line.strip() == "end" or not self._configuration.frames):
                break
            answer = waiting.then(line) if waiting is not None else self._feed(line)
            waiting = answer.ask
            self._say(line, answer.text)
            if waiting is not None and waiting.prompt:
                return Answer(self._taken(), self._passed_on(waiting))
        return Answer("\n".join(text for text in (self._taken(), self._done()) if text))

    def _feed(self, line: str) -> Answer:
        faults = self._device.faults
        if faults.rejects(line.strip()):
            return Answer(f"^\n{INVALID}\n")
        if faults.ignores(line.strip()):
            return Answer()
        return self._configuration.feed(line, user=self._user)

    def _say(self, line: str, text: str) -> None:
        if text:
            self._said.append(f"{line.rstrip()}\n{text}" if INVALID in text else text)

    def _taken(self) -> str:
        text = "\n".join(self._said)
        self._said.clear()
        return text

    def _passed_on(self, question: Question) -> Question:
        def then(answer: str) -> Answer:
            self._say("", question.then(answer).text)
            return self.run()

        return Question(question.prompt, then, question.hidden, question.key)
