"""Django's settings, from `config.bindings`. Nothing else reads the environment."""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF

from config import bindings, databases, stores
from mailflow.lib.crypto import KeysUnusable, load_keys

BASE_DIR = Path(__file__).resolve().parent.parent

try:
    CONFIGURATION = bindings.read(os.environ, Path.cwd())
except bindings.ConfigurationError as error:
    sys.exit(f"mailflow: {error}")

DATA_DIR: Path = CONFIGURATION.data_dir.resolve()
try:
    DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    KEYS = load_keys(DATA_DIR / "keys", CONFIGURATION.master_key)
except OSError as error:
    sys.exit(
        f"mailflow: the data directory {DATA_DIR} cannot be used ({error.strerror}). "
        "Give this user write access to it, or name another in MAILFLOW_DATA_DIR."
    )
except KeysUnusable as error:
    sys.exit(f"mailflow: {error}")
SECRET_KEY, *SECRET_KEY_FALLBACKS = [key.hex() for key in KEYS.derive_all("django")]
DEBUG: bool = CONFIGURATION.debug

DATABASES = databases.databases(CONFIGURATION.database_url, DATA_DIR)
DATABASE_ROUTERS = ["config.databases.IntakeRouter"]
INTAKE_DATABASE = "intake" if "intake" in DATABASES else "default"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_public = urlsplit(CONFIGURATION.public_url)
PUBLIC_URL: str = CONFIGURATION.public_url.rstrip("/")
ALLOWED_HOSTS = [
    "localhost",
    "127.0.0.1",
    "[::1]",
    *([_public.hostname] if _public.hostname else []),
    *CONFIGURATION.allowed_hosts,
]
CSRF_TRUSTED_ORIGINS = [f"{_public.scheme}://{_public.netloc}"] if _public.netloc else []
_tls = _public.scheme == "https"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "mailflow.history",
    "mailflow.preferences",
    "mailflow.accounts",
    "mailflow.inboxes",
    "mailflow.mail",
    "mailflow.contacts",
    "mailflow.outbound",
    "mailflow.tickets",
    "mailflow.rules",
    "mailflow.inbound",
    "mailflow.search",
    "mailflow.reports",
    "mailflow.web",
    "mailflow.processes",
]
AUTH_USER_MODEL = "accounts.User"
# Memory-hard, and a guess does not hold a worker for a second as with the default of Django.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]

MIDDLEWARE = [
    "mailflow.lib.request_middleware.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "mailflow.web.middleware.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "mailflow.accounts.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "mailflow.web.context.page",
            ],
        },
    },
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ar", "العربية")]
LANGUAGE_COOKIE_NAME = "mf_lang"
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Addresses of static files carry a digest of their content, so a copy never goes stale.
WHITENOISE_MAX_AGE = 0 if DEBUG else 31_536_000

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "mf_session"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _tls
CSRF_COOKIE_NAME = "mf_csrf"
SECURE_HSTS_SECONDS = 31_536_000 if _tls else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "mailflow.web.errors.csrf_failure"
# Nothing from another host, nothing inline; `web` views that show mail set a stricter one.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "frame-src": [SELF],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 40 * 1024 * 1024

STORAGES = {
    "default": stores.attachments(CONFIGURATION.attachments_url, DATA_DIR),
    "staticfiles": {"BACKEND": "mailflow.web.static_files.DigestStorage"},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "mailflow.lib.logs.RedactingFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
