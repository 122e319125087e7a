"""The web room: layout, dashboard, pages over several apps."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Holds templates, static files and translations of the layout."""

    name = "mailflow.web"
