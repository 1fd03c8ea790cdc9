"""Whether a secret as a device shows it is the one that intent has in clear text; else every plan would set it anew.

Type 7 is an obfuscation and can be read; types 5 (MD5-crypt), 8 (PBKDF2 with SHA-256) and 9 (scrypt) are hashes, with
the parameters of Cisco's "Cisco IOS Security Command Reference", `enable secret`.
"""

import hashlib
import hmac
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from itertools import cycle

from cimnet_nornir.errors import ConfigurationError
from cimnet_nornir.ios.references import Resolver, has_mark, revealed

_LINE = re.compile(
    r"(?P<head>username \S+ (?:.* )?(?:password|secret)|enable (?:password|secret)(?: level \d+)?|password"
    r"|neighbor \S+ password|ip ospf authentication-key|ip ospf message-digest-key \d+ md5"
    r"|(?:tacacs-server|radius-server) key|key) (?:(?P<type>[05789]) )?(?P<value>\S.*)"
)
_CLEAR = (None, "0")
# Cisco publishes the key of type 7 by its use; it is the same in every device.
_KEY = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"
_STANDARD = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_CISCO = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def same_secret(running: str, intended: str, resolve: Resolver | None = None) -> bool:
    """Whether two lines set one secret: the running one in whatever form, the intended one in clear text.

    A mark in the intended line is resolved first. False too where the lines differ in anything else, where the
    intended one is in another form, and where the secret behind a mark is not there.
    """
    if has_mark(intended):
        try:
            intended = revealed(intended, resolve)
        except ConfigurationError:
            return False
        if running == intended:
            return True
    have, want = _LINE.fullmatch(running), _LINE.fullmatch(intended)
    if have is None or want is None or have["head"] != want["head"] or want["type"] not in _CLEAR:
        return False
    if have["type"] in _CLEAR:
        return have["value"] == want["value"]
    check = _CHECKS.get(have["type"])
    return check is not None and check(have["value"], want["value"])


def read_type_7(value: str) -> str | None:
    """The clear text of a type 7 password; None where it is no such thing."""
    try:
        start, coded = int(value[:2]), bytes.fromhex(value[2:])
        return bytes(byte ^ _KEY[(start + index) % len(_KEY)] for index, byte in enumerate(coded)).decode()
    except ValueError:
        return None


def _matches_7(shown: str, clear: str) -> bool:
    return read_type_7(shown) == clear


def _matches_8(shown: str, clear: str) -> bool:
    return _matches(shown, lambda salt: hashlib.pbkdf2_hmac("sha256", clear.encode(), salt, 20_000, 32))


def _matches_9(shown: str, clear: str) -> bool:
    return _matches(shown, lambda salt: hashlib.scrypt(clear.encode(), salt=salt, n=16_384, r=1, p=1, dklen=32))


def _matches(shown: str, digest: Callable[[bytes], bytes]) -> bool:
    parts = shown.split("$")
    if len(parts) != 4:  # "", type, salt, digest
        return False
    coded = b64encode(digest(parts[2].encode())).rstrip(b"=").translate(bytes.maketrans(_STANDARD, _CISCO))
    return hmac.compare_digest(coded, parts[3].encode())


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
    "5": _matches_5,
    "7": _matches_7,
    "8": _matches_8,
    "9": _matches_9,
}
