"""`python -m bench [NAME…]`: every measurement, or the named ones, each in a process of its own."""

import subprocess
import sys

MEASUREMENTS = ("accept", "process", "rules", "parse", "start", "pages")


def main() -> None:
    """Runs them one after the other; ends with the first failure's status."""
    for name in sys.argv[1:] or MEASUREMENTS:
        if name not in MEASUREMENTS:
            sys.exit(f"bench: {name} is not one of {', '.join(MEASUREMENTS)}.")
        print(f"\n== {name}", flush=True)
        subprocess.run([sys.executable, "-m", f"bench.{name}"], check=True)


if __name__ == "__main__":
    main()
