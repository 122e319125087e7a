"""`python -m bench [NAME…]`: every measurement, or the named ones; each prints its table."""

import importlib
import pkgutil
import sys

import bench


def main() -> None:
    """Runs `measure()` of every module of this package that has one."""
    names = sys.argv[1:] or sorted(module.name for module in pkgutil.iter_modules(bench.__path__))
    for name in names:
        if name == "__main__":
            continue
        module = importlib.import_module(f"bench.{name}")
        if hasattr(module, "measure"):
            module.measure()


if __name__ == "__main__":
    main()
