"""How pages look for one browser: its theme, kept in a cookie. Reading never fails. Pure."""

THEME_COOKIE = "mf_theme"
THEMES = ("auto", "light", "dark")


def theme(cookie: str | None) -> str:
    """One of THEMES; `auto` (follow the device) for no or an unknown cookie."""
    return cookie if cookie in THEMES else "auto"
