"""Files by their SHA-256: the same content is kept once, in the attachment store."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, default_storage


def put(sha256: str, content: bytes) -> None:
    """The content is kept under its digest when this returns; a second time costs nothing.

    Raises OSError (or the store's own error) when it could not be kept.
    """
    name = name_of(sha256)
    store = default_storage
    if store.exists(name):
        return
    if isinstance(getattr(store, "_wrapped", store), FileSystemStorage):
        _put_file(store, name, content)
    else:
        store.save(name, ContentFile(content))


def _put_file(store: Storage, name: str, content: bytes) -> None:
    """Written aside, synced, then named: a crash leaves no half file under a digest's name."""
    target = Path(store.path(name))
    if not target.parent.is_dir():
        target.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".", delete=False) as draft:
        draft.write(content)
        draft.flush()
        os.fsync(draft.fileno())
    Path(draft.name).rename(target)


def open_blob(sha256: str) -> IO[bytes]:
    """The content, for reading. Raises FileNotFoundError when it is not kept."""
    return default_storage.open(name_of(sha256), "rb")


def remove(sha256: str) -> None:
    """The content is not kept any more; one that is not there is no error."""
    with suppress(FileNotFoundError):
        default_storage.delete(name_of(sha256))


def name_of(sha256: str) -> str:
    """Where the content lies in the store: one of 256 directories, then the digest."""
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise ValueError("not a SHA-256 in lower-case hexadecimal")
    return f"{sha256[:2]}/{sha256}"
