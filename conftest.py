"""Test-wide set-up. `tests.scratch` has set the data directory before the settings were read."""

import os
from collections.abc import Generator, Iterator

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import translation

# Made-up cases for each property: few while working, many in CI.
hypothesis.settings.register_profile("fast", max_examples=25, deadline=None)
hypothesis.settings.register_profile("ci", max_examples=300, deadline=None)
hypothesis.settings.load_profile("ci" if os.environ.get("MAILFLOW_NO_SKIP") else "fast")

pytest_plugins = ["tests.cast", "tests.services", "tests.visitors"]


def pytest_collection_modifyitems(items: list[pytest.Item], config: pytest.Config) -> None:
    """A test that touches the database may use all of them, however many this run has.

    With a PostgreSQL URL only those tests are worth running again.
    """
    touching = [item for item in items if _touches_database(item)]
    for item in touching:
        if mark := item.get_closest_marker("django_db"):
            mark.kwargs["databases"] = "__all__"  # type: ignore[index]
        else:
            item.add_marker(pytest.mark.django_db(databases="__all__"))
    if os.environ.get("MAILFLOW_DB_URL"):
        config.hook.pytest_deselected(items=[item for item in items if item not in touching])
        items[:] = touching


def _touches_database(item: pytest.Item) -> bool:
    fixtures = {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
    return bool(fixtures) or item.get_closest_marker("django_db") is not None


def pytest_configure() -> None:
    """Passwords of tests need not be slow to guess."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """What one test counted is not what the next one sees."""
    cache.clear()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where nothing may be skipped (`make ci`), a skipped test has failed."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("MAILFLOW_NO_SKIP"):
        report.outcome = "failed"
    return report


@pytest.fixture(autouse=True)
def _fresh_caches() -> Iterator[None]:
    """What one test saved, another does not see: caches outlive the rolled-back database."""
    yield
    from mailflow.inbound import keeping
    from mailflow.inboxes import lookup
    from mailflow.lib.request_middleware import limiter
    from mailflow.preferences import values

    translation.deactivate()  # a page of another language leaves it behind
    limiter.cache_clear()
    values.forget()
    lookup.forget()
    keeping.close()  # its thread holds a connection to the test's database
