"""Addresses of the rule pages."""

from django.urls import path

from mailflow.rules import views

app_name = "rules"
urlpatterns = [
    path("rules", views.rule_list, name="list"),
    path("rules/new", views.new_rule, name="new"),
    path("rules/<int:rule_id>/edit", views.edit_rule, name="edit"),
    path("rules/<int:rule_id>/activation", views.activation, name="activation"),
    path("rules/<int:rule_id>/deletion", views.deletion, name="deletion"),
    path("rules/<int:rule_id>/versions", views.versions, name="versions"),
    path("rules/<int:rule_id>/restoration", views.restoration, name="restoration"),
]
