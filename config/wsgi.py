"""The WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
_django = get_wsgi_application()

from mailflow.lib.body_limit import BodyLimit  # noqa: E402  Django must be set up first
from mailflow.preferences.limits import body_limit_for  # noqa: E402

application = BodyLimit(_django, body_limit_for)
