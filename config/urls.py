"""Every URL: each app's pages and the JSON API."""

from django.urls import URLPattern, URLResolver, include, path

from config.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    path("", include("mailflow.accounts.urls")),
    path("", include("mailflow.reports.urls")),
    path("", include("mailflow.web.urls")),
    path("", include("mailflow.inboxes.urls")),
    path("", include("mailflow.tickets.urls")),
    path("", include("mailflow.mail.urls")),
    path("", include("mailflow.contacts.urls")),
    path("", include("mailflow.rules.urls")),
]

handler400 = "mailflow.web.errors.bad_request"
handler403 = "mailflow.web.errors.permission_denied"
handler404 = "mailflow.web.errors.page_not_found"
handler500 = "mailflow.web.errors.server_error"
