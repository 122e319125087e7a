"""What the content policy would refuse does not get into a template."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(ROOT.glob("*/templates/**/*.html"))
INLINE_STYLE = re.compile(r"<[^>]*\sstyle=", re.IGNORECASE)
INLINE_HANDLER = re.compile(r"<[^>]*\son[a-z]+=", re.IGNORECASE)
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>", re.IGNORECASE)
OTHER_HOST = re.compile(
    r"<(?:script|link|img|iframe)[^>]*(?:src|href)=[\"']?(?:https?:)?//", re.IGNORECASE
)
ICON = re.compile(r"{%\s*icon\s+[\"']([a-z0-9-]+)[\"']")


def test_no_template_has_inline_style_handler_or_script() -> None:
    for template in TEMPLATES:
        text = template.read_text(encoding="utf-8")
        for pattern in (INLINE_STYLE, INLINE_HANDLER, INLINE_SCRIPT, OTHER_HOST):
            assert not pattern.search(text), f"{template}: {pattern.pattern}"


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    sprite = (ROOT / "web/static/vendor/tabler-icons/sprite.svg").read_text(encoding="utf-8")
    present = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    for template in TEMPLATES:
        missing = set(ICON.findall(template.read_text(encoding="utf-8"))) - present
        assert not missing, f"{template}: {missing}"
