"""Hash passwords and check them, by scrypt with a salt of its own for each."""

import base64
import hashlib
import hmac
import re
import secrets
from pathlib import Path

from catalog.domain.errors import CatalogError

COST, BLOCK, PARALLEL = 2**15, 8, 3
"""The parameters of scrypt that OWASP recommends: 32 MiB and some tenths of a second a guess."""

LARGEST_COST = 2**20
MEMORY = 2**31 - 1
SHORTEST = 10
"""Characters of a password that `catalog serve --hash-password` takes."""

FORM = re.compile(r"scrypt\$(\d{1,7})\$(\d{1,3})\$(\d{1,3})\$([\w+/=-]{16,})\$([\w+/=-]{40,})")


class PasswordHash:
    """The hash of a password, as the environment or a file gives it."""

    def __init__(self, printed: str) -> None:
        found = FORM.fullmatch(printed.strip())
        if found is None or not 2 <= int(found[1]) <= LARGEST_COST or int(found[1]).bit_count() > 1:
            raise CatalogError(
                "cannot use the password",
                why="what was given is no hash of a password",
                hint="make one with: catalog serve --hash-password",
            )
        self.cost, self.block, self.parallel = (int(found[number]) for number in (1, 2, 3))
        self.salt, self.digest = (_bytes(found[number]) for number in (4, 5))

    def fits(self, password: str) -> bool:
        """Return true if this is the password; it takes some tenths of a second."""
        made = _scrypt(password, self.salt, self.cost, self.block, self.parallel)
        return hmac.compare_digest(made, self.digest)


def hashed(password: str) -> str:
    """Hash a password with a new salt.

    Raises:
        ValueError: it is too short.

    """
    if len(password) < SHORTEST:
        msg = f"the password has {len(password)} characters; at least {SHORTEST} are needed"
        raise ValueError(msg)
    salt = secrets.token_bytes(16)
    digest = _scrypt(password, salt, COST, BLOCK, PARALLEL)
    parts = (str(COST), str(BLOCK), str(PARALLEL), _text(salt), _text(digest))
    return "$".join(("scrypt", *parts))


def _scrypt(password: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    key = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(key, salt=salt, n=cost, r=block, p=parallel, maxmem=MEMORY, dklen=32)


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text)


def password_hash(file: Path | None, environment: str | None) -> PasswordHash | None:
    """Read the hash from a file, else from the environment; None if neither gives one.

    Raises:
        CatalogError: the file cannot be read, or it holds something else.

    """
    if file is None:
        return PasswordHash(environment) if environment else None
    try:
        return PasswordHash(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else None
        raise CatalogError(
            f"cannot read the password file {file}",
            why=why or "it is not text",
            hint="write it with: catalog serve --hash-password > FILE",
        ) from error
