"""`mailflow web`: the web server alone."""

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from mailflow.processes.sockets import CannotListen, free_port
from mailflow.processes.wsgi import MAIN_PROCESS


class Command(BaseCommand):
    """Runs granian with one worker process; threads wait for the database side by side."""

    help = "Run the web server alone, on --web HOST:PORT."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = settings.CONFIGURATION.web
        try:
            port = free_port(host, port, "--web")
        except CannotListen as error:
            raise CommandError(str(error)) from None
        os.environ[MAIN_PROCESS] = str(os.getpid())
        Granian(
            "mailflow.processes.wsgi:worker",
            factory=True,
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=1,
            # More than `BodyLimit` lets wait for bodies; granian starts them only when needed.
            blocking_threads=16,
            backlog=1024,
            respawn_failed_workers=True,
            respawn_interval=0.5,
            workers_kill_timeout=5,
            websockets=False,
            log_level=LogLevels.error,
        ).serve()
