"""What the list of mail asks for its rows."""

from typing import Any

from django import template

from pavillon.correspondence.queries.mails import Line, lines_of

register = template.Library()


@register.simple_tag
def mail_lines(mails: list[Any], user: Any) -> list[Line]:
    """The mails of a page with the companies that each may be about, asked for all together."""
    return lines_of(list(mails), user)
