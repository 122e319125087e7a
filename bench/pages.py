"""List and search pages at 10,000 and 100,000 messages: milliseconds over HTTP, by one reader."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.program import Browser, environment, port_of, up
from bench.report import machine, percentile, show

SIZES = (10_000, 100_000)
REQUESTS = 60
PAGES = (
    "/",
    "/emails",
    "/emails?status=processed",
    "/emails?q=invoice",
    "/emails?q=printer+network",
    "/emails?q=%22customer+support%22",
    "/emails?q=neverheardof",
    "/tickets",
    "/contacts",
    "/logs",
    "/api/v1/emails?limit=100",
    "/api/v1/search?q=invoice&limit=25",
)

# Plain mail alone: 100,000 with attachments would be 2.4 GB, and lists do not read those.
_FILL = """
import sys
import django; django.setup()
from itertools import islice
from mailflow.accounts.permissions import SYSTEM
from mailflow.web.starter_pack import apply
from bench.mix import stream
from mailflow.inbound.changes import accept_batch
from mailflow.inbound.incoming import IncomingMail
from mailflow.inbound.models import SpoolEntry
from mailflow.inbound.worker import configured_checker, run_once
apply(SYSTEM, "support@demo.example")
have, wanted = SpoolEntry.objects.count(), int(sys.argv[1])
mails = (raw for raw in stream(10 * wanted, seed=wanted) if len(raw) < 5000)
while batch := list(islice(mails, min(500, wanted - have))):
    to = ("support@demo.example",)
    have += len(batch)
    accept_batch([IncomingMail(raw, "a@example.net", to, "smtp", "127.0.0.1") for raw in batch])
checker = configured_checker()
while run_once(checker, "bench"):
    pass
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder) / "data"
        migrate = [sys.executable, "-m", "mailflow.processes.cli", "migrate", "-v0"]
        subprocess.run(migrate, env=environment(data_dir), check=True)
        for size in SIZES:
            fill(data_dir, size)
            with up(data_dir, "--workers", "0") as (_, lines, _):
                rows = measure(Browser(port_of(lines, "Web:")))
            show(
                f"Pages at {size:,} messages, milliseconds",
                ["page", "p50", "p95", "KB"],
                rows,
                f"{machine()}; {REQUESTS} requests each, one after the other, over HTTP.",
            )


def fill(data_dir: Path, size: int) -> None:
    settings = {"DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", _FILL, str(size)]
    subprocess.run(command, env=environment(data_dir) | settings, check=True)


def measure(browser: Browser) -> list[list[object]]:
    rows = []
    for page in PAGES:
        took_ms = []
        browser.get(page)
        for _ in range(REQUESTS):
            started_s = time.perf_counter()
            content = browser.get(page)
            took_ms.append((time.perf_counter() - started_s) * 1000)
        took_ms.sort()
        p50, p95 = (f"{percentile(took_ms, share):.0f}" for share in (0.5, 0.95))
        rows.append([page, p50, p95, f"{len(content) / 1024:.0f}"])
    return rows


if __name__ == "__main__":
    main()
