"""Whether the history is whole: every event's hash, and its tie to the event before."""

from dataclasses import dataclass

from mailflow.history.changes import chain_hash
from mailflow.history.models import Event


@dataclass(frozen=True, slots=True)
class Verified:
    """`broken_at` is the id of the first event that was changed or whose neighbour is missing."""

    events: int
    broken_at: int | None


def verify_chain() -> Verified:
    """Reads every event, oldest first. What was pruned is not missed: the chain begins with the
    oldest event there is."""
    count = 0
    previous: str | None = None
    for event in Event.objects.order_by("id").iterator(chunk_size=2000):
        tied = previous is None or event.previous_hash == previous
        if not tied or chain_hash(event) != event.hash:
            return Verified(count, event.pk)
        previous = event.hash
        count += 1
    return Verified(count, None)
