"""The addresses that monitors ask."""

from django.urls import path

from mailflow.reports import views

app_name = "reports"
urlpatterns = [
    path("livez", views.livez, name="livez"),
    path("readyz", views.readyz, name="readyz"),
]
