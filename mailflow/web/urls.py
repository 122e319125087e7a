"""The layout's own addresses."""

from django.urls import path
from django.views.i18n import set_language

from mailflow.web import views

app_name = "web"
urlpatterns = [
    path("theme", views.theme, name="theme"),
    path("lang/toggle", set_language, name="language"),
]
