"""Secrets as IOS stores them: type 9 (scrypt) for secrets, type 7 for what must be readable; never the plain text.

Type 9 is `$9$SALT$HASH` with scrypt N=16384, r=1, p=1 over 32 bytes, in Cisco's base64 alphabet.
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


def scrypt_secret(plain: str, salt: str = "") -> str:
    """The type 9 text of a secret, with a fresh salt unless one is given."""
    salt = salt or "".join(secrets.choice(_CISCO) for _ in range(14))
    digest = hashlib.scrypt(plain.encode(), salt=salt.encode(), n=16384, r=1, p=1, dklen=32)
    return f"$9${salt}${base64.b64encode(digest).decode().rstrip('=').translate(_TO_CISCO)}"


def secret_matches(stored: str, plain: str) -> bool:
    """Whether `plain` is the secret behind a type 9 text; other types never match."""
    parts = stored.split("$")
    if len(parts) != 4 or parts[1] != "9":
        return False
    return hmac.compare_digest(scrypt_secret(plain, parts[2]), stored)


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
