"""Addresses of the pages of attachments."""

from django.urls import path

from mailflow.mail import attachment_pages

app_name = "mail"
urlpatterns = [
    path("attachments", attachment_pages.attachment_list, name="attachments"),
    path("attachments/<int:attachment_id>/download", attachment_pages.download, name="download"),
]
