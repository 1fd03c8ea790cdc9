"""Approvals by real SSH signatures: what ssh-keygen takes, and what it refuses, over plans in a project's store."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from cimnet_nornir.application.approval import approval_message, withdrawal_message
from cimnet_nornir.application.plan import Plan, read_plan, write_plan
from cimnet_nornir.application.project import create_project
from cimnet_nornir.application.service import NetworkService
from cimnet_nornir.bootstrap import load_settings, open_service
from cimnet_nornir.bootstrap.signing import AllowedSigners, SigningKey, default_key, sign
from cimnet_nornir.cli import run
from cimnet_nornir.errors import ApprovalMissing, ApprovalRefused, InvalidInput, SettingsError

pytestmark = pytest.mark.skipif(
    any(shutil.which(program) is None for program in ("ssh-keygen", "ssh-agent", "ssh-add")),
    reason="openssh-client is not installed",
)
MESSAGE = b"cimnet plan approval 1\nplan: sha256:0\n"


def new_key(folder: Path, name: str, *, passphrase: str = "") -> SigningKey:
    """A new key in a file, its public line beside it."""
    path = folder / name
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-C", name, "-f", path], check=True)
    return SigningKey(str(path), "--key")


def allowed_line(principal: str, key: SigningKey, options: str = "") -> str:
    public = " ".join(Path(f"{key.text}.pub").read_text(encoding="utf-8").split()[:2])
    return f"{principal} {f'{options} ' if options else ''}{public}\n"


@pytest.fixture
def bob(tmp_path: Path) -> SigningKey:
    return new_key(tmp_path, "bob")


@pytest.fixture
def cat(tmp_path: Path) -> SigningKey:
    return new_key(tmp_path, "cat")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new project of ann's in which one approval is required; nobody may sign yet."""
    for name in ("CIMNET_STORE", "CIMNET_ENV"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CIMNET_ACTOR", "ann")
    folder = tmp_path / "campus"
    create_project(folder)
    require(folder, 1)
    assert run(["--project", str(folder), "declare", str(folder / "inventory" / "network.yaml")]) == 0
    return folder


def require(folder: Path, number: int) -> None:
    config = folder / "inventory" / "config.yaml"
    text = config.read_text(encoding="utf-8")
    assert text.count("    network: campus\n") == 1
    config.write_text(
        text.replace("    network: campus\n", f"    network: campus\n    approval: {{required: {number}}}\n"),
        encoding="utf-8",
    )


def allow(folder: Path, *lines: str) -> None:
    (folder / "inventory" / "allowed_signers").write_text("".join(lines), encoding="utf-8")


@pytest.fixture
def service(project: Path) -> Iterator[NetworkService]:
    opened = open_service(load_settings(project))
    with closing(opened.store):
        yield opened


@pytest.fixture
def plan(service: NetworkService) -> Plan:
    (acc1,) = service.devices(["acc1"])
    return service.plan_from({acc1.id: "hostname bare\n"})


def approve(service: NetworkService, plan: Plan, key: SigningKey) -> None:
    service.approve(plan, sign(approval_message(plan), key))


# --- in a project -----------------------------------------------------------------------------------------------------


def test_an_approved_plan_may_be_carried_out(
    project: Path, service: NetworkService, plan: Plan, bob: SigningKey
) -> None:
    allow(project, "# who may approve\n", allowed_line("bob@example.net", bob))
    with pytest.raises(ApprovalMissing):
        service.deployment(plan)
    approve(service, plan, bob)
    with service.deployment(plan):
        pass
    (given,) = service.approvals(plan)
    assert (given.signer.principal, given.counts) == ("bob@example.net", True)
    assert given.signer.fingerprint == fingerprint(bob)
    assert service.store.verify().ok


def fingerprint(key: SigningKey) -> str:
    """As ssh-keygen shows it."""
    shown = subprocess.run(["ssh-keygen", "-l", "-f", f"{key.text}.pub"], capture_output=True, text=True, check=True)
    return shown.stdout.split()[1]


def test_the_author_does_not_approve_a_plan_of_their_own(
    project: Path, service: NetworkService, plan: Plan, bob: SigningKey
) -> None:
    for principals in ("ann", "ann@example.net", "team@example.net,ann@example.net"):
        allow(project, allowed_line(principals, bob))
        with pytest.raises(ApprovalRefused, match="the plan's author"):
            approve(service, plan, bob)


def test_a_key_that_is_not_in_the_file_approves_nothing(
    project: Path, service: NetworkService, plan: Plan, bob: SigningKey, cat: SigningKey
) -> None:
    with pytest.raises(ApprovalRefused, match="nobody may approve: there is no file inventory/allowed_signers"):
        approve(service, plan, bob)
    allow(project, allowed_line("cat@example.net", cat))
    with pytest.raises(ApprovalRefused, match=r"the key SHA256:\S+ is not in inventory/allowed_signers$"):
        approve(service, plan, bob)
    assert service.approvals(plan) == ()


def test_a_signature_of_another_plan_or_environment_approves_nothing(
    project: Path, service: NetworkService, plan: Plan, bob: SigningKey
) -> None:
    allow(project, allowed_line("bob@example.net", bob))
    for other in (plan.model_copy(update={"environment": "real"}), plan.model_copy(update={"devices": ()})):
        with pytest.raises(ApprovalRefused, match="the signature is not one of this plan"):
            service.approve(plan, sign(approval_message(other), bob))


def test_a_plan_file_that_was_changed_afterwards_is_not_approved(
    project: Path, service: NetworkService, plan: Plan, bob: SigningKey, tmp_path: Path
) -> None:
    allow(project, allowed_line("bob@example.net", bob))
    approve(service, plan, bob)
    (device,) = plan.devices
    changed = plan.model_copy(
        update={"devices": (device.model_copy(update={"commands": (*device.commands, "snmp-server community x")}),)}
    )
    write_plan(changed, tmp_path / "changed.plan")
    with pytest.raises(ApprovalMissing, match="by nobody; save"):
        service.deployment(read_plan(tmp_path / "changed.plan"))


def test_a_withdrawn_approval_does_not_come_back_by_its_old_signature(
    project: Path, service: NetworkService, plan: Plan, bob: SigningKey
) -> None:
    allow(project, allowed_line("bob@example.net", bob))
    signature = sign(approval_message(plan), bob)
    service.approve(plan, signature)
    service.withdraw_approval(plan, sign(withdrawal_message(plan), bob))
    with pytest.raises(ApprovalMissing, match="withdrawn"):
        service.deployment(plan)
    with pytest.raises(ApprovalRefused, match="for good"):
        service.approve(plan, signature)


def test_a_signer_who_was_removed_afterwards_no_longer_counts(
    project: Path, service: NetworkService, plan: Plan, bob: SigningKey, cat: SigningKey
) -> None:
    allow(project, allowed_line("bob@example.net", bob))
    approve(service, plan, bob)
    allow(project, allowed_line("cat@example.net", cat))
    (given,) = service.approvals(plan)
    assert (given.signer.principal, given.counts) == ("bob@example.net", False)
    with pytest.raises(ApprovalMissing, match="is not in inventory/allowed_signers"):
        service.deployment(plan)
    # The same name with another key: the signature is still not one of that key.
    allow(project, allowed_line("bob@example.net", cat))
    with pytest.raises(ApprovalMissing):
        service.deployment(plan)


def test_two_approvals_are_two_people(
    project: Path, service: NetworkService, plan: Plan, bob: SigningKey, cat: SigningKey
) -> None:
    config = project / "inventory" / "config.yaml"
    config.write_text(config.read_text(encoding="utf-8").replace("required: 1", "required: 2"), encoding="utf-8")
    strict = open_service(load_settings(project))
    with closing(strict.store):
        allow(project, allowed_line("bob@example.net", bob), allowed_line("bob@example.net", cat))
        approve(strict, plan, bob)
        approve(strict, plan, cat)
        with pytest.raises(ApprovalMissing, match=r"wants 2 .* approved by bob@example\.net; save"):
            strict.deployment(plan)
        allow(project, allowed_line("bob@example.net", bob), allowed_line("cat@example.net", cat))
        approve(strict, plan, cat)
        with strict.deployment(plan):
            pass


COLUMNS = (
    "event_id, aggregate_id, version, correlation_id, causation_id, type, schema_version, recorded_at, hash, state"
)


def test_a_row_written_into_the_database_by_hand_counts_for_nothing(
    project: Path, service: NetworkService, plan: Plan, bob: SigningKey
) -> None:
    """A true approval of one plan, copied with sqlite3 so that it stands at another: name, key and all."""
    allow(project, allowed_line("bob@example.net", bob))
    approve(service, plan, bob)
    evil = plan.model_copy(update={"author": "eve"})
    with closing(sqlite3.connect(project / ".cimnet" / "events.db")) as connection:
        new = f"replace(%s, '{plan.digest}', '{evil.digest}')"
        identity = "replace(%s, substr(event_id, 1, 8), '00000000')"
        values = COLUMNS.replace("aggregate_id", new % "aggregate_id").replace("state", identity % (new % "state"))
        values = values.replace("event_id", identity % "event_id", 1)
        copied = connection.execute(
            f"INSERT INTO stored_events (position, {COLUMNS}) SELECT (SELECT max(position) + 1 FROM stored_events),"
            f" {values} FROM stored_events WHERE type = 'PlanApproved'"
        )
        assert copied.rowcount == 1
        connection.commit()
    (given,) = service.approvals(evil)
    assert (given.signer.principal, given.counts) == ("bob@example.net", False)
    assert "the signature is not one of this plan" in given.problem
    with pytest.raises(ApprovalMissing, match="by nobody, not counting"):
        service.deployment(evil)
    service.require_approved(plan)
    assert not service.store.verify().ok


# --- the adapter ------------------------------------------------------------------------------------------------------


def verify(tmp_path: Path, signature: str, *lines: str) -> object:
    (tmp_path / "signers").write_text("".join(lines), encoding="utf-8")
    return AllowedSigners(tmp_path / "signers", "the file").verify(MESSAGE, signature)


def test_a_signature_for_something_else_is_refused(tmp_path: Path, bob: SigningKey) -> None:
    command = ["ssh-keygen", "-Y", "sign", "-n", "git", "-f", bob.text]
    commit = subprocess.run(command, input=MESSAGE, capture_output=True, check=True).stdout.decode()
    for signature in (commit, "", "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n"):
        with pytest.raises(ApprovalRefused, match="the signature is not one of this plan: "):
            verify(tmp_path, signature, allowed_line("bob", bob))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ('valid-before="20200101"', "key has expired"),
        ('valid-after="29990101"', "key is not yet valid"),
        ('namespaces="git"', 'not permitted for use in signature namespace "cimnet-plan"'),
    ],
)
def test_what_the_file_says_of_a_key_is_kept(tmp_path: Path, bob: SigningKey, options: str, words: str) -> None:
    with pytest.raises(ApprovalRefused, match=words):
        verify(tmp_path, sign(MESSAGE, bob), allowed_line("bob", bob, options))


@pytest.mark.parametrize("pattern", ["*", "*@example.net", "bo?", "bob,*", "*,!ann"])
def test_a_key_that_stands_for_anybody_approves_nothing(tmp_path: Path, bob: SigningKey, pattern: str) -> None:
    with pytest.raises(ApprovalRefused, match="under a pattern"):
        verify(tmp_path, sign(MESSAGE, bob), allowed_line(pattern, bob))


def test_all_names_of_a_key_are_known(tmp_path: Path, bob: SigningKey) -> None:
    found = AllowedSigners(tmp_path / "signers", "the file")
    (tmp_path / "signers").write_text(allowed_line("bob@example.net,bob", bob), encoding="utf-8")
    signer = found.verify(MESSAGE, sign(MESSAGE, bob))
    assert signer.names == ("bob@example.net", "bob")
    assert list(tmp_path.glob("cimnet-*")) == []


@pytest.fixture
def agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An agent of our own."""
    socket = tmp_path / "agent"
    process = subprocess.Popen(["ssh-agent", "-D", "-a", socket], stdout=subprocess.DEVNULL)
    monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
    while not socket.exists():
        assert process.poll() is None
    yield
    process.terminate()
    process.wait(timeout=60)


def test_an_agent_signs_for_the_public_half(tmp_path: Path, agent: None, bob: SigningKey, cat: SigningKey) -> None:
    subprocess.run(["ssh-add", "-q", bob.text], check=True)
    Path(bob.text).unlink()
    line = Path(f"{bob.text}.pub").read_text(encoding="utf-8").strip()
    for text in (f"{bob.text}.pub", line, f"key::{line}"):
        assert verify(tmp_path, sign(MESSAGE, SigningKey(text, "--key")), allowed_line("bob", bob))
    Path(cat.text).unlink()
    with pytest.raises(InvalidInput, match="does not sign: No private key found"):
        sign(MESSAGE, SigningKey(f"{cat.text}.pub", "--key"))


def test_a_key_that_cannot_sign_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "no-key").write_text("nonsense\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"no-key \(--key\) does not sign: \S.*") as refused:
        sign(MESSAGE, SigningKey(str(tmp_path / "no-key"), "--key"))
    assert "\n" not in refused.value.message
    with pytest.raises(InvalidInput, match=r"there is no key /none \(the default\); name one: --key PATH"):
        sign(MESSAGE, SigningKey("/none", "the default"))


def test_gits_signing_key_is_taken_where_it_is_an_ssh_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "gitconfig"
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    standard = SigningKey("~/.ssh/id_ed25519", "the default")
    config.write_text("[user]\n signingkey = 0123456789ABCDEF\n", encoding="utf-8")
    assert default_key(tmp_path) == standard
    config.write_text("[gpg]\n format = ssh\n[user]\n signingkey = ~/.ssh/work\n", encoding="utf-8")
    assert default_key(tmp_path) == SigningKey("~/.ssh/work", "Git's user.signingkey")
    config.write_text("[gpg]\n format = ssh\n", encoding="utf-8")
    assert default_key(tmp_path) == standard
    monkeypatch.setenv("PATH", str(tmp_path))
    assert default_key(tmp_path) == standard


Program = Callable[[str], None]


@pytest.fixture
def instead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Puts another ssh-keygen on the PATH: an old one answers so."""

    def put(script: str) -> None:
        program = tmp_path / "bin" / "ssh-keygen"
        program.parent.mkdir()
        program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")

    return put


@pytest.mark.parametrize("said", ["unknown option -- Y", 'Unsupported operation for -Y: "find-principals"'])
def test_an_old_ssh_keygen_is_told_of(bob: SigningKey, instead: Program, said: str) -> None:
    instead(f"echo '{said}' >&2; exit 1")
    with pytest.raises(SettingsError, match=r"too old: approvals need OpenSSH 8\.2"):
        sign(MESSAGE, bob)


def test_a_missing_ssh_keygen_is_told_of(
    project: Path, service: NetworkService, plan: Plan, bob: SigningKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(project, allowed_line("bob@example.net", bob))
    approve(service, plan, bob)
    monkeypatch.setenv("PATH", str(project))
    with pytest.raises(SettingsError, match="ssh-keygen is not installed"):
        service.deployment(plan)


def test_an_ssh_keygen_that_does_not_end_is_told_of(
    bob: SigningKey, instead: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cimnet_nornir.bootstrap.signing._SIGN_SECONDS", 0.2)
    instead("exec sleep 60")
    with pytest.raises(SettingsError, match="ssh-keygen -Y sign did not end within 0 s"):
        sign(MESSAGE, bob)
