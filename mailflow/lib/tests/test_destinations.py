"""No address that leads into a private network can be written into a rule."""

import json
from typing import Any

import pytest

from mailflow.lib.destinations import refusal
from tests import needs

ATTACKS = needs.PROJECT.parent / "shared" / "spec" / "attacks.json"


def attacks() -> list[dict[str, Any]]:
    if not ATTACKS.exists():
        return []
    found: list[dict[str, Any]] = json.loads(ATTACKS.read_text("utf-8"))["ssrf"]
    return found


@pytest.mark.parametrize("attack", attacks(), ids=lambda attack: attack["case"])
def test_an_attack_is_refused(attack: dict[str, Any]) -> None:
    if attack["expect"] == "refused":
        assert refusal(attack["payload"])


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://127.1/",
        "https://0x7f000001/",
        "https://10.0.0.1:443/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://192.0.0.8/",
        "https://router/",
        "https://printer.local./",
        "https://10.0.0.1.nip.io/",
        "https://a:b@example.com/",
        "https://example.com:22/",
        "http://example.com/",
        "https://exa mple.com/",
        "https://",
        "https://[::1",
    ],
)
def test_a_private_or_disguised_host_is_refused(url: str) -> None:
    assert refusal(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example.com/services/T0/B0/x",
        "https://example.com:8443/a?b=c",
        "https://xn--bcher-kva.example/",
        "https://93.184.216.34/",
        "https://public.example/redirect?to=http://169.254.169.254/",
    ],
)
def test_a_public_host_may_stand(url: str) -> None:
    """Redirects are for whoever connects: it follows none."""
    assert refusal(url) == ""
