"""One login's state machine: a line in, text and the next prompt out; no network in it."""

from dataclasses import dataclass
from functools import cache
from typing import Final

from cimnet_nornir.lab.answers import INVALID, Action, Answer, Question, confirm
from cimnet_nornir.lab.command import PRIVILEGED, Command, Request
from cimnet_nornir.lab.commands import EXEC
from cimnet_nornir.lab.configure import Configuration, complaint
from cimnet_nornir.lab.device import Device
from cimnet_nornir.lab.filters import apply_filter, split_filter
from cimnet_nornir.lab.grammar import Invalid, Match, Node, options, read_line, tree_of
from cimnet_nornir.lab.lock import release
from cimnet_nornir.lab.rules import available
from cimnet_nornir.lab.tcl import TclShell

CONTROL_Z: Final = "\x1a"
CONTROL_C: Final = "\x03"
# IOS shortens the host name to this in the prompts of the configuration modes.
_CONFIG_NAME: Final = 20


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent back: text that ends in a newline (or is empty), a prompt, and how the next input is read."""

    text: str
    prompt: str
    hidden: bool = False
    key: bool = False
    action: Action = Action.NONE


class Session:
    """A user at a device."""

    def __init__(self, device: Device, user: str) -> None:
        self.device = device
        self.user = user
        self.level = device.level_of(user)
        self.line = next(number for number in range(1, len(device.terminals) + 2) if number not in device.terminals)
        device.terminals.add(self.line)
        self.configuration: Configuration | None = None
        self.tcl: TclShell | None = None
        self._question: Question | None = None
        self._trees = {level: _tree(level, device.profile.features) for level in (1, PRIVILEGED)}

    @property
    def prompt(self) -> str:
        """The prompt of the present mode."""
        name = self.device.hostname
        if self.tcl is not None and self.configuration is None:
            return "+>" if self.tcl.unfinished else f"{name}(tcl)#"
        if self.configuration is not None:
            return f"{name[:_CONFIG_NAME]}({self.configuration.tag})#"
        return f"{name}{'#' if self.level >= PRIVILEGED else '>'}"

    @property
    def configuring(self) -> bool:
        """Whether the next line is a configuration line."""
        return self.configuration is not None and self._question is None

    @property
    def asking(self) -> bool:
        """Whether the next line answers a question."""
        return self._question is not None

    @property
    def quoting(self) -> bool:
        """Whether the next line is text, in which no character is a command."""
        return self.tcl is not None and self.tcl.unfinished

    def configure(self) -> None:
        """Enter configuration mode."""
        self.configuration = Configuration(self.device)

    def _leave_configuration(self) -> None:
        if self.configuration is not None:
            self.device.log.configured(self.user, self.line)
        self.configuration = None
        release(self.device, self)

    def start_tcl(self) -> None:
        """Enter the Tcl shell."""
        self.tcl = TclShell(self.device, lambda line: self.execute(line, len(self.prompt)))

    def close(self) -> None:
        """The connection is gone: what the session held is free."""
        self.device.terminals.discard(self.line)
        self._leave_configuration()

    def greet(self) -> Reply:
        """What is shown right after login."""
        running = self.device.running
        texts = [running.value("banner", kind, name="text") for kind in ("login", "motd", "exec")]
        return Reply("".join(f"{text}\n" for text in texts if text), self.prompt)

    def feed(self, line: str) -> Reply:
        """Take one line."""
        self.device.timers.run()
        self.device.archive.typed(self.user)
        question, self._question = self._question, None
        if question is not None:
            return self._reply(question.then(line))
        return self._reply(self._faulty(line) or self._taken(line))

    def _faulty(self, line: str) -> Answer | None:
        """What a device with a fault makes of the line; None where no fault concerns it."""
        faults = self.device.faults
        if faults.rejects(line):
            return Answer(f"{' ' * len(self.prompt)}^\n{INVALID}\n")
        if faults.ignores(line):
            return Answer()
        if faults.asks(line):
            return confirm("Do you want to continue? ", lambda: self._taken(line))
        return None

    def _taken(self, line: str) -> Answer:
        if self.configuration is not None:
            return self._configure(self.configuration, line)
        if self.tcl is not None:
            return self._in_tcl(self.tcl, line)
        return self.execute(line, len(self.prompt))

    def _in_tcl(self, shell: TclShell, line: str) -> Answer:
        if line in {CONTROL_Z, CONTROL_C}:
            shell.interrupt()
            return Answer()
        answer = shell.feed(line)
        if shell.left:
            self.tcl = None
        return answer

    def help(self, line: str) -> str:
        """The answer to a question mark behind `line`: one row a word, or one row for all that go on with the last."""
        if self.configuration is not None:
            found = self.configuration.options(line)
        else:
            found = options(self._trees[PRIVILEGED if self.level >= PRIVILEGED else 1], line)
        if not found:
            return "% Unrecognized command\n"
        separator = "\n  " if not line or line[-1:].isspace() else "  "
        return f"{separator.lstrip(chr(10))}{separator.join(found)}\n"

    def _reply(self, answer: Answer) -> Reply:
        text = f"{answer.text}\n" if answer.text else ""
        self._question = answer.ask
        if answer.ask is not None:
            return Reply(text, answer.ask.prompt, answer.ask.hidden, answer.ask.key)
        return Reply(text, self.prompt, action=answer.action)

    def _configure(self, configuration: Configuration, line: str) -> Answer:
        if line in {CONTROL_Z, CONTROL_C}:
            self._leave_configuration()
            return Answer()
        word, _, rest = line.strip().partition(" ")
        if word == "do" and rest:
            return self.execute(rest, len(self.prompt) + line.index(rest))
        answer = configuration.feed(line, len(self.prompt), self.user)
        if INVALID not in answer.text and line.strip() not in ("end", "exit"):
            self.device.log.typed(self.user, line)
        if not configuration.frames:
            self._leave_configuration()
        return answer

    def execute(self, line: str, indent: int) -> Answer:
        """Run one command of user or privileged mode; `indent` is what stands before it on the screen."""
        if not line.strip() or line in {CONTROL_Z, CONTROL_C} or line.lstrip().startswith("!"):
            return Answer()
        command, wanted = split_filter(line)
        found = read_line(self._trees[PRIVILEGED if self.level >= PRIVILEGED else 1], command)
        if not isinstance(found, Match):
            lone = isinstance(found, Invalid) and len(command.split()) == 1 and found.column < len(command)
            return Answer(_unknown(self.device, command.strip()) if lone else complaint(found, line, indent))
        outcome = found.leaf.run(Request(self, self.device, found))
        if isinstance(outcome, Invalid):
            return Answer(complaint(outcome, line, indent))
        answer = outcome if isinstance(outcome, Answer) else Answer(outcome)
        return Answer(apply_filter(answer.text, wanted), answer.ask, answer.action) if wanted else answer


def _unknown(device: Device, word: str) -> str:
    """IOS takes one unknown word for the name of a host to telnet to."""
    server = "" if device.running.has("ip domain-lookup") else "...domain server (255.255.255.255)"
    return f'Translating "{word}"{server}\n% Unknown command or computer name, or unable to find computer address\n'


@cache
def _tree(level: int, features: frozenset[str]) -> Node[Command]:
    usable = (command for command in EXEC if command.level <= level and available(command.needs, features))
    return tree_of((command.pattern, command) for command in usable)
