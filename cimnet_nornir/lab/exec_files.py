"""The commands on files: `dir`, `more`, `delete`, `copy`, `verify`, `write`, and saving the configuration."""

from typing import Final

from cimnet_nornir.lab.answers import Answer, Outcome, Question, confirm
from cimnet_nornir.lab.command import PRIVILEGED, Command, Request
from cimnet_nornir.lab.files import content_of
from cimnet_nornir.lab.flash import CAPACITY, RUNNING, STARTUP, flash_name, missing
from cimnet_nornir.lab.lock import refusal
from cimnet_nornir.lab.merge import FileMerge

_BUILDING: Final = "Building configuration..."


def _quiet(request: Request) -> bool:
    return request.device.running.value("file prompt", name="how") == "quiet"


def _dir(request: Request) -> Outcome:
    """The files in flash, as `dir` lists them."""
    files = request.device.flash.sizes()
    stamp = request.device.booted.strftime("%b %d %Y %H:%M:%S +00:00")
    url = request.values.get("file", "flash:")
    wanted = flash_name(url)
    shown = {name: size for name, size in files.items() if wanted in {"", name}}
    if wanted is None or (wanted and not shown):
        return missing(url)
    rows = [f"{place:5}  -rw-  {size:10}  {stamp}  {name}" for place, (name, size) in enumerate(shown.items(), start=2)]
    free = request.device.flash.free
    return "\n".join([f"Directory of flash:/{wanted}", "", *rows, "", f"{CAPACITY} bytes total ({free} bytes free)"])


def _more(request: Request) -> Outcome:
    content = content_of(request.device, request.values["file"])
    return missing(request.values["file"]) if content is None else content.decode("utf-8", "replace")


def _verify(request: Request) -> Outcome:
    url = request.values["file"]
    digest = request.device.flash.md5(url)
    return missing(url) if digest is None else f"....Done!\nverify /md5 ({url}) = {digest}\n"


def _delete(request: Request) -> Outcome:
    url = request.values["file"]
    name = flash_name(url)
    if name is None:
        return missing(url)

    def gone() -> Answer:
        done = request.device.flash.delete(url)
        return Answer() if done else Answer(f"%Error deleting flash:/{name} (No such file or directory)")

    if _quiet(request) or "/force" in request.match.words:
        return gone()

    def chosen(_: str) -> Answer:
        return confirm(f"Delete flash:/{name}? ", gone)

    return Answer(ask=Question(f"Delete filename [{name}]? ", chosen))


def _save(request: Request) -> Outcome:
    """`write memory`; the archive takes a copy where it is told to."""
    return f"{_BUILDING}\n{save(request) or '[OK]'}"


def save(request: Request) -> str:
    """Save the running configuration; what IOS complains of, empty if it did."""
    device = request.device
    complaint = device.save(request.session.user)
    if complaint or not device.archive.follows_save:
        return complaint
    return device.archive.store()[1]


def _copy(request: Request) -> Outcome:
    """`copy A B`: asks for the name of B unless file prompts are quiet."""
    source, destination = request.values["source"], request.values["destination"]
    shown = _short(destination) or _short(source)

    def chosen(answer: str) -> Answer:
        return _copied_to(request, source, destination, answer.strip() or shown)

    return chosen("") if _quiet(request) else Answer(ask=Question(f"Destination filename [{shown}]? ", chosen))


def _short(url: str) -> str:
    """The name a copy asks for: without the file system."""
    name = flash_name(url)
    return name if name is not None else url.rpartition(":")[2].lstrip("/")


def _copied_to(request: Request, source: str, destination: str, name: str) -> Answer:
    """What the copy says once the destination is settled."""
    if content_of(request.device, source) is None:
        absent = "%% Non-volatile configuration memory is not present"
        return Answer(absent if source in STARTUP else missing(source))
    if destination in RUNNING:
        return _to_running(request, source)
    if destination in STARTUP:
        return Answer(_to_startup(request, source))
    return (
        Answer(missing(destination)) if flash_name(destination) is None else _to_flash(request, source, f"flash:{name}")
    )


def _to_running(request: Request, source: str) -> Answer:
    refused = refusal(request.device, request.session)
    if refused:
        return Answer(refused)
    content = content_of(request.device, source) or b""
    text = content.decode("utf-8", "replace")
    return FileMerge(request.device, text, request.session.user, lambda: _copied(len(content))).run()


def _to_startup(request: Request, source: str) -> str:
    if source in RUNNING:
        return f"{_BUILDING}\n{save(request) or '[OK]'}"
    content = content_of(request.device, source) or b""
    complaint = request.device.write_startup(content.decode("utf-8", "replace"), request.session.user)
    return complaint or f"[OK]\n{_copied(len(content))}"


def _to_flash(request: Request, source: str, url: str) -> Answer:
    content = content_of(request.device, source) or b""

    def write() -> Answer:
        return Answer(request.device.flash.write(url, content) or _copied(len(content)))

    if _quiet(request) or request.device.flash.read(url) is None:
        return write()
    return confirm("%Warning:There already exists a file with this name\nDo you want to over write? ", write)


def _copied(count: int) -> str:
    return f"{count} bytes copied in 0.020 secs ({count * 50} bytes/sec)"


def _erase(request: Request) -> Outcome:
    def erase() -> Answer:
        request.device.storage.write_startup("")
        return Answer("[OK]\nErase of nvram: complete")

    return confirm("Erasing the nvram filesystem will remove all configuration files! Continue? ", erase)


_CONFIGURATIONS: Final = "running-config|system:running-config|startup-config|nvram:startup-config"

FILES: Final = (
    Command("write [memory]", _save, PRIVILEGED),
    Command("write erase", _erase, PRIVILEGED),
    Command("erase {startup-config|nvram:}", _erase, PRIVILEGED),
    Command(
        f"copy {{source: {_CONFIGURATIONS}|null:|<source:word>}} {{destination: {_CONFIGURATIONS}|<destination:word>}}",
        _copy,
        PRIVILEGED,
    ),
    Command("dir [<file:word>]", _dir, PRIVILEGED),
    Command("more <file:word>", _more, PRIVILEGED),
    Command("delete [{/force|/recursive}] <file:word>", _delete, PRIVILEGED),
    Command("verify /md5 <file:word>", _verify, PRIVILEGED),
)
