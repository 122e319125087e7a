"""The JSON API: every room's routes under /api/v1, closed to those without a key or session."""

from ninja import NinjaAPI

from mailflow.accounts.api_auth import API_AUTH
from mailflow.inboxes.api import router as inbox_routes
from mailflow.lib.api import JsonParser, JsonRenderer, install_handlers
from mailflow.reports.api import router as report_routes
from mailflow.web.settings_api import router as settings_routes

api = NinjaAPI(
    title="MailFlow Studio",
    version="1",
    description="Errors are {error, detail, field}. Lists take limit and cursor.",
    auth=API_AUTH,
    parser=JsonParser(),
    renderer=JsonRenderer(),
    docs_url=None,
    urls_namespace="api",
)
install_handlers(api)

for routes in (
    report_routes,
    inbox_routes,
    settings_routes,
):
    api.add_router("", routes)
