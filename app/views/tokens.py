"""The table of colours in their two columns, and the arithmetic of contrast. What they are used for is no matter here."""

from __future__ import annotations

LIGHT, DARK = "light", "dark"

TOKENS: dict[str, tuple[str, str]] = {
    "window": ("#F3F5F7", "#14181C"),
    "sidebar": ("#E9EDF0", "#0F1316"),
    "surface": ("#FFFFFF", "#1C2126"),
    "sunken": ("#F7F9FA", "#181C21"),
    "hover": ("#EEF2F5", "#262C33"),
    "line": ("#DDE2E7", "#2E353C"),
    "field": ("#818A96", "#6F7985"),
    "text": ("#1B2229", "#E6EAEE"),
    "text2": ("#4A5563", "#B5BEC8"),
    "text3": ("#5E6976", "#929DA9"),
    "accent": ("#17658A", "#6DBBDD"),
    "accent-hover": ("#12557A", "#86C9E6"),
    "accent-pressed": ("#0E4765", "#59A9CC"),
    "on-accent": ("#FFFFFF", "#06202D"),
    "accent-soft": ("#E2F0F6", "#173646"),
    "ok": ("#1E7547", "#74C899"),
    "ok-soft": ("#E3F3E9", "#17331F"),
    "warn": ("#8A5700", "#E3B563"),
    "warn-soft": ("#FBF0DA", "#39290E"),
    "bad": ("#B4281F", "#F49A92"),
    "bad-soft": ("#FCEAE8", "#45201D"),
    "wait": ("#64489B", "#BCA8EC"),
    "wait-soft": ("#EFEAF8", "#2D2544"),
    "mute": ("#596472", "#A5AFBA"),
    "mute-soft": ("#EBEEF1", "#2A3036"),
    "series2": ("#A65A12", "#E39A55"),
    "series3": ("#87919E", "#6F7985"),
    "desk": ("#C9CED6", "#0F1316"),
    "toast": ("#1B2229", "#E6EAEE"),
    "on-toast": ("#FFFFFF", "#14181C"),
    "on-bad": ("#FFFFFF", "#2B0806"),
}

# token in front, grounds it stands on, least contrast
CONTRASTS: tuple[tuple[str, tuple[str, ...], float], ...] = (
    ("text", ("window", "sidebar", "surface", "sunken", "hover", "accent-soft", "warn-soft", "bad-soft", "ok-soft"), 7.0),
    ("text2", ("window", "sidebar", "surface", "sunken", "hover", "accent-soft"), 4.5),
    ("text3", ("window", "sidebar", "surface", "sunken", "accent-soft"), 4.5),
    ("accent", ("surface", "sunken", "window", "accent-soft"), 4.5),
    ("on-accent", ("accent", "accent-hover", "accent-pressed"), 4.5),
    ("ok", ("surface", "ok-soft"), 4.5),
    ("warn", ("surface", "warn-soft"), 4.5),
    ("bad", ("surface", "bad-soft"), 4.5),
    ("wait", ("surface", "wait-soft"), 4.5),
    ("mute", ("surface", "mute-soft"), 4.5),
    ("on-toast", ("toast",), 4.5),
    ("on-bad", ("bad",), 4.5),
    ("field", ("surface", "window"), 3.0),
    ("series2", ("surface",), 3.0),
    ("series3", ("surface",), 3.0),
)


def column(theme: str) -> dict[str, str]:
    """Token → #RRGGBB of one theme."""
    place = 1 if theme == DARK else 0
    return {name: pair[place] for name, pair in TOKENS.items()}


def luminance(colour: str) -> float:
    """WCAG 2 relative luminance of #RRGGBB."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast of two colours, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)
