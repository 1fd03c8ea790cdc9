"""Signatures by ssh-keygen: made with a key from a file, an agent or a FIDO token, verified against allowed signers."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cimnet_nornir.application.approval import Signer
from cimnet_nornir.errors import ApprovalRefused, InvalidInput, SettingsError

if TYPE_CHECKING:
    import subprocess

NAMESPACE = "cimnet-plan"
"""What the signatures are for (ssh-keygen(1), -n): one made for a commit or a file approves no plan."""

_VERIFY_SECONDS = 30.0
# A passphrase is typed and a token touched meanwhile.
_SIGN_SECONDS = 120.0
_FINGERPRINT = re.compile(rb"\bkey (SHA256:[A-Za-z0-9+/=]+)")
# 8.0 has no -Y at all, 8.1 lacks find-principals.
_TOO_OLD = re.compile(rb"(unknown|illegal|invalid) option -- '?Y|Unsupported operation for -Y")
_PATTERN = re.compile(r"[*?!]")
_PUBLIC = re.compile(r"(key::)?((ssh-|ecdsa-|sk-)\S+ \S+.*)")
_CHATTER = (b"Signing data on standard input", b"Signing file")


@dataclass(frozen=True, slots=True)
class AllowedSigners:
    """Verifies signatures against an allowed signers file (ssh-keygen(1), ALLOWED SIGNERS), as it is at that moment.

    `shown` is how messages name the file.
    """

    path: Path
    shown: str

    def verify(self, message: bytes, signature: str) -> Signer:
        """Who signed the message. Raises ApprovalRefused, or SettingsError where ssh-keygen is missing or too old."""
        with _file(signature, ".sig") as name:
            fingerprint = self._matching(message, name)
            principals = self._principals(name, fingerprint)
            # Namespace and days of validity are looked at here only.
            arguments = ("-f", str(self.path), "-I", principals[0], "-n", NAMESPACE, "-s", name)
            done = _ssh_keygen("verify", *arguments, given=message, seconds=_VERIFY_SECONDS)
            if done.returncode:
                raise self._refused(f"{principals[0]} may not sign plans now: {_said(done)}")
        return Signer(principals[0], fingerprint, principals[1:])

    def _matching(self, message: bytes, name: str) -> str:
        """The fingerprint of the key whose signature of the message it is."""
        arguments = ("-n", NAMESPACE, "-s", name)
        done = _ssh_keygen("check-novalidate", *arguments, given=message, seconds=_VERIFY_SECONDS)
        found = _FINGERPRINT.search(done.stdout)
        if done.returncode or found is None:
            raise self._refused(f"the signature is not one of this plan: {_said(done)}")
        return found[1].decode()

    def _principals(self, name: str, fingerprint: str) -> tuple[str, ...]:
        """The names that the file has for the key."""
        if not self.path.is_file():
            raise self._refused(f"nobody may approve: there is no file {self.shown}")
        done = _ssh_keygen("find-principals", "-s", name, "-f", str(self.path), seconds=_VERIFY_SECONDS)
        found = tuple(line.strip() for line in done.stdout.decode(errors="replace").splitlines() if line.strip())
        if done.returncode or not found:
            why = _said(done).removesuffix("No principal matched.").strip()
            raise self._refused(f"the key {fingerprint} is not in {self.shown}{f' ({why})' if why else ''}")
        # Who may be anybody may be the author too.
        if any(_PATTERN.search(principal) for principal in found):
            raise self._refused(f"{self.shown} has the key {fingerprint} under a pattern, {', '.join(found)}; name one")
        return found

    def _refused(self, text: str) -> ApprovalRefused:
        return ApprovalRefused(text, subject=self.shown)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """What to sign with: the path of a private key, or of a public one whose other half an agent has; or that itself.

    `source` says where it was found.
    """

    text: str
    source: str

    @contextmanager
    def file(self) -> Iterator[str]:
        """The path of its file. Raises InvalidInput where there is none."""
        public = _PUBLIC.fullmatch(self.text)
        if public is not None:
            with _file(public[2] + "\n", ".pub") as name:
                yield name
            return
        path = Path(self.text).expanduser().absolute()
        if not path.is_file():
            raise InvalidInput(f"there is no key {self.text} ({self.source}); name one: --key PATH", subject="key")
        yield str(path)


def default_key(folder: Path) -> SigningKey:
    """The key that Git signs with, where that is an SSH key; else the one that ssh-keygen makes without being asked."""
    if _git(folder, "gpg.format") == "ssh":
        configured = _git(folder, "user.signingkey")
        if configured:
            return SigningKey(configured, "Git's user.signingkey")
    return SigningKey("~/.ssh/id_ed25519", "the default")


def sign(message: bytes, key: SigningKey) -> str:
    """The signature, armoured. Raises InvalidInput where the key cannot sign, SettingsError as `verify` does."""
    with key.file() as name:
        done = _ssh_keygen("sign", "-f", name, "-n", NAMESPACE, given=message, seconds=_SIGN_SECONDS)
    if done.returncode or not done.stdout:
        raise InvalidInput(f"{key.text} ({key.source}) does not sign: {_said(done)}", subject="key")
    return done.stdout.decode("ascii")


def _ssh_keygen(
    operation: str, *arguments: str, given: bytes = b"", seconds: float
) -> "subprocess.CompletedProcess[bytes]":
    # Most commands verify nothing.
    import subprocess

    # A passphrase is asked for at the terminal, not on standard input.
    command = ["ssh-keygen", "-Y", operation, *arguments]
    try:
        done = subprocess.run(command, input=given, capture_output=True, timeout=seconds, check=False)
    except FileNotFoundError as error:
        text = "ssh-keygen is not installed, and approvals are SSH signatures (Debian: openssh-client)"
        raise SettingsError(text, subject="ssh-keygen") from error
    except subprocess.TimeoutExpired as error:
        text = f"ssh-keygen -Y {operation} did not end within {seconds:.0f} s"
        raise SettingsError(text, subject="ssh-keygen") from error
    if done.returncode and _TOO_OLD.search(done.stderr):
        raise SettingsError("ssh-keygen is too old: approvals need OpenSSH 8.2 or later", subject="ssh-keygen")
    return done


def _said(done: "subprocess.CompletedProcess[bytes]") -> str:
    """What ssh-keygen said, in one line."""
    lines = (line.strip() for line in done.stderr.splitlines() if not line.startswith(_CHATTER))
    return "; ".join(line.decode(errors="replace") for line in lines if line) or "it gave no reason"


@contextmanager
def _file(text: str, suffix: str) -> Iterator[str]:
    """A file that only its owner reads, gone at the end."""
    with tempfile.NamedTemporaryFile("w", prefix="cimnet-", suffix=suffix, encoding="utf-8") as file:
        file.write(text)
        file.flush()
        yield file.name


def _git(folder: Path, name: str) -> str:
    """A setting of Git's; empty where there is none, or no Git."""
    import subprocess

    command = ("git", "-C", str(folder), "config", "--get", name)
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_VERIFY_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        # The default key is taken then, which is said.
        return ""
    return done.stdout.strip()
