"""What pages start from: the agency's templates, and the words that the platform comes with."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language

from pavillon.reference.models import Vertical
from pavillon.showroom.enums import TemplateKind
from pavillon.showroom.models import TemplateVersion
from pavillon.showroom.outlines import OUTLINES, Outline

LANGUAGES = [code for code, _name in settings.LANGUAGES]
# In an address, instead of a vertical: no name of one gives this slug.
EVERY = "every-vertical"
SHEETS = frozenset({TemplateKind.PRODUCT, TemplateKind.SERVICE})


@dataclass(frozen=True)
class Spot:
    """One template: for what kind of page, in which language, of one vertical or (None) of every one."""

    kind: TemplateKind
    language: str
    vertical: Vertical | None = None

    @property
    def language_name(self) -> Any:
        return dict(settings.LANGUAGES)[self.language]

    @property
    def is_of_sheets(self) -> bool:
        return self.kind in SHEETS

    @property
    def url(self) -> str:
        return self._address("change_template")

    @property
    def preview_url(self) -> str:
        return self._address("preview_template")

    @property
    def restore_url(self) -> str:
        return self._address("restore_template")

    def _address(self, page: str) -> str:
        slug = self.vertical.pk if self.vertical else EVERY
        return reverse(f"showroom_team:{page}", args=[self.kind.value, self.language, slug])

    @property
    def key(self) -> dict[str, Any]:
        """As columns of the table."""
        return {"kind": self.kind, "language": self.language, "vertical": self.vertical}


def spot_of(kind: str, language: str, slug: str) -> Spot | None:
    """The template that an address names; None for what has none."""
    if kind not in TemplateKind.values or language not in LANGUAGES:
        return None
    if slug == EVERY:
        return Spot(TemplateKind(kind), language)
    vertical = Vertical.objects.filter(pk=slug).first()
    return Spot(TemplateKind(kind), language, vertical) if vertical and kind in SHEETS else None


def templates_for(kind: str, vertical: str | None = None) -> dict[str, Outline]:
    """What a page of this kind starts from, in each language: one statement."""
    found = {language: OUTLINES[TemplateKind(kind), language] for language in LANGUAGES}
    reach = Q(vertical__isnull=True) | Q(vertical=vertical) if vertical else Q(vertical__isnull=True)
    for version in TemplateVersion.objects.filter(reach).newest(kind=kind):
        found[version.language] = version.outline or found[version.language]
    return found


def in_page_language(outlines: dict[str, Outline]) -> Outline:
    """The one of `templates_for` that the reader of this page reads."""
    return outlines["fr" if (get_language() or "fr").startswith("fr") else "en"]


def outline_of(spot: Spot) -> Outline:
    """What holds for a template now."""
    return templates_for(spot.kind, spot.vertical.pk if spot.vertical else None)[spot.language]


def wider_outline(spot: Spot) -> Outline:
    """What holds where the template says nothing itself: version 0 of its screen."""
    return templates_for(spot.kind)[spot.language] if spot.vertical else OUTLINES[spot.kind, spot.language]


def versions_of(spot: Spot) -> list[TemplateVersion]:
    """Every version of a template, the newest first."""
    kept = TemplateVersion.objects.filter(kind=spot.kind, language=spot.language)
    kept = kept.filter(vertical=spot.vertical) if spot.vertical else kept.filter(vertical__isnull=True)
    return list(kept.select_related("made_by").order_by("-number"))


def templates() -> list[tuple[Spot, TemplateVersion | None]]:
    """Each template with its version in force: those of every vertical, then those that a vertical has of its own."""
    rows = TemplateVersion.objects.select_related("vertical", "made_by").newest()
    newest = {(row.kind, row.language, row.vertical_id): row for row in rows}
    found: list[tuple[Spot, TemplateVersion | None]] = []
    for kind in TemplateKind:
        found += [(Spot(kind, language), newest.get((kind, language, None))) for language in LANGUAGES]
        own = [row for row in rows if row.kind == kind and row.vertical_id and not row.is_withdrawn]
        found += [
            (Spot(kind, row.language, row.vertical), row) for row in sorted(own, key=lambda row: row.vertical.order)
        ]
    return found


def verticals_beside(spot: Spot) -> list[tuple[Spot, bool]]:
    """The same template of every vertical and of each one, and whether it has words of its own."""
    if not spot.is_of_sheets:
        return []
    rows = TemplateVersion.objects.newest(kind=spot.kind, language=spot.language)
    own = {row.vertical_id for row in rows if not row.is_withdrawn}
    verticals = [None, *Vertical.objects.filter(closed_on__isnull=True)]
    spots = [Spot(spot.kind, spot.language, vertical) for vertical in verticals]
    return [(each, (each.vertical.pk if each.vertical else None) in own) for each in spots]
