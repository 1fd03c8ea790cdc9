"""Secrets as IOS stores them: types 5, 8 and 9 for what is compared, type 7 for what must be readable.

Type 5 is MD5-crypt, `$1$SALT$HASH`; type 8 is PBKDF2 with SHA-256 in 20000 rounds, `$8$SALT$HASH`; type 9 is scrypt
with N=16384, r=1, p=1 over 32 bytes, `$9$SALT$HASH`; the latter two in Cisco's base64 alphabet.
"""

import base64
import hashlib
import hmac
import secrets
import string
from typing import Final

_STANDARD: Final = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"
_CISCO: Final = "./" + string.digits + string.ascii_uppercase + string.ascii_lowercase
_TO_CISCO: Final = str.maketrans(_STANDARD, _CISCO)
# The key of type 7, the same in every IOS, published since 1997: an obfuscation, not a cipher.
_TYPE7: Final = "dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"


def hashed(plain: str, algorithm: str) -> tuple[str, str]:
    """The type and the text of a secret by the name of its algorithm: scrypt, sha256 or md5."""
    code = {"scrypt": "9", "sha256": "8", "md5": "5"}[algorithm]
    return code, _TEXTS[code](plain, "".join(secrets.choice(_CISCO) for _ in range(4 if code == "5" else 14)))


def scrypt_secret(plain: str, salt: str = "") -> str:
    """The type 9 text of a secret, with a fresh salt unless one is given."""
    return _type9(plain, salt) if salt else hashed(plain, "scrypt")[1]


def _type9(plain: str, salt: str) -> str:
    digest = hashlib.scrypt(plain.encode(), salt=salt.encode(), n=16384, r=1, p=1, dklen=32)
    return f"$9${salt}${_cisco_base64(digest)}"


def _type8(plain: str, salt: str) -> str:
    return f"$8${salt}${_cisco_base64(hashlib.pbkdf2_hmac('sha256', plain.encode(), salt.encode(), 20000, 32))}"


def _cisco_base64(digest: bytes) -> str:
    return base64.b64encode(digest).decode().rstrip("=").translate(_TO_CISCO)


def _md5(*parts: bytes) -> bytes:
    return hashlib.md5(b"".join(parts), usedforsecurity=False).digest()


def _type5(plain: str, salt: str) -> str:
    """MD5-crypt as Unix has it."""
    word, grain = plain.encode(), salt.encode()
    inner = _md5(word, grain, word)
    mixed = bytearray(word + b"$1$" + grain)
    mixed += (inner * (len(word) // 16 + 1))[: len(word)]
    length = len(word)
    while length:
        mixed += b"\0" if length & 1 else word[:1]
        length >>= 1
    final = _md5(bytes(mixed))
    for turn in range(1000):
        first, last = (word, final) if turn & 1 else (final, word)
        final = _md5(first, grain if turn % 3 else b"", word if turn % 7 else b"", last)
    order = (0, 6, 12, 1, 7, 13, 2, 8, 14, 3, 9, 15, 4, 10, 5)
    found = ""
    for index in range(0, 15, 3):
        a, b, c = (final[place] for place in order[index : index + 3])
        number = a << 16 | b << 8 | c
        found += "".join(_UNIX[number >> 6 * place & 63] for place in range(4))
    return f"$1${salt}${found}{_UNIX[final[11] & 63]}{_UNIX[final[11] >> 6]}"


_UNIX: Final = "./" + string.digits + string.ascii_uppercase + string.ascii_lowercase
_TEXTS: Final = {"5": _type5, "8": _type8, "9": _type9}


def secret_matches(stored: str, plain: str) -> bool:
    """Whether `plain` is the secret behind a text of type 5, 8 or 9."""
    parts = stored.split("$")
    code = {"1": "5"}.get(parts[1], parts[1]) if len(parts) == 4 else ""
    return code in _TEXTS and hmac.compare_digest(_TEXTS[code](plain, parts[2]), stored)


def type7(plain: str, offset: int | None = None) -> str:
    """The type 7 text of a password, from a random offset into the key unless one is given."""
    start = secrets.randbelow(16) if offset is None else offset
    pairs = (ord(sign) ^ ord(_TYPE7[(start + index) % len(_TYPE7)]) for index, sign in enumerate(plain))
    return f"{start:02d}" + "".join(f"{code & 0xFF:02X}" for code in pairs)


def type7_plain(stored: str) -> str:
    """The password behind a type 7 text; empty when it is none."""
    try:
        start, codes = int(stored[:2]), bytes.fromhex(stored[2:])
    except ValueError:
        return ""
    return "".join(chr(code ^ ord(_TYPE7[(start + index) % len(_TYPE7)])) for index, code in enumerate(codes))
