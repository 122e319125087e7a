"""Addresses of the inbox pages."""

from django.urls import path

from mailflow.inboxes import views

app_name = "inboxes"
urlpatterns = [
    path("inboxes", views.inbox_list, name="list"),
    path("inboxes/new", views.new_inbox, name="new"),
    path("inboxes/<int:inbox_id>", views.inbox, name="inbox"),
    path("inboxes/<int:inbox_id>/deletion", views.deletion, name="deletion"),
]
