"""Pure: which addresses of inboxes serve the recipient of a message."""


def serving(recipient: str) -> tuple[str, ...]:
    """The InboxAddress texts that would serve it, best first, all in lower case.

    Its own address, the address without its plus part (RFC 5233), its domain's catch-all.
    """
    local, _, domain = recipient.strip().lower().rpartition("@")
    domain = domain.rstrip(".")
    plain, plus, _ = local.partition("+")
    own = (f"{local}@{domain}", f"{plain}@{domain}") if plus and plain else (f"{local}@{domain}",)
    return *own, f"@{domain}"
