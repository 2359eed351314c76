"""A tenant's theme: two brand colours in, about ten variables out, contrast computed and guaranteed.

Contrast is that of WCAG 2.2 (relative luminance of sRGB): at least 4.5:1 for text on its background.
A brand too pale or too dark for that is darkened or lightened just enough; its hue stays.
"""

import re
from collections.abc import Iterator

WHITE, BLACK = "#ffffff", "#000000"
# The backgrounds of base/tokens.css on which brand-coloured text is put.
LIGHT_SURFACE, DARK_SURFACE = "#ffffff", "#222b37"
DARK_PAPER = "#141b24"
TEXT_RATIO = 4.5
COMFORT = 0.3  # kept above the rule, so that rounding to 8 bits never falls below it

_HEX = re.compile(r"#[0-9a-fA-F]{6}")


def _channels(colour: str) -> tuple[int, int, int]:
    if not _HEX.fullmatch(colour):
        raise ValueError(f"{colour!r} is not a colour: write # and six hexadecimal digits, as in #14508c")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """Relative luminance, 0 (black) to 1 (white)."""
    linear = [v / 12.92 if (v := c / 255) <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for c in _channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def mix(colour: str, other: str, share: float) -> str:
    """`colour` with `share` (0 to 1) of `other` in it."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a * (1 - share) + b * share):02x}" for a, b in pairs)


def _towards(colour: str, end: str) -> Iterator[str]:
    return (mix(colour, end, step / 50) for step in range(51))


def readable_on(colour: str, *backgrounds: str, towards: str, ratio: float = TEXT_RATIO) -> str:
    """The first shade of `colour` on its way to black or white that reads on every background."""
    for shade in _towards(colour, towards):
        if all(contrast(shade, background) >= ratio + COMFORT for background in backgrounds):
            return shade
    return towards


def ink_on(colour: str) -> str:
    """White or near-black, whichever reads better on `colour`."""
    return max((WHITE, "#10151c"), key=lambda ink: contrast(ink, colour))


def theme_variables(brand: str, accent: str) -> dict[str, tuple[str, str]]:
    """The variables of a theme as {name: (in light, in dark)}. Raises ValueError when a colour is not one."""
    brand_tint, brand_tint_dark = mix(brand, WHITE, 0.9), mix(brand, DARK_PAPER, 0.72)
    accent_tint, accent_tint_dark = mix(accent, WHITE, 0.9), mix(accent, DARK_PAPER, 0.75)
    # The strong shade carries white text (the band above the header), whatever the brand.
    strong = readable_on(brand, WHITE, towards=BLACK, ratio=7)
    # Mid tones (a vivid orange, a sky blue) hold neither white nor black comfortably: then the fill moves a little.
    fill = brand if contrast(brand, ink_on(brand)) >= TEXT_RATIO else readable_on(brand, WHITE, towards=BLACK)
    accent_fill = (
        accent if contrast(accent, ink_on(accent)) >= TEXT_RATIO else readable_on(accent, WHITE, towards=BLACK)
    )
    return {
        "brand": (fill, fill),
        "brand-strong": (strong, strong),
        "on-brand": (ink_on(fill), ink_on(fill)),
        "brand-text": (
            readable_on(brand, LIGHT_SURFACE, brand_tint, towards=BLACK),
            readable_on(brand, DARK_SURFACE, brand_tint_dark, towards=WHITE),
        ),
        "brand-tint": (brand_tint, brand_tint_dark),
        "brand-line": (mix(brand, WHITE, 0.7), mix(brand, DARK_PAPER, 0.45)),
        "accent": (accent_fill, accent_fill),
        "on-accent": (ink_on(accent_fill), ink_on(accent_fill)),
        "accent-text": (
            readable_on(accent, LIGHT_SURFACE, accent_tint, towards=BLACK),
            readable_on(accent, DARK_SURFACE, accent_tint_dark, towards=WHITE),
        ),
        "accent-tint": (accent_tint, accent_tint_dark),
    }


def theme_css(brand: str, accent: str) -> str:
    """The style sheet of a tenant, served as text/css by the room that owns the theme.

    `brand` and `accent` are "#rrggbb"; raises ValueError otherwise, so nothing else ever reaches the style sheet.
    """
    lines = [
        f"  --{name}: {light if light == dark else f'light-dark({light}, {dark})'};"
        for name, (light, dark) in theme_variables(brand, accent).items()
    ]
    return "\n".join(["@layer tokens {", ":root {", *lines, "}", "}", ""])
