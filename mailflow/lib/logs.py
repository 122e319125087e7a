"""How log lines are written: without secrets, and one line each."""

import logging

from mailflow.lib.redact import redact


class RedactingFormatter(logging.Formatter):
    """Takes secrets out of the whole line, tracebacks included.

    A line break in what a stranger sent becomes visible: it cannot forge a log line.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:
        return super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))
