"""A PostgreSQL server of our own: fresh, on a Unix socket, gone afterwards.

`python -m tests.postgresql COMMAND…` runs a command with MAILFLOW_DB_URL naming such a server.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

INSTALL = "apt-get install postgresql"


def binaries() -> Path | None:
    """The directory that holds initdb and postgres, or None where no server is installed."""
    for candidate in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (candidate / "initdb").exists():
            return candidate
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@contextmanager
def server() -> Iterator[str]:
    """The URL of a running server with an empty database `mailflow`. Nothing of it stays."""
    bin_dir = binaries()
    if bin_dir is None:
        raise FileNotFoundError(f"no PostgreSQL server is installed: {INSTALL}")
    # The server refuses to run as root.
    as_user = {"user": "postgres", "group": "postgres"} if os.getuid() == 0 else {}
    directory = Path(tempfile.mkdtemp(prefix="mailflow-pg-", dir="/tmp"))  # a short socket path
    if as_user:
        shutil.chown(directory, "postgres", "postgres")
    data = directory / "data"

    def run(*arguments: str) -> None:
        subprocess.run(
            [str(bin_dir / arguments[0]), *arguments[1:]],
            check=True, cwd=directory, stdout=subprocess.DEVNULL, **as_user,
        )  # fmt: skip

    options = f"-k {directory} -c listen_addresses='' -c fsync=off -c full_page_writes=off"
    try:
        run("initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        run("pg_ctl", "-D", str(data), "-w", "-o", options, "-l", str(directory / "log"), "start")
        try:
            run("createdb", "-h", str(directory), "-U", "postgres", "mailflow")
            yield f"postgresql://postgres@/mailflow?host={directory}"
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    if binaries() is None and os.environ.get("MAILFLOW_NO_SKIP") != "1":
        sys.exit(f"PostgreSQL is missing, so its tests did not run: {INSTALL}")
    with server() as url:
        sys.exit(subprocess.call(sys.argv[1:], env={**os.environ, "MAILFLOW_DB_URL": url}))
