"""Free ports, and waiting until somebody listens."""

import socket
import time


def free_port() -> int:
    """A port of the loopback address that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_for_port(host: str, port: int, timeout_s: float) -> None:
    """Returns once a connection succeeds. Raises TimeoutError."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            time.sleep(0.02)  # nothing tells when a port opens
        else:
            return
    raise TimeoutError(f"nothing listens on {host}:{port} after {timeout_s} s")
