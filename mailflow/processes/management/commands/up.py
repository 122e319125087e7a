"""`mailflow up`: everything on this machine as one process tree."""

import os
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from mailflow.processes.demo import sending
from mailflow.processes.sockets import CannotListen, answers, free_port, shown
from mailflow.processes.supervisor import ChildEnded, Supervisor, command

_READY_WITHIN_S = 60.0

Address = tuple[str, int]


class Command(BaseCommand):
    """Migrates, starts web, SMTP and workers, and keeps them running until SIGTERM."""

    help = "Migrate, then run the web server, the SMTP receiver and the workers."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--demo",
            action="store_true",
            help="apply the starter pack and send a dozen messages; safe to repeat",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        web, smtp = self._addresses()
        self._migrate(options["demo"])
        workers = [f"work {n + 1}" for n in range(settings.CONFIGURATION.workers)]
        supervisor = Supervisor(
            {"web": command("web"), "smtp": command("smtp")}
            | {name: command("work") for name in workers},
            say=self._say,
        )
        supervisor.start()
        try:
            ready = supervisor.wait_until(lambda: _ready(web, smtp), _READY_WITHIN_S)
        except ChildEnded as error:
            supervisor.stop()
            raise CommandError(f"{error} What it said stands above.") from None
        if not supervisor.stopping:
            self._announce(ready, web, smtp, len(workers), options["demo"])
        supervisor.run()

    def _addresses(self) -> tuple[Address, Address]:
        """Where web and SMTP will listen; the children read it from the environment."""
        found = []
        for name, option in (("web", "--web"), ("smtp", "--smtp")):
            host, port = getattr(settings.CONFIGURATION, name)
            try:
                port = free_port(host, port, option)
            except CannotListen as error:
                raise CommandError(str(error)) from None
            os.environ[f"MAILFLOW_{name.upper()}"] = shown(host, port)
            found.append((host, port))
        return found[0], found[1]

    def _migrate(self, demo: bool) -> None:
        self._say("Bringing the database up to date")
        call_command("migrate", verbosity=0, interactive=False)
        if demo:
            sending.prepare()
        connections.close_all()

    def _announce(self, ready: bool, web: Address, smtp: Address, workers: int, demo: bool) -> None:
        if not ready:
            self._say(f"Web or SMTP has not answered within {_READY_WITHIN_S:g} s; still trying.")
            return
        self._say(f"Web:     http://{shown(*web)}/")
        self._say(f"SMTP:    {shown(*smtp)}")
        self._say(f"Workers: {workers}")
        self._say(f"Data:    {settings.DATA_DIR}")
        if demo:
            self._send_demo(smtp)
        self._say(f"MailFlow Studio is ready: http://{shown(*web)}/")

    def _send_demo(self, smtp: Address) -> None:
        try:
            self._say(f"Demo:    {sending.send(*smtp)} messages sent")
        except (OSError, SMTPException) as error:
            self._say(f"Demo:    the messages could not be sent ({error})")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def _ready(web: Address, smtp: Address) -> bool:
    ask = f"GET /livez HTTP/1.1\r\nHost: localhost:{web[1]}\r\nConnection: close\r\n\r\n".encode()
    return answers(*web, ask, b"HTTP/1.1 200 ") and answers(*smtp, b"QUIT\r\n", b"220 ")
