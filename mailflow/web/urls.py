"""The layout's own addresses."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.i18n import set_language

from mailflow.web import settings_pages, starter_pack_pages, views

app_name = "web"
urlpatterns = [
    path("settings", settings_pages.settings_page, name="settings"),
    path("starter-pack", starter_pack_pages.apply_starter_pack, name="starter_pack"),
    path("theme", login_not_required(views.theme), name="theme"),
    path("lang/toggle", login_not_required(set_language), name="language"),
]
