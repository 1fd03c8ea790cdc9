"""One reader of the log for all who watch: what happens is written once, and handed to each of them."""

import asyncio
import json
import logging
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from cimnet_nornir.application.follow_log import events_after, new_events
from cimnet_nornir.application.logs import log
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.application.telling import names_of_devices, told
from cimnet_nornir.errors import StoreError

if TYPE_CHECKING:
    from cimnet_nornir.domain.envelope import StoredEvent

MOST_WAITING = 2_000
"""Messages that wait for one client; who is slower is dropped, and resumes after the last one it had."""
MOST_LISTENERS = 200
_NAMING = ("RouterAdded", "SwitchAdded", "HostAdded", "DeviceRenamed")
_PAUSE_SECONDS = 2.0
_PAGE, _MOST_PAGES = 200, 50


@dataclass(frozen=True, slots=True)
class Message:
    """What one client is sent: `position` is that of the event, 0 where it tells of something else."""

    position: int
    frame: bytes


class Page(NamedTuple):
    """Events as they are sent, and the number of the last."""

    last: int
    frames: bytes


class Listener:
    """One client: messages wait for it until it takes them. Used in the loop alone."""

    def __init__(self) -> None:
        self.dropped = False
        self._waiting: list[Message] = []
        self._something = asyncio.Event()

    def give(self, messages: Sequence[Message]) -> None:
        """Hand messages over; ends the client where too many wait."""
        if self.dropped:
            return
        if len(self._waiting) + len(messages) > MOST_WAITING:
            self.end()
            return
        self._waiting += messages
        self._something.set()

    def end(self) -> None:
        """Let it go when it has taken what waits."""
        self.dropped = True
        self._something.set()

    async def take(self) -> Sequence[Message]:
        """All that waits, as soon as anything does; nothing where it is let go."""
        await self._something.wait()
        messages, self._waiting = self._waiting, []
        if not self.dropped:
            self._something.clear()
        return messages


class Narrator:
    """Writes events as messages; knows the devices' names, and reads them anew where one came or was renamed."""

    def __init__(self, service: NetworkService) -> None:
        self._service = service
        self._names: Mapping[str, str] | None = None

    def messages(self, events: "Sequence[StoredEvent]") -> list[Message]:
        """An event each."""
        if self._names is None or any(stored.type in _NAMING for stored in events):
            self._names = names_of_devices(self._service)
        return [event_message(stored, self._names) for stored in events]


def event_message(stored: "StoredEvent", names: Mapping[str, str]) -> Message:
    """An event as a server-sent event; its position is the id to resume after."""
    data = told(stored, names).model_dump_json()
    return Message(stored.position, f"id: {stored.position}\nevent: event\ndata: {data}\n\n".encode())


class Broadcast:
    """Follows the log on a thread of its own while the server runs."""

    def __init__(self, service: NetworkService) -> None:
        self._service = service
        self.listeners: set[Listener] = set()
        """Those who watch now."""
        self._stop = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._pages: OrderedDict[int, Page] = OrderedDict()
        self._narrator = Narrator(service)
        self._turn = threading.Lock()
        self.position = 0
        """Of the last event that was handed on."""

    def start(self) -> None:
        """Begin with what comes after the present; called in the loop of the server."""
        self._loop = asyncio.get_running_loop()
        self.position = self._service.store.head()
        self._thread = threading.Thread(target=self._follow, name="follower", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Let all clients go, and read no more; called in the loop."""
        self._stop.set()
        self._end_all()

    def join(self) -> None:
        """Wait for the reader to end, so that the store can be closed."""
        if self._thread is not None:
            self._thread.join()

    @property
    def full(self) -> bool:
        """Whether as many watch as can be."""
        return len(self.listeners) >= MOST_LISTENERS

    def page(self, after: int) -> Page | None:
        """The next events after one, None where there are none; from any thread.

        A whole page never changes. All who come back after a restart ask for the same ones.
        """
        with self._turn:
            if after in self._pages:
                return self._pages[after]
            events = events_after(self._service, after, most=_PAGE)
            if not events:
                return None
            page = Page(events[-1].position, b"".join(item.frame for item in self._narrator.messages(events)))
            if len(events) == _PAGE:
                self._pages[after] = page
                while len(self._pages) > _MOST_PAGES:
                    self._pages.popitem(last=False)
            return page

    def listen(self) -> Listener:
        """A new client; called in the loop."""
        listener = Listener()
        if self._stop.is_set():
            listener.end()
        self.listeners.add(listener)
        return listener

    def leave(self, listener: Listener) -> None:
        """The client went away."""
        self.listeners.discard(listener)

    def tell_job(self, job: Mapping[str, Any]) -> None:
        """Tell all clients how a job stands; from any thread."""
        data = json.dumps(job, ensure_ascii=False, default=str)
        self._tell([Message(0, f"event: job\ndata: {data}\n\n".encode())])

    def tell_observed(self) -> None:
        """Tell all clients that devices were asked how they are: what they said is no event; from any thread."""
        self._tell([Message(0, b"event: status\ndata: {}\n\n")])

    def _follow(self) -> None:
        narrator = Narrator(self._service)
        while not self._stop.is_set():
            try:
                for events in new_events(self._service, after=self.position, stop=self._stop):
                    self._tell(narrator.messages(events))
                    self.position = events[-1].position
            except StoreError as error:
                # Clients resume when it can be read again.
                log(f"the stream of events waits: {error.message}", event="StreamWaits", level=logging.ERROR)
                self.let_go()
                self._stop.wait(_PAUSE_SECONDS)

    def _tell(self, messages: Sequence[Message]) -> None:
        self._in_loop(self._give_all, messages)

    def _in_loop(self, call: Any, *arguments: Any) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(call, *arguments)

    def _give_all(self, messages: Sequence[Message]) -> None:
        for listener in tuple(self.listeners):
            listener.give(messages)

    def let_go(self) -> None:
        """Let all clients go, which resume; from any thread."""
        self._in_loop(self._end_all)

    def _end_all(self) -> None:
        """Let all clients go; in the loop."""
        for listener in tuple(self.listeners):
            listener.end()
