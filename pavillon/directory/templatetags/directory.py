"""Tags of this room's templates: `{% load directory %}`."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from pavillon.directory.enums import ChannelKind
from pavillon.directory.lines import draw_lines
from pavillon.directory.models import Channel, CompanyValue, ContactValue
from pavillon.directory.queries.conflicts import Dispute, PersonalDispute, spell_out, spell_out_people
from pavillon.directory.queries.listing import CriteriaListing

register = template.Library()


@register.filter
def at(table: Mapping[str, Any], key: str) -> Any:
    """The value of a key that is known at run time only."""
    return table.get(key, key)


@register.simple_tag(takes_context=True)
def disputes(context: template.Context, rows: Sequence[CompanyValue]) -> list[Dispute]:
    """Disputed values of a page of the list, in the reader's words."""
    return spell_out(rows, context["request"].user)


@register.simple_tag(takes_context=True)
def personal_disputes(context: template.Context, rows: Sequence[ContactValue]) -> list[PersonalDispute]:
    """The same of people."""
    return spell_out_people(rows, context["request"].user)


@register.simple_tag(takes_context=True)
def list_lines(context: template.Context, listing: CriteriaListing) -> SafeString:
    """The lines of a list of the criteria language."""
    return draw_lines(listing, context)


@register.simple_tag
def channel_link(channel: Channel) -> str:
    """How to reach: a link that calls, writes or opens."""
    value = channel.value
    if channel.kind == ChannelKind.PHONE:
        return format_html('<a href="tel:{}">{}</a>', value, channel.shown)
    if channel.kind == ChannelKind.EMAIL:
        return format_html('<a href="mailto:{0}">{0}</a>', value)
    if value.startswith(("https://", "http://")):
        return format_html('<a href="{}" rel="noopener">{}</a>', value, value.split("://", 1)[1].rstrip("/"))
    return value


@register.filter
def split(names: str) -> list[str]:
    """Names between commas."""
    return names.split(",")


@register.filter
def bound(form: Any, name: str) -> Any:
    """A field of a form by its name, None when the reader may not see it."""
    return form[name] if name in form.fields else None
