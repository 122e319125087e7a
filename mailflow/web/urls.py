"""The addresses of the layout, the dashboard, emails, logs, tests and settings."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.i18n import set_language

from mailflow.web import (
    dashboard,
    email_actions,
    email_files,
    email_pages,
    log_pages,
    settings_pages,
    starter_pack_pages,
    test_email_pages,
    views,
)

app_name = "web"
urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("dashboard/figures", dashboard.figures, name="figures"),
    path("dashboard/activity", dashboard.latest, name="activity"),
    path("logs", log_pages.log_list, name="logs"),
    path("logs/<int:event_id>", log_pages.log, name="log"),
    path("logs/verification", log_pages.verification, name="verification"),
    path("logs/stuck", log_pages.stuck_list, name="stuck"),
    path("logs/stuck/<int:entry_id>/retrial", log_pages.retrial, name="retrial"),
    path("test", test_email_pages.test_email, name="test_email"),
    path("settings", settings_pages.settings_page, name="settings"),
    path("starter-pack", starter_pack_pages.apply_starter_pack, name="starter_pack"),
    path("theme", views.theme, name="theme"),
    path("lang/toggle", login_not_required(set_language), name="language"),
    path("emails", email_pages.email_list, name="emails"),
    path("emails/arrivals", email_pages.arrivals, name="arrivals"),
    path("emails/<int:pk>", email_pages.email_page, name="email"),
    path("emails/<int:pk>/why", email_pages.why_page, name="email_why"),
    path("emails/<int:pk>/frame", email_files.frame, name="email_frame"),
    path("emails/<int:pk>/raw", email_files.raw, name="email_raw"),
    path("emails/<int:pk>/handling", email_actions.handling, name="email_handling"),
    path("emails/<int:pk>/ticket", email_actions.ticket, name="email_ticket"),
]
