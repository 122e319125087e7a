"""The addresses for signing in and out."""

from django.urls import path

from mailflow.accounts import views

app_name = "accounts"
urlpatterns = [
    path("login", views.sign_in, name="sign_in"),
    path("logout", views.sign_out, name="sign_out"),
]
