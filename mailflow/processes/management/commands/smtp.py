"""`mailflow smtp`: the SMTP receiver alone."""

import asyncio
import resource
import signal
import ssl
from functools import partial
from ipaddress import ip_network
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from mailflow.inbound.keeping import commits
from mailflow.inbound.limits import Limits
from mailflow.inbound.receiver import Receiver
from mailflow.inbound.recipients import InboxRecipients, is_ours
from mailflow.inbound.smtp_server import SmtpServer, tls_context
from mailflow.processes.sockets import CannotListen, free_port, shown


class Command(BaseCommand):
    """Listens until SIGTERM; then messages that are being sent are still kept."""

    help = "Run the SMTP receiver alone, on --smtp HOST:PORT."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = settings.CONFIGURATION.smtp
        try:
            port = free_port(host, port, "--smtp")
        except CannotListen as error:
            raise CommandError(str(error)) from None
        _allow_open_files(settings.CONFIGURATION.smtp_max_connections + 100)
        asyncio.run(self._serve(host, port, _tls()))

    async def _serve(self, host: str, port: int, tls: ssl.SSLContext | None) -> None:
        configuration = settings.CONFIGURATION
        recipients = InboxRecipients(partial(is_ours, policy=configuration.recipient_policy))
        server = SmtpServer(
            Receiver(recipients, commits().accept),
            limits=_limits(),
            hostname=configuration.smtp_hostname,
            tls=tls,
        )
        await server.start(host, port)
        self.stdout.write(f"SMTP listens on {shown(host, port)}")
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        await stop.wait()
        await server.stop()
        await asyncio.to_thread(commits().close)


def _limits() -> Limits:
    configuration = settings.CONFIGURATION
    return Limits(
        message_bytes=configuration.smtp_max_message_bytes,
        recipients=configuration.smtp_max_recipients,
        connections=configuration.smtp_max_connections,
        connections_per_client=configuration.smtp_max_connections_per_client,
        messages_per_client_minute=configuration.smtp_messages_per_minute,
        command_timeout_s=configuration.smtp_command_timeout_s,
        data_timeout_s=configuration.smtp_data_timeout_s,
        trusted_networks=tuple(
            ip_network(one, strict=False) for one in configuration.smtp_trusted_networks
        ),
    )


def _tls() -> ssl.SSLContext | None:
    certificate = settings.CONFIGURATION.smtp_tls_certificate
    if certificate is None:
        return None
    try:
        return tls_context(certificate, settings.CONFIGURATION.smtp_tls_key)
    except OSError as error:  # ssl.SSLError is one too
        raise CommandError(
            f"The TLS certificate {certificate} and its key cannot be used ({error}). "
            "Correct smtp.tls_certificate and smtp.tls_key, both PEM files."
        ) from None


def _allow_open_files(count: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count if hard == resource.RLIM_INFINITY else min(count, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
