"""Time from `mailflow up` to ready, and the memory of each process, idle and after work."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from bench.program import port_of, up
from bench.report import machine, show

ROUNDS = 3
MESSAGES = 2000


def main() -> None:
    first_s, again_s = [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            data_dir = Path(folder) / "data"
            with up(data_dir) as (_, _, seconds):
                first_s.append(seconds)
            with up(data_dir) as (_, _, seconds):
                again_s.append(seconds)
    show(
        "From `mailflow up` to ready",
        ["installation", "seconds"],
        [
            ["new (makes the database)", f"{median(first_s):.1f}"],
            ["again", f"{median(again_s):.1f}"],
        ],
        f"{machine()}; median of {ROUNDS}.",
    )
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder) / "data"
        with up(data_dir, "--demo") as (process, lines, _):
            idle = memory(process.pid)
            load(port_of(lines, "SMTP:"))
            worked = memory(process.pid)
    show(
        "Memory, MB (proportional share of what processes have in common)",
        ["process", "idle", f"after {MESSAGES:,} messages"],
        [[name, f"{idle[name]:.0f}", f"{worked.get(name, 0):.0f}"] for name in sorted(idle)],
        machine(),
    )


def load(port: int) -> None:
    """Sends the mix to the demo's support inbox, and gives the workers time to settle it."""
    command = [sys.executable, "-m", "bench.smtp_load", str(port), "8", str(MESSAGES), "1"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    time.sleep(5)


def memory(root: int) -> dict[str, float]:
    """MB by process, by Linux' smaps_rollup, below and with `root`."""
    found = {"mailflow up": _pss_mb(root)}
    parents = {root}
    for pid, parent, command in sorted(_processes()):
        if parent in parents:
            parents.add(pid)
            name = f"mailflow {command.split()[-1]}"
            number = sum(1 for known in found if known.startswith(name))
            found[f"{name} {number + 1}"] = _pss_mb(pid)
    found["all"] = sum(found.values())
    return found


def _processes() -> list[tuple[int, int, str]]:
    rows = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text().rpartition(")")[2].split()
                command = (entry / "cmdline").read_text().replace("\0", " ").strip()
            except OSError:
                continue
            rows.append((int(entry.name), int(stat[1]), command))
    return rows


def _pss_mb(pid: int) -> float:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return next(int(row.split()[1]) for row in text.splitlines() if row.startswith("Pss:")) / 1024


if __name__ == "__main__":
    main()
