"""The quality of a sheet, from 0 to 100, and what to do next. The formula is also shown to the seller.

Points of a product (100 in all):
    names in both languages 5 + 5 · sentence in both 5 + 5 · description of 300 signs or more in both 10 + 10 (half of
    it from 100 signs) · pictures 10 for the first, 5 for the second, 5 for the third · answers to the questions of the
    vertical 15, in proportion · least order 5 · price 5 · incoterm 5 · customs code 5 · lead time 5 · an associated
    service or a listing elsewhere 5
A service has no least order, incoterm nor customs code: its points are brought back to 100.
A draft translation counts for half.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from pavillon.showroom.enums import ProductKind, Translation

LONG, SHORT = 300, 100


@dataclass(frozen=True)
class Advice:
    """One thing that would make the sheet better: the field, what to do, and the points it brings."""

    field: str
    text: str
    points: int


@dataclass(frozen=True)
class Quality:
    score: int
    advice: list[Advice]

    @property
    def level(self):
        """weak, fair, good or excellent."""
        return (
            "excellent" if self.score >= 90 else "good" if self.score >= 70 else "fair" if self.score >= 45 else "weak"
        )

    @property
    def level_name(self):
        return {"excellent": _("Excellent"), "good": _("Good"), "fair": _("Fair"), "weak": _("Weak")}[self.level]

    @property
    def next_steps(self):
        """The three gestures that bring the most."""
        return sorted(self.advice, key=lambda advice: -advice.points)[:3]


def quality_of(product, *, pictures, questions, extras):
    """The quality of a sheet, saved or not.

    `pictures` is how many it has, `questions` the codes that its vertical asks, `extras` how many associated services
    and listings elsewhere it has.
    """
    earned, possible, advice = 0.0, 0.0, []

    def count(field, points, share, text):
        nonlocal earned, possible
        earned, possible = earned + points * share, possible + points
        missing = round(points * (1 - share))
        if missing:
            advice.append(Advice(field, text, missing))

    for language, of in (("en", _("in English")), ("fr", _("in French"))):
        half = 0.5 if getattr(product, f"translation_{language}") == Translation.DRAFT else 1.0
        name, summary, description = (
            getattr(product, f"{field}_{language}").strip() for field in ("name", "summary", "description")
        )
        length = 1.0 if len(description) >= LONG else 0.5 if len(description) >= SHORT else 0.0
        count(f"name_{language}", 5, bool(name) * half, _("Write the name %(language)s.") % {"language": of})
        count(
            f"summary_{language}",
            5,
            bool(summary) * half,
            _("Say in one sentence what it is for, %(language)s.") % {"language": of},
        )
        count(
            f"description_{language}",
            10,
            length * half,
            _("Describe it in %(length)s signs or more %(language)s: use, performance, maintenance.")
            % {"length": LONG, "language": of},
        )
    count("pictures", 10, min(pictures, 1), _("Add a picture: sheets with one are opened far more often."))
    count("pictures", 10, min(max(pictures - 1, 0), 2) / 2, _("Add up to three pictures: whole, detail, in use."))
    answered = sum(1 for code in questions if product.attributes.get(code) not in (None, ""))
    count(
        "attributes", 15, answered / len(questions) if questions else 1.0,
        _("Answer the questions of the vertical: engineers compare figures."),
    )  # fmt: skip
    if product.kind == ProductKind.PRODUCT:
        count("minimum_order", 5, product.minimum_order is not None, _("Give the least order."))
        count("incoterm", 5, bool(product.incoterm), _("Choose an incoterm: who pays for the transport."))
        count(
            "customs_code",
            5,
            product.customs_code_id is not None,
            _("Give the customs code: buyers reckon duties with it."),
        )
    count("price", 5, product.price is not None, _("Give a price, even indicative."))
    count("lead_time_days", 5, product.lead_time_days is not None, _("Give the lead time."))
    count("services", 5, bool(extras), _("Associate a service (installation, training, maintenance)."))
    return Quality(round(100 * earned / possible), advice)
