"""Can we listen here, and does somebody answer there?"""

import socket
from contextlib import closing


class CannotListen(Exception):
    """One clear sentence for the operator."""


def free_port(host: str, port: int, key: str) -> int:
    """A port that can be listened on: `port`, or any free one for 0. Raises CannotListen.

    `key` is the option's name, for the sentence.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with closing(socket.socket(family, kind)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            return int(probe.getsockname()[1])
    except OSError as error:
        raise CannotListen(
            f"Cannot listen on {shown(host, port)} ({(error.strerror or str(error)).lower()}): "
            f"stop what uses it, or choose another with {key} HOST:PORT."
        ) from None


def answers(host: str, port: int, ask: bytes, expected: bytes, timeout_s: float = 2.0) -> bool:
    """Whether a server there begins its answer to `ask` with `expected`."""
    try:
        with socket.create_connection((reachable(host), port), timeout_s) as peer:
            peer.sendall(ask)
            with peer.makefile("rb") as reader:
                return reader.read(len(expected)) == expected
    except OSError:
        return False


def reachable(host: str) -> str:
    """The address to connect to for a server that listens on `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


def shown(host: str, port: int) -> str:
    """HOST:PORT as people write it."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
