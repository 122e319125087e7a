"""The web worker: the WSGI application, in a process that ends with granian's main process."""

import os
from typing import Any

from mailflow.processes.parent import die_with

MAIN_PROCESS = "MAILFLOW_WEB_PROCESS"  # set by `mailflow web` for the workers it forks


def worker() -> Any:
    """Called by granian in each new worker process: the application it serves."""
    die_with(int(os.environ[MAIN_PROCESS]))
    from config.wsgi import application

    return application
