"""Signing in and out by session, and whom a session names."""

from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from mailflow.accounts import keys
from mailflow.accounts.models import User
from mailflow.accounts.permissions import ADMIN_KEY, ANONYMOUS, Actor, Role
from mailflow.history.changes import record
from mailflow.lib.client_address import network_of
from mailflow.lib.ratelimit import Limit, Refused
from mailflow.lib.request_middleware import limiter

KEY_MARK = "admin_key"
USER_MARK = "user"

# Wrong tries; a right one sets the count back.
TRIES_PER_CLIENT = Limit("sign-in", 10, 60)
TRIES_PER_PERSON = Limit("sign-in-person", 20, 900)


def sign_in_by_key(request: HttpRequest, key: str) -> Actor | Refused | None:
    """Starts a session of the admin key. None: wrong key; Refused: too many tries."""
    answer = limiter().hit(TRIES_PER_CLIENT, _client(request))
    if isinstance(answer, Refused):
        return answer
    if not keys.is_admin_key(request, key):
        _note_refusal(request, "the admin key")
        return None
    _start(request, {KEY_MARK: keys.fingerprint(request)}, ADMIN_KEY)
    return ADMIN_KEY


def sign_in_by_password(request: HttpRequest, email: str, password: str) -> Actor | Refused | None:
    """Starts a session of a person. None: wrong address or password; Refused: too many tries."""
    email = email.strip().lower()
    for limit, key in ((TRIES_PER_CLIENT, _client(request)), (TRIES_PER_PERSON, email[:254])):
        answer = limiter().hit(limit, key)
        if isinstance(answer, Refused):
            return answer
    user = authenticate(request, username=email, password=password)
    if user is None:
        _note_refusal(request, email[:254])
        return None
    limiter().forget(TRIES_PER_PERSON, email[:254])
    actor = actor_of_user(user)
    _start(request, {USER_MARK: [user.pk, user.get_session_auth_hash()]}, actor)
    return actor


def sign_out(request: HttpRequest) -> None:
    """Ends the session here, not only in the browser."""
    actor = actor_of(request)
    request.session.flush()
    rotate_token(request)
    if actor.is_known:
        record(
            "signed_out",
            f"{actor.name} signed out.",
            actor=actor.name,
            client_address=_address(request),
        )


def remove_expired(now: datetime) -> None:
    """Removes sessions that are over."""
    Session.objects.filter(expire_date__lt=now).delete()


def actor_of(request: HttpRequest) -> Actor:
    """Whom the request's session names; no session, no query."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return ANONYMOUS
    mark = request.session.get(KEY_MARK)
    if isinstance(mark, str) and mark:
        right = keys.fingerprint(request)
        return ADMIN_KEY if right and keys.same(mark, right) else ANONYMOUS
    return _person(request.session.get(USER_MARK))


def actor_of_user(user: User) -> Actor:
    """A person as an actor; agents and viewers see the inboxes of their teams."""
    inbox_ids = None
    if user.role in (User.RoleName.AGENT, User.RoleName.VIEWER):
        found = user.teams.filter(inbox__isnull=False).values_list("inbox", flat=True)
        inbox_ids = frozenset(found)
    role = cast(Role, user.role)
    return Actor("user", user.display_name, role, user_id=user.pk, inbox_ids=inbox_ids)


def _person(mark: Any) -> Actor:
    """The person of a session, unless their password changed or they were closed out since."""
    if not isinstance(mark, list) or len(mark) != 2:
        return ANONYMOUS
    user = User.objects.filter(pk=mark[0], is_active=True).first()
    if user is None or not keys.same(str(mark[1]), user.get_session_auth_hash()):
        return ANONYMOUS
    return actor_of_user(user)


def _start(request: HttpRequest, marks: dict[str, Any], actor: Actor) -> None:
    """A new session with a new id and a new CSRF token: what was known before is worth nothing."""
    request.session.flush()
    request.session.update(marks)
    request.session.create()
    rotate_token(request)
    limiter().forget(TRIES_PER_CLIENT, _client(request))
    record(
        "signed_in",
        f"{actor.name} signed in.",
        actor=actor.name,
        client_address=_address(request),
    )


def _note_refusal(request: HttpRequest, name: str) -> None:
    record(
        "sign_in_refused",
        f"A sign-in as {name} was refused.",
        actor="",
        status="failed",
        client_address=_address(request),
    )


def _address(request: HttpRequest) -> str:
    address = str(getattr(request, "client_address", ""))
    return address if len(address) <= 45 else ""


def _client(request: HttpRequest) -> str:
    return network_of(_address(request))
