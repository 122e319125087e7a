"""Messages fully processed a second, from a full spool, by two workers, by number of rules.

Each row is a fresh installation: the mix is accepted first, then two worker processes empty the
spool. Seconds are from the first claim to the last finish, taken from the workers themselves.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MESSAGES = 4000
RULES = (0, 100, 1000, 10_000)
WORKERS = 2

_PREPARE = """
import json, sys
import django; django.setup()
from django.core.management import call_command
from bench.mix import stream
from bench.rules_mix import make_rules
from mailflow.inbound.changes import accept_batch
from mailflow.inbound.incoming import IncomingMail
call_command("migrate", verbosity=0)
make_rules(int(sys.argv[2]))
batch = []
for n, raw in enumerate(stream(int(sys.argv[1])), 1):
    to = ("support@demo.example",)
    batch.append(IncomingMail(raw, "sender@example.net", to, "smtp", "127.0.0.1"))
    if n % 100 == 0:
        accept_batch(batch); batch = []
accept_batch(batch)
"""
_WORK = """
import json, os, resource, sys, time
import django; django.setup()
from mailflow.inbound.worker import configured_checker, run_once, worker_name
checker, name = configured_checker(), worker_name()
run_once(checker, name, most=1)
print("ready", flush=True); sys.stdin.readline()
start, done = time.time(), 0
while claimed := run_once(checker, name):
    done += claimed
print(json.dumps([start, time.time(), done, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]))
"""


def run(messages: int = MESSAGES) -> list[tuple[int, float, float]]:
    """(rules, messages a second, MB of the larger worker) for each number of rules."""
    return [(rules, *measure(messages, rules)) for rules in RULES]


def measure(messages: int, rules: int) -> tuple[float, float]:
    """Messages a second and the peak memory of a worker in MB, on a fresh installation."""
    with tempfile.TemporaryDirectory(prefix="mailflow-bench-") as directory:
        environment = {
            **os.environ,
            "MAILFLOW_DATA_DIR": directory,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONPATH": str(Path.cwd()),
        }
        command = [sys.executable, "-c", _PREPARE, str(messages), str(rules)]
        subprocess.run(command, env=environment, check=True)
        workers = [
            subprocess.Popen(
                [sys.executable, "-c", _WORK],
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(WORKERS)
        ]
        for worker in workers:
            worker.stdout.readline()
        for worker in workers:
            worker.stdin.write("go\n")
            worker.stdin.flush()
        results = [json.loads(worker.communicate()[0]) for worker in workers]
    seconds = max(end for _, end, _, _ in results) - min(start for start, _, _, _ in results)
    done = sum(count for _, _, count, _ in results)
    return done / seconds, max(kib for *_, kib in results) / 1024


def main() -> None:
    """Prints the table."""
    print(f"Fully processed, {MESSAGES} messages of the mix, {WORKERS} workers")
    print(f"{'rules':>8} {'messages/s':>12} {'of 100 rules':>13} {'worker MB':>10}")
    rows = run()
    reference = next(speed for rules, speed, _ in rows if rules == 100)
    for rules, speed, memory in rows:
        print(f"{rules:>8,} {speed:>12,.0f} {speed / reference:>12.0%} {memory:>10.0f}")


if __name__ == "__main__":
    started = time.time()
    main()
    print(f"({time.time() - started:.0f} s)")
