"""The addresses of the tickets' pages."""

from django.urls import path

from mailflow.tickets import views

app_name = "tickets"
urlpatterns = [
    path("tickets", views.ticket_list, name="list"),
    path("tickets/rows", views.ticket_rows, name="rows"),
    path("tickets/<int:pk>", views.ticket_page, name="page"),
    path("tickets/<int:pk>/timeline", views.ticket_timeline, name="timeline"),
    path("tickets/<int:pk>/handling", views.handling, name="handling"),
    path("tickets/<int:pk>/notes", views.notes, name="notes"),
    path("tickets/<int:pk>/held/<int:held_pk>", views.held_decision, name="held"),
]
