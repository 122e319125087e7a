"""No log line holds a secret, and no stranger writes a line of his own."""

import logging

from mailflow.lib.logs import RedactingFormatter


def _line(message: str, *args: object) -> str:
    record = logging.LogRecord("x", logging.INFO, "", 0, message, args, None)
    return RedactingFormatter("%(levelname)s %(message)s").format(record)


def test_secrets_are_taken_out_of_message_and_arguments():
    assert _line("sent with %s", "password=hunter2") == "INFO sent with password=[redacted]"


def test_a_line_break_does_not_forge_a_line():
    assert _line("from %s", "a\r\nINFO admin signed in") == "INFO from a\\r\\nINFO admin signed in"


def test_a_traceback_is_redacted_and_keeps_its_lines():
    try:
        raise ValueError("token=abc123def456")
    except ValueError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, "", 0, "failed", (), (type(error), error, error.__traceback__)
        )
    text = RedactingFormatter("%(message)s").format(record)
    assert "abc123def456" not in text
    assert text.count("\n") >= 2
