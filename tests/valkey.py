"""A Valkey or Redis server of our own: on a free port, nothing kept, gone afterwards."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from tests.ports import free_port, wait_for_port


@contextmanager
def server(binary: str) -> Iterator[str]:
    """The URL of a running server."""
    with tempfile.TemporaryDirectory(prefix="mailflow-kv-") as directory:
        port = free_port()
        process = subprocess.Popen(
            [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", directory],
            stdout=subprocess.DEVNULL,
        )
        try:
            wait_for_port("127.0.0.1", port, timeout_s=10)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.terminate()
            process.wait(timeout=10)
