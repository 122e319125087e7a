"""Keys of this installation: made at first start, kept in the data directory, used for sealing
secrets and for signing. One master key; every use derives its own key from it (RFC 5869)."""

import contextlib
import os
import secrets
import tempfile
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_FILE = "master.key"
_KEY_BYTES = 32


class KeysUnusable(ValueError):
    """The master keys cannot be used; the message says where they came from and how to mend it."""


class CannotUnseal(ValueError):
    """The text was not sealed under any key of ours, or was changed since."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The master keys, newest first: the first seals and signs, all unseal and verify."""

    masters: tuple[bytes, ...]
    _fernet: MultiFernet = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        fernets = [Fernet(urlsafe_b64encode(key)) for key in self.derive_all("sealed secrets")]
        object.__setattr__(self, "_fernet", MultiFernet(fernets))

    def __repr__(self) -> str:
        """No key material, whatever logs this."""
        return f"Keys({len(self.masters)} masters)"

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one purpose, the same at every start, unlike those of any other."""
        return _derive(self.masters[0], purpose)

    def derive_all(self, purpose: str) -> tuple[bytes, ...]:
        """As `derive`, for every master key, newest first: what verifying has to try."""
        return tuple(_derive(master, purpose) for master in self.masters)

    def seal(self, text: str) -> str:
        """Encrypted and authenticated (Fernet), as ASCII text."""
        return self._fernet.encrypt(text.encode()).decode()

    def unseal(self, sealed: str) -> str:
        """What `seal` was given. Raises CannotUnseal."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise CannotUnseal("sealed under a key that is not here, or changed") from error

    def reseal(self, sealed: str) -> str:
        """The same secret under the newest key. Raises CannotUnseal."""
        return self.seal(self.unseal(sealed))


def load_keys(directory: Path, given: str = "") -> Keys:
    """The keys of `given` (one or more, by white space or comma, newest first), else of the file
    in `directory`, which is made with a new key when there is none (directory 0700, file 0600).

    Raises KeysUnusable; never replaces a file that it cannot read.
    """
    if given.strip():
        return Keys(_parse(given, source="the master key setting"))
    path = directory / KEY_FILE
    if not path.exists():
        _create(path, [secrets.token_bytes(_KEY_BYTES)])
    return Keys(_parse(_read(path), source=str(path)))


def add_key(directory: Path) -> Keys:
    """A new key at the front of the file: from now on it seals, the older ones still unseal."""
    path = directory / KEY_FILE
    masters = [secrets.token_bytes(_KEY_BYTES), *load_keys(directory).masters]
    temporary = _write_aside(path, masters)
    temporary.replace(path)
    _sync_directory(directory)
    return Keys(tuple(masters))


def new_key() -> str:
    """A fresh master key as text, for those who keep it elsewhere."""
    return urlsafe_b64encode(secrets.token_bytes(_KEY_BYTES)).decode()


@lru_cache(maxsize=64)
def _derive(master: bytes, purpose: str) -> bytes:
    info = b"mailflow/" + purpose.encode()
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=info).derive(master)


def _parse(text: str, source: str) -> tuple[bytes, ...]:
    words = text.replace(",", " ").split()
    keys = tuple(_parse_one(word, source) for word in words)
    if not keys:
        raise KeysUnusable(f"{source} holds no key. Restore it from a backup.")
    return keys


def _parse_one(word: str, source: str) -> bytes:
    """Both base64 alphabets, padded or not: `openssl rand -base64 32` makes a good key."""
    with contextlib.suppress(ValueError):
        padded = word.rstrip("=") + "=" * (-len(word.rstrip("=")) % 4)
        key = b64decode(padded.replace("-", "+").replace("_", "/"), validate=True)
        if len(key) == _KEY_BYTES:
            return key
    raise KeysUnusable(
        f"{source} holds something that is not a key: a key is 32 random bytes in base64, "
        "as `openssl rand -base64 32` prints it."
    )


def _read(path: Path) -> str:
    try:
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise KeysUnusable(f"{path} cannot be read ({error}). Give this user the file.") from error


def _create(path: Path, masters: Sequence[bytes]) -> None:
    """Whole or not at all; of several processes that start at once, one makes the file."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = _write_aside(path, masters)
    except OSError as error:
        raise KeysUnusable(f"{path} cannot be made ({error}). Choose another folder.") from error
    try:
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)
    finally:
        temporary.unlink()
    _sync_directory(path.parent)


def _write_aside(path: Path, masters: Sequence[bytes]) -> Path:
    """A synced file beside `path`; mkstemp makes it 0600."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".key-")
    with os.fdopen(descriptor, "wb") as file:
        file.writelines(urlsafe_b64encode(master) + b"\n" for master in masters)
        file.flush()
        os.fsync(file.fileno())
    return Path(name)


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
