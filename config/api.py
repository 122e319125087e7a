"""The JSON API: every room's routes under /api/v1, closed to those without a key or session."""

from mailflow.accounts.api import router as people_routes
from mailflow.accounts.api_auth import API_AUTH
from mailflow.contacts.api import router as contact_routes
from mailflow.inbound.api import router as inbound_routes
from mailflow.inboxes.api import router as inbox_routes
from mailflow.lib.api import Api, JsonParser, JsonRenderer, install_handlers
from mailflow.mail.api import router as mail_routes
from mailflow.mail.attachments_api import router as attachment_routes
from mailflow.outbound.api import router as template_routes
from mailflow.reports.analytics_api import router as analytics_routes
from mailflow.reports.api import router as report_routes
from mailflow.rules.api import router as rule_routes
from mailflow.rules.timeline_api import router as timeline_routes
from mailflow.search.api import router as search_routes
from mailflow.tickets.api import router as ticket_routes
from mailflow.web.settings_api import router as settings_routes
from mailflow.web.starter_pack_pages import router as starter_pack_routes

api = Api(
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
    analytics_routes,
    mail_routes,
    timeline_routes,
    inbound_routes,
    ticket_routes,
    inbox_routes,
    rule_routes,
    contact_routes,
    attachment_routes,
    search_routes,
    template_routes,
    settings_routes,
    people_routes,
    starter_pack_routes,
):
    api.add_router("", routes)
