"""The answers for requests that cannot be served: a page, or the API's error shape.

They read no database, so that they also work while it does not.
"""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(
        request,
        HTTPStatus.BAD_REQUEST,
        _("This request could not be understood"),
        _("Something in the address or the form was malformed. Go back and try it again."),
    )


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(
        request,
        HTTPStatus.FORBIDDEN,
        _("You may not open this"),
        _("Your role does not allow it. Ask an administrator if you need it for your work."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _answer(
        request,
        HTTPStatus.FORBIDDEN,
        _("This form is too old"),
        _(
            "Nothing was changed. The page was open for too long, or its cookie is blocked. "
            "Reload the page and send the form again."
        ),
    )


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(
        request,
        HTTPStatus.NOT_FOUND,
        _("There is nothing here"),
        _("The page does not exist, was deleted, or belongs to an inbox you do not work on."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    return _answer(
        request,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        _("Something went wrong on our side"),
        _("The failure is in the log. No mail is lost by it. Try again in a moment."),
    )


CODES = {400: "invalid_json", 403: "forbidden", 404: "not_found", 500: "internal_error"}


def _answer(request: HttpRequest, status: HTTPStatus, title: str, sentence: str) -> HttpResponse:
    request_id = str(getattr(request, "request_id", ""))
    if request.path.startswith("/api/"):
        body = {"error": CODES[status], "detail": sentence}
        if status == HTTPStatus.INTERNAL_SERVER_ERROR:
            body = {"error": CODES[status], "detail": request_id}
        return JsonResponse(body, status=status)
    context = {
        "title": title,
        "sentence": sentence,
        "request_id": request_id,
        "again": status == HTTPStatus.INTERNAL_SERVER_ERROR,
    }
    return render(request, "web/error.html", context, status=status)
