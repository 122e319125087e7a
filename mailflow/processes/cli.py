"""The `mailflow` command: Django's management commands under one name, with our own help."""

import os
import sys
from importlib.metadata import version

# Options of every command that must be known before the settings are read.
_OPTIONS = {
    "--data-dir": "MAILFLOW_DATA_DIR",
    "--web": "MAILFLOW_WEB",
    "--smtp": "MAILFLOW_SMTP",
    "--workers": "MAILFLOW_WORKERS",
}

_HELP = """\
usage: mailflow COMMAND [options]

  up          migrate, then run web, SMTP and workers until stopped
              [--web HOST:PORT] [--smtp HOST:PORT] [--workers N] [--demo]
  web         run the web server alone
  smtp        run the SMTP receiver alone
  work        run one worker alone
  migrate     bring the database up to date
  receive     take messages from files, folders or mboxes
  prune       remove what the retention settings say (workers do it hourly)
  reparse     understand stored messages anew; nothing else happens
  user        make and change people who sign in
  help NAME   more about one command; every command of Django is there too

Every command takes --data-dir DIR. See docs/settings.md for mailflow.toml and the environment.
"""


def main() -> None:
    """Entry point. Ends the process with the command's status."""
    arguments = _take_options(sys.argv[1:])
    if not arguments or arguments[0] in ("-h", "--help") or arguments == ["help"]:
        sys.stdout.write(_HELP)
        return
    if arguments[0] in ("-V", "--version"):
        sys.stdout.write(f"MailFlow Studio {version('mailflow')}\n")
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["mailflow", *arguments])


def _take_options(arguments: list[str]) -> list[str]:
    """The arguments that are left when ours have gone into the environment."""
    left = []
    waiting = iter(arguments)
    for argument in waiting:
        name, equals, value = argument.partition("=")
        if name not in _OPTIONS or "--" in left:
            left.append(argument)
            continue
        given = value if equals else next(waiting, None)
        if given is None:
            sys.exit(f"mailflow: {name} needs a value.")
        os.environ[_OPTIONS[name]] = given
    return left


if __name__ == "__main__":
    main()
