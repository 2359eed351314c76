"""How a browser that shows the product behaves, for those who stand for one. Knows nothing of Django."""

import re

# A list's division is asked for by itself; panels come together, those in sight first.
PIECE = re.compile(r'hx-get="([^"]+)"\s+hx-trigger="intersect once\b')
PANEL = re.compile(r'data-panel="([^"]+)"\s+data-together="([^"]+)"')
# In a browser of 1440 by 900 to 1000 pixels a company asks at once for its three panels of the main column and three to
# seven of those beside it, five in the mean (on a telephone for the three). One reader of three goes on to the end.
IN_SIGHT = 5
READ_ON = 1 / 3
EXCHANGE = {"summary": "Point sur le projet export.", "kind": "call", "visibility": "organisation"}


def panels_of(text: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The panels of a page, each with the address that gives several: those in sight, and the others."""
    main, _aside, side = text.partition("<aside aria-label")
    beside = PANEL.findall(side)
    return PANEL.findall(main) + beside[:IN_SIGHT], beside[IN_SIGHT:]


def asked_together(panels: list[tuple[str, str]]) -> str:
    """The address of several panels in one answer."""
    return f"{panels[0][1]}?{'&'.join(f'panel={panel}' for panel, _together in panels)}"
