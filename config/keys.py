"""The master keys of an installation: given by the operator, or made at the first start."""

import os
import secrets
from pathlib import Path


def make_private_directory(path: Path) -> None:
    """The directory exists afterwards; one made here can be entered by its owner alone."""
    if not path.is_dir():
        path.mkdir(parents=True, mode=0o700)
        path.chmod(0o700)


def load_or_create(data_dir: Path) -> tuple[str, ...]:
    """The keys in <data_dir>/keys/master.key, newest first; the file is made where it is missing.

    Two processes that start at once end with the same key: the file is linked into place whole.
    """
    make_private_directory(data_dir)
    make_private_directory(data_dir / "keys")
    path = data_dir / "keys" / "master.key"
    if not path.exists():
        draft = path.with_name(f".{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return tuple(line.strip() for line in path.read_text().splitlines() if line.strip())
