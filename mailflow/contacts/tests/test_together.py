"""Workers that see the same writers at the same moment: one contact for an address, all counted."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.db import connection, connections

from mailflow.contacts.changes import Seen, see_many
from mailflow.contacts.models import Contact, ContactAddress

PEOPLE = 20
NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_an_address_gets_one_contact_and_every_message_counts() -> None:
    # SQLite in memory takes one connection at a time; with a file, one writer.
    workers = 4 if connection.vendor == "postgresql" else 1
    together = Barrier(workers)

    def work(number: int) -> None:
        people = [Seen(f"p{n}@x.example", f"P{n}", NOW) for n in range(PEOPLE)]
        together.wait()
        try:
            see_many(people if number % 2 else people[::-1])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, range(workers)))
    assert ContactAddress.objects.count() == Contact.objects.count() == PEOPLE
    assert set(Contact.objects.values_list("email_count", flat=True)) == {workers}
