"""Whatever is sent to the API, it answers what its own document says, and never 5xx."""

from collections.abc import Callable

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.api import api
from config.wsgi import application

KEY = "a-long-admin-key-of-this-test"
CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]
OPERATIONS = sorted(
    (path, method)
    for path, methods in api.get_openapi_schema()["paths"].items()
    for method in methods
)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_answer_is_as_documented(
    path: str, method: str, with_option: Callable[..., None]
) -> None:
    with_option(admin_api_key=KEY, api_requests_per_minute=0)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)

    @given(case=schema[path][method].as_strategy())
    @settings(
        max_examples=25,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def check(case: schemathesis.Case) -> None:
        case.call_and_validate(headers={"x-api-key": KEY}, checks=CHECKS)

    check()
