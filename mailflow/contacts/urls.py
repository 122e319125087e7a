"""Addresses of the contact pages."""

from django.urls import path

from mailflow.contacts import views

app_name = "contacts"
urlpatterns = [
    path("contacts", views.contact_list, name="list"),
    path("contacts/<int:contact_id>", views.contact, name="contact"),
    path("contacts/<int:contact_id>/merging", views.merging, name="merging"),
]
