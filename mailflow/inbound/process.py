"""Processing: what was accepted is understood, decided on and stored, many messages at a time.

Reading, the DNS, blobs and deciding come first, outside any transaction. Then everything that a
message means to the database is one transaction, which several messages may share.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from mailflow.contacts.changes import Seen, apply_wishes, see_many
from mailflow.contacts.models import ContactAddress
from mailflow.history.changes import Entry, record_many
from mailflow.inbound.models import SpoolEntry
from mailflow.inboxes.lookup import RecipientTable, table
from mailflow.lib.crypto import derive
from mailflow.mail.authenticity import Authenticator
from mailflow.mail.changes import NewMessage, keep_attachments, references_of, store_messages
from mailflow.mail.models import Email, Message
from mailflow.mail.reply_token import read as read_token
from mailflow.mail.threads import Hold, Incoming, Join, Place, Token
from mailflow.mail.understand import Envelope, Understood, understand
from mailflow.preferences.values import Preferences
from mailflow.preferences.values import current as current_preferences
from mailflow.rules.decide import Plan, decide
from mailflow.rules.facts import ContactFact, Facts, InboxFact
from mailflow.rules.gather import facts_of
from mailflow.rules.loader import Loaded, rule_set
from mailflow.rules.models import Decision, Effect
from mailflow.rules.perform import Directory, Draft, Performed, perform
from mailflow.tickets.changes import Joining, NewTicket, hold_many, join_many, open_many
from mailflow.tickets.models import Ticket
