"""`cimnet demo`: the whole loop on a lab of its own, told as a story."""

import contextlib
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import click

from cimnet_nornir.cli.options import common_options, now_only
from cimnet_nornir.cli.output import bad, faint, good, heading, say

# The change of intent in the middle of the story: what stands in the file, what the engineer makes of it, how often.
CAMERAS = (
    ("  40: guests\n", "  40: guests\n  50: cameras\n", 1),
    (
        "GigabitEthernet1/0/1: {profile: trunk, description: to acc1}",
        'GigabitEthernet1/0/1: {profile: trunk, description: to acc1, allowed: "10,20,30,40,50,99"}',
        2,
    ),
    ("vlans: [10, 20, 30, 40, 99, 999]", "vlans: [10, 20, 30, 40, 50, 99, 999]", 1),
    (
        "GigabitEthernet1/0/21-22: {profile: unused}\n",
        (
            "GigabitEthernet1/0/21: {mode: access, vlan: 50, portfast: true, bpduguard: true, description: camera}\n"
            "      GigabitEthernet1/0/22: {profile: unused}\n"
        ),
        1,
    ),
    (
        "GigabitEthernet1/0/23: {profile: trunk, description: to dist1}",
        'GigabitEthernet1/0/23: {profile: trunk, description: to dist1, allowed: "10,20,30,40,50,99"}',
        1,
    ),
    (
        "GigabitEthernet1/0/24: {profile: trunk, description: to dist2}",
        'GigabitEthernet1/0/24: {profile: trunk, description: to dist2, allowed: "10,20,30,40,50,99"}',
        1,
    ),
)
# The change that is to hold on all switches or on none, and the line that one of them refuses at first.
VOICE = (("  20: voice\n", "  20: telephony\n", 1),)
REFUSED = "^name telephony"
BY_HAND = ("interface GigabitEthernet1/0/7", "description borrowed by Bob", "switchport access vlan 30")
_LIMIT_SECONDS = 60


@dataclass
class Story:
    """The steps as they are told; `wrong` are those that did not do what they say."""

    folder: Path
    keep: bool
    wrong: list[str] = field(default_factory=list)
    number: int = 0

    def chapter(self, text: str) -> None:
        """What comes now, in a sentence."""
        self.number += 1
        say()
        say(heading(f"{self.number}. {text}"))

    def run(self, *arguments: str, expect: int = 0) -> None:
        """Run a command as a person would type it, and note where it ends otherwise than the story says."""
        from cimnet_nornir.cli import run

        shown = " ".join(f"'{word}'" if " " in word or "*" in word else word for word in arguments)
        say(faint(f"$ cimnet {shown}"))
        status = run(list(arguments))
        if status != expect:
            self.wrong.append(f"cimnet {shown}: exit status {status}, expected {expect}")
            say(bad(f"this ended with status {status}, and should have with {expect}"))

    def expect(self, what: str, holds: Callable[[], bool]) -> None:
        """Check a statement of the story."""
        if holds():
            say(f"{good('✓')} {what}")
        else:
            self.wrong.append(what)
            say(f"{bad('✗')} {what}")


@click.command("demo", short_help="The whole loop on a lab of its own.")
@click.option("--keep", is_flag=True, help="Keep the folder, and leave the lab up.")
@now_only("it makes a project of its own")
@common_options
def command(keep: bool) -> int:
    """Show the whole loop in a temporary folder: declare, plan, apply, verify, change, take back, drift, blame.

    It starts simulated switches, talks real SSH to them on loopback, and stops them again. Ends with a status other
    than 0 where a step did not do what it says.

    \b
    Examples:
      cimnet demo
      cimnet demo --keep
    """
    began = time.monotonic()
    with _folder(keep=keep) as folder, contextlib.chdir(folder.parent), _as("demo"):
        story = Story(folder, keep)
        try:
            _tell(story)
        finally:
            if not keep:
                story.run("lab", "down")
                # A folder that somebody stands in cannot be removed everywhere.
                os.chdir(folder.parent)
        _end(story, time.monotonic() - began)
    return 1 if story.wrong else 0


def _tell(story: Story) -> None:
    where = str(story.folder) if story.keep else "a temporary folder that is removed at the end"
    say(f"A campus of eight devices, from an empty folder to an explained line, in {where}.")
    story.chapter("A new project: the network as a file, runbooks in plain Nornir, site templates.")
    story.run("init", "campus")
    say(faint("$ cd campus"))
    os.chdir(story.folder)
    story.chapter("The definition becomes events; said twice, it changes nothing.")
    story.run("declare", "inventory/network.yaml", "--reason", "first rollout")
    story.run("declare", "inventory/network.yaml")
    story.chapter("A simulated switch or router for each device: real SSH on loopback, with state.")
    story.run("lab", "up")
    story.chapter("What would have to be sent? Reading only; here for one router.")
    story.run("plan", "r1")
    story.chapter("Send it to all, read each device back, save where it runs what is intended.")
    story.run("apply", "--yes", "--reason", "first rollout")
    story.chapter("Is it so? A second plan is empty.")
    story.run("verify")
    story.run("plan", "--detailed-exitcode")
    _change(story)
    _transaction(story)
    _drift(story)
    story.chapter("Who put that line there, when, why, and which deployment brought it?")
    story.run("blame", "acc1", "vlan 50")
    story.chapter("What happened last?")
    story.run("history", "--first", "8")
    story.chapter(
        "How are the devices, and is each cable where it is declared? They are asked, and what changed is kept."
    )
    story.run("status", "--collect", "--reason", "first look")
    story.run("cabling")
    story.chapter("What hangs on acc4, and which ways lead from the server to the router?")
    story.run("graph", "impact", "acc4")
    story.run("path", "srv1", "r1")


def _change(story: Story) -> None:
    story.chapter("Cameras need a VLAN on three switches: the file is edited, only the difference is planned and sent.")
    _edit(story, CAMERAS)
    story.run("declare", "inventory/network.yaml", "--check")
    story.run("declare", "inventory/network.yaml", "--reason", "CHG-1042 cameras")
    story.run("apply", "--yes", "--reason", "CHG-1042 cameras")
    story.expect(
        "VLAN 50 is on dist1, dist2 and acc1, and nowhere else",
        lambda: _with_vlan(story, "cameras") == ["acc1", "dist1", "dist2"],
    )


def _transaction(story: Story) -> None:
    story.chapter("A new name for VLAN 20 on all six switches, or on none. One refuses it, so each takes it back.")
    _edit(story, VOICE)
    apply = ("apply", "--yes", "--transaction", "--reason", "CHG-1043 telephony")
    story.run("declare", "inventory/network.yaml", "--reason", "CHG-1043 telephony")
    story.run("lab", "fault", "acc3", "reject", REFUSED)
    story.run(*apply, expect=3)
    story.expect("all six switches run the old name", lambda: len(_with_vlan(story, "voice")) == 6)
    story.run("trace", _last_deployment(story))
    say("The cause is mended, and the same change holds on all of them.")
    story.run("lab", "fault", "acc3", "clear")
    story.run(*apply)
    story.expect("all six switches run the new name", lambda: len(_with_vlan(story, "telephony")) == 6)


def _edit(story: Story, changes: Iterable[tuple[str, str, int]]) -> None:
    """Change the definition as an engineer would."""
    file = story.folder / "inventory" / "network.yaml"
    text = file.read_text(encoding="utf-8")
    for old, new, times in changes:
        text = text.replace(old, new, times)
    file.write_text(text, encoding="utf-8")


def _with_vlan(story: Story, name: str) -> list[str]:
    """Which switches run a VLAN of that name, asked of the devices themselves."""
    from cimnet_nornir.bootstrap import ask_devices, load_settings

    answers = ask_devices(load_settings(story.folder), "show vlan brief", group="kind__switch")
    return sorted(device for device, answer in answers.items() if name in answer)


def _last_deployment(story: Story) -> str:
    """The start of the id of the newest deployment."""
    from cimnet_nornir.application.history import page
    from cimnet_nornir.bootstrap import load_settings, open_service

    with closing(open_service(load_settings(story.folder)).store) as store:
        return str(page(store, first=1, types=("DeploymentStarted",))[0].correlation_id)[:8]


def _drift(story: Story) -> None:
    from cimnet_nornir.bootstrap import load_settings, type_on_device

    story.chapter("Somebody logs in to acc1 and changes a port by hand. Drift is found, and taken back.")
    say(faint("(typed on acc1, over SSH)"))
    for line in ("configure terminal", *BY_HAND, "end"):
        say(faint(f"acc1# {line}"))
    type_on_device(load_settings(story.folder), "acc1", BY_HAND)
    story.run("drift", expect=2)
    story.run("apply", "--yes", "--limit", "acc1", "--reason", "drift taken back")
    story.run("drift")


def _end(story: Story, seconds: float) -> None:
    say()
    for wrong in story.wrong:
        say(f"{bad('wrong')}: {wrong}")
    if not story.wrong:
        say(good(f"All of it did what it says, in {seconds:.0f} s."))
    if story.keep:
        say(f"The lab is still up: cd {story.folder} && cimnet dashboard; cimnet lab down stops it.")
    else:
        say("Do it yourself: cimnet init campus && cd campus, then the commands above.")


@contextmanager
def _folder(*, keep: bool) -> Iterator[Path]:
    if keep:
        yield Path(tempfile.mkdtemp(prefix="cimnet-demo-")) / "campus"
        return
    with tempfile.TemporaryDirectory(prefix="cimnet-demo-") as folder:
        yield Path(folder) / "campus"


@contextmanager
def _as(actor: str) -> Iterator[None]:
    """Act as somebody, where nobody is named, and in no project that the surroundings name."""
    before = {name: os.environ.pop(name, None) for name in ("CIMNET_STORE", "CIMNET_ENV")}
    named = os.environ.setdefault("CIMNET_ACTOR", os.environ.get("USER") or actor)
    try:
        yield
    finally:
        os.environ.update({name: value for name, value in before.items() if value is not None})
        if named == actor:
            del os.environ["CIMNET_ACTOR"]
