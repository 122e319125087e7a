"""Django's settings. The only place, with `config.bindings`, that reads the environment."""

SECRET_KEY = "placeholder-until-keys"  # noqa: S105
INSTALLED_APPS = ["django.contrib.contenttypes"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
USE_TZ = True
