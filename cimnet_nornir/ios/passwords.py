"""Whether a secret as a device shows it is the one that intent has in clear text; else every plan would set it anew.

Type 7 is an obfuscation and can be read; types 4 (SHA-256), 5 (MD5-crypt), 8 (PBKDF2 with SHA-256) and 9 (scrypt) are
hashes, with the parameters of Cisco's "Cisco IOS Security Command Reference", `enable secret`.
"""

import hashlib
import hmac
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from itertools import cycle

from cimnet_nornir.errors import ConfigurationError
from cimnet_nornir.ios.references import Resolver, has_mark, revealed

# What stands before a secret that a device shows in another form than it was typed in.
_HEADS = (
    r"username \S+ (?:privilege \d+ )?(?:view \S+ )?(?:password|secret)",
    r"enable (?:password|secret)(?: level \d+)?",
    r"(?:ppp (?:chap |pap sent-username \S+ )|bind authenticate root-dn \S+ )?password",
    r"(?:pac )?key|key-string|(?:client \S+ (?:vrf \S+ )?)?server-key",
    r"(?:tacacs-server|radius-server) (?:host .*? )?key",
    r"server-private \S+ (?:.*? )?key",
    r"neighbor \S+ password",
    r"ip ospf (?:authentication-key|message-digest-key \d+ md5)",
    r"area \S+ virtual-link \S+ (?:.*? )?(?:authentication-key|message-digest-key \d+ md5)",
    r"(?:standby|vrrp|glbp) (?:\d+ )?authentication md5 key-string",
    r"ip (?:ftp|http client) password",
)
_LINE = re.compile(rf"(?P<head>{'|'.join(_HEADS)}) (?:(?P<type>[0456789]) )?(?P<value>\S.*)")
# The type stands behind the value here.
_NTP = re.compile(r"(?P<head>ntp authentication-key \d+ \S+) (?P<value>\S+)(?: (?P<type>[07]))?")
_ALGORITHM = re.compile(r"(?P<before>username .*?|enable )algorithm-type (?P<algorithm>\S+) (?P<rest>secret .+)")
_ALGORITHMS = {"md5": "5", "sha256": "8", "scrypt": "9"}
_TIMEOUT = re.compile(r"(?P<line>(?:standby|vrrp) .+ key-string .+)(?P<timeout> timeout \d+)")
_CLEAR = (None, "0")
# Cisco publishes the key of type 7 by its use; it is the same in every device.
_KEY = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"
_STANDARD = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_CISCO = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def same_secret(running: str, intended: str, resolve: Resolver | None = None) -> bool:
    """Whether two lines set one secret: the running one in whatever form, the intended one in a form that can be read.

    A mark in the intended line is resolved first. False too where the lines differ in anything else, where the secret
    behind a mark is not there, where intent has another hash, and for type 6, which nobody can read without the master
    key of the device.
    """
    if has_mark(intended):
        try:
            intended = revealed(intended, resolve)
        except ConfigurationError:
            return False
        if running == intended:
            return True
    plain, algorithm = _without_algorithm(intended)
    (running, waits), (plain, waited) = _without_timeout(running), _without_timeout(plain)
    if waits != waited:
        return False
    have, want = (_LINE.fullmatch(line) or _NTP.fullmatch(line) for line in (running, plain))
    if have is None or want is None or have["head"] != want["head"] or algorithm not in (None, have["type"]):
        return False
    clear = _readable(want["type"], want["value"])
    if clear is None:
        return (have["type"], have["value"]) == (want["type"], want["value"])
    shown = _readable(have["type"], have["value"])
    if shown is not None:
        return shown == clear
    check = _CHECKS.get(have["type"])
    return check is not None and check(have["value"], clear)


def _without_algorithm(line: str) -> tuple[str, str | None]:
    """The line as a device shows it but for the secret, and the type that an algorithm named in it leads to."""
    match = _ALGORITHM.fullmatch(line)
    if match is None:
        return line, None
    return f"{match['before']}{match['rest']}", _ALGORITHMS.get(match["algorithm"], "")


def _without_timeout(line: str) -> tuple[str, str]:
    """The line without what follows the key of a first-hop group, and that: how long the key before it counts."""
    match = _TIMEOUT.fullmatch(line)
    return (match["line"], match["timeout"]) if match else (line, "")


def _readable(kind: str | None, value: str) -> str | None:
    """The clear text of what is no hash."""
    if kind in _CLEAR:
        return value
    return read_type_7(value) if kind == "7" else None


def read_type_7(value: str) -> str | None:
    """The clear text of a type 7 password; None where it is no such thing."""
    try:
        start, coded = int(value[:2]), bytes.fromhex(value[2:])
        return bytes(byte ^ _KEY[(start + index) % len(_KEY)] for index, byte in enumerate(coded)).decode()
    except ValueError:
        return None


def _matches_4(shown: str, clear: str) -> bool:
    """SHA-256 without a salt, in the standard order of base64 but Cisco's signs."""
    return hmac.compare_digest(_coded(hashlib.sha256(clear.encode()).digest()), shown.encode())


def _matches_8(shown: str, clear: str) -> bool:
    return _matches(shown, lambda salt: hashlib.pbkdf2_hmac("sha256", clear.encode(), salt, 20_000, 32))


def _matches_9(shown: str, clear: str) -> bool:
    return _matches(shown, lambda salt: hashlib.scrypt(clear.encode(), salt=salt, n=16_384, r=1, p=1, dklen=32))


def _matches(shown: str, digest: Callable[[bytes], bytes]) -> bool:
    parts = shown.split("$")
    if len(parts) != 4:  # "", type, salt, digest
        return False
    return hmac.compare_digest(_coded(digest(parts[2].encode())), parts[3].encode())


def _coded(digest: bytes) -> bytes:
    return b64encode(digest).rstrip(b"=").translate(bytes.maketrans(_STANDARD, _CISCO))


def _matches_5(shown: str, clear: str) -> bool:
    parts = shown.split("$")
    return len(parts) == 4 and hmac.compare_digest(
        _md5_crypt(clear.encode(), parts[2].encode()).encode(), parts[3].encode()
    )


def _md5_crypt(clear: bytes, salt: bytes) -> str:
    """MD5-crypt as FreeBSD made it (Poul-Henning Kamp, crypt(3) of 1994)."""

    def md5(data: bytes) -> bytes:
        return hashlib.md5(data, usedforsecurity=False).digest()

    inner = md5(clear + salt + clear)
    filled = bytes(byte for _, byte in zip(clear, cycle(inner), strict=False))
    bits, odd = len(clear), b""
    while bits:
        odd += b"\0" if bits & 1 else clear[:1]
        bits >>= 1
    digest = md5(clear + b"$1$" + salt + filled + odd)
    for turn in range(1000):
        parts = (clear if turn & 1 else digest, salt if turn % 3 else b"", clear if turn % 7 else b"")
        digest = md5(b"".join(parts) + (digest if turn & 1 else clear))
    return _crypt_base64(digest)


def _crypt_base64(digest: bytes) -> str:
    alphabet = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    groups = [((digest[a] << 16) | (digest[a + 6] << 8) | digest[(a + 12) if a < 4 else 5], 4) for a in range(5)]
    groups.append((digest[11], 2))
    return "".join(alphabet[(value >> (6 * place)) & 63] for value, length in groups for place in range(length))


_CHECKS: Mapping[str, Callable[[str, str], bool]] = {
    "4": _matches_4,
    "5": _matches_5,
    "8": _matches_8,
    "9": _matches_9,
}
