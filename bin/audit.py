"""Asks the advisory service about every package of the lock file.

Exit 1 where a known vulnerability is found. A package about which the service gave no answer is
counted and said plainly: pip-audit itself would close such a run with "no vulnerabilities".
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any


def main() -> int:
    """The exit code of the audit."""
    with tempfile.TemporaryDirectory() as scratch:
        requirements = Path(scratch) / "requirements.txt"
        _export(requirements)
        packages, trouble = _ask(requirements)
    unanswered = [p["name"] for p in packages if "vulns" not in p]
    vulnerable = [p for p in packages if p.get("vulns")]
    for package in vulnerable:
        for found in package["vulns"]:
            fixed = ", ".join(found["fix_versions"]) or "no version yet"
            print(
                f"audit: {package['name']} {package['version']}: {found['id']}, mended in {fixed}"
            )
    if trouble:
        print(f"audit: NOT DONE, nothing is known about vulnerabilities. {trouble}")
    elif unanswered:
        print(
            f"audit: NOT DONE for {len(unanswered)} of {len(packages)} packages: the advisory "
            "service gave no answer about them from here. Run `make audit` with internet access."
        )
    print(
        f"audit: {len(packages) - len(unanswered)} packages checked, {len(vulnerable)} vulnerable"
    )
    return 1 if vulnerable else 0


def _export(requirements: Path) -> None:
    uv = os.environ.get("UV", "uv")
    export = [uv, "export", "--frozen", "--quiet", "--all-extras", "--no-emit-project"]
    subprocess.run([*export, "--output-file", str(requirements)], check=True)


def _ask(requirements: Path) -> tuple[list[dict[str, Any]], str]:
    """What pip-audit says of each package, or none and why there is no answer."""
    command = ["pip-audit", "--disable-pip", "--format=json", "--progress-spinner=off"]
    audit = subprocess.run(
        [*command, "--timeout=20", "-r", str(requirements)], capture_output=True, text=True
    )
    try:
        packages: list[dict[str, Any]] = json.loads(audit.stdout)["dependencies"]
    except (ValueError, KeyError):
        return [], audit.stderr.strip()[-500:]
    return packages, ""


if __name__ == "__main__":
    sys.exit(main())
