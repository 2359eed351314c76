"""Small pieces of the room's pages."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from pavillon.showroom.forms.products import REMARKABLE
from pavillon.showroom.models import Picture, Product, VerticalAttribute
from pavillon.showroom.outlines import Outline
from pavillon.showroom.queries import catalogue
from pavillon.showroom.queries.templates import in_page_language, templates_for
from pavillon.ui.templatetags.ui import icon
from pavillon.ui.verbs import sentence_for
from pavillon.ui.words import number

register = template.Library()

VERTICAL_ICONS = {
    "industry-4-0": "network",
    "farming": "leaf",
    "medical-devices": "heart",
    "aerospace": "rocket",
    "maritime": "ship",
    "land-transport": "truck",
    "machine-tools": "wrench",
    "construction": "building-2",
    "ecological-transition": "sun",
    "recycled-machines": "refresh-cw",
}


@register.simple_tag
def vertical_icon(slug: str) -> str:
    """The sign of a vertical; a box for those that the agency adds."""
    return icon(VERTICAL_ICONS.get(slug, "package"))


@register.simple_tag
def picture_url(picture: Picture, size: str = "large") -> str:
    return reverse("showroom_media:picture", args=[picture.pk, size])


@register.simple_tag
def answer_value(attribute: VerticalAttribute, value: Any) -> str:
    """An answer in words of the reader's language, with its unit."""
    if attribute.kind == "yes_no":
        return _("yes") if value == "yes" else _("no")
    text = number(value) if isinstance(value, int | float) else str(value)
    return f"{text} {attribute.unit}".strip()


@register.filter
def waiting(minutes: int | None) -> str:
    """A wait in the words of its size: 12 min, 3 h 05, 4 d."""
    if minutes is None:
        return ""
    if minutes < 60:
        return _("%(n)s min") % {"n": minutes}
    if minutes < 2880:
        return _("%(hours)s h %(minutes)02d") % {"hours": minutes // 60, "minutes": minutes % 60}
    return _("%(n)s days") % {"n": minutes // 1440}


@register.filter
def is_overdue(enquiry: Any, settings: Any) -> bool:
    """The buyer has waited longer than the agency wishes."""
    return catalogue.is_overdue(enquiry, settings)


@register.simple_tag
def for_company(outline: Outline, name: str) -> str:
    """The text of a template with a company's name in its place."""
    return outline.for_company(name)


@register.simple_tag
def picture_advice(product: Product) -> str:
    """Which pictures the template of a sheet asks for, in the reader's language."""
    return in_page_language(templates_for(product.kind, product.vertical_id)).pictures


@register.simple_tag
def remark_field(key: str) -> str:
    """The part of a sheet that a remark is about."""
    return str(dict(REMARKABLE).get(key, key))


@register.simple_tag
def told(entry: Any) -> str:
    """A line of the trail in words."""
    return sentence_for(entry.verb) or str(entry.verb)
