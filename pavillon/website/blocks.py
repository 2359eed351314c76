"""The pieces of which editors build pages. Each has a key, so that a region may take over or replace a national one."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from pavillon.solutions.enums import Need


class Keyed(blocks.StructBlock):
    """A piece with a title and a key by which the pages of regions call it."""

    key = blocks.RegexBlock(
        regex=r"^[a-z0-9-]{1,40}$",
        required=False,
        label=_("Key"),
        help_text=_("Small letters, digits, hyphens. Regions call the national piece by this key."),
        error_messages={"invalid": _("Only small letters, digits and hyphens.")},
    )
    title = blocks.CharBlock(required=False, max_length=120, label=_("Title"))


class TextPiece(Keyed):
    text = blocks.RichTextBlock(features=["bold", "italic", "link", "ol", "ul", "h3"], label=_("Text"))

    class Meta:
        label = _("Text")
        icon = "doc-full"


class StepsPiece(Keyed):
    steps = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("title", blocks.CharBlock(max_length=80, label=_("Title"))),
                ("text", blocks.CharBlock(max_length=240, label=_("Text"))),
            ]
        ),
        label=_("Steps"),
    )

    class Meta:
        label = _("Steps")
        icon = "list-ol"


class EntriesPiece(Keyed):
    """The four doors: diagnosis, solutions, showroom, message."""

    class Meta:
        label = _("Doors: diagnosis, solutions, showroom, contact")
        icon = "link"


class TeamPiece(Keyed):
    """The team of the region; on the national page, the list of regions."""

    intro = blocks.CharBlock(required=False, max_length=240, label=_("Introduction"))

    class Meta:
        label = _("Team, or regions on the national page")
        icon = "group"


class NewsPiece(Keyed):
    count = blocks.IntegerBlock(min_value=1, max_value=12, default=3, label=_("How many"))

    class Meta:
        label = _("News")
        icon = "calendar"


class SolutionsPiece(Keyed):
    need = blocks.ChoiceBlock(choices=Need.choices, required=False, label=_("Need"))
    count = blocks.IntegerBlock(min_value=1, max_value=12, default=3, label=_("How many"))

    class Meta:
        label = _("Solutions")
        icon = "pick"


class InheritedPiece(blocks.StructBlock):
    """The national piece of that key, as it stands today."""

    key = blocks.CharBlock(max_length=40, label=_("Key of the national piece"))

    class Meta:
        label = _("A piece of the national page")
        icon = "site"


NATIONAL_PIECES = [
    ("entries", EntriesPiece()),
    ("steps", StepsPiece()),
    ("solutions", SolutionsPiece()),
    ("news", NewsPiece()),
    ("team", TeamPiece()),
    ("text", TextPiece()),
]
REGIONAL_PIECES = [*NATIONAL_PIECES, ("inherited", InheritedPiece())]
