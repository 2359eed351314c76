"""`{% drawn value … %}…{% enddrawn %}`: what depends on the language and on these values alone is drawn once.

The frame of a page has some two thousand nodes that are the same on each: words of dialogs, lines of menus. Nothing of
a person, a right or a row belongs inside unless the tag names it.
"""

from typing import Any

from django import template
from django.core.signals import setting_changed
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.utils.translation import get_language

register = template.Library()
# Kept by one tag: lines of menus times counts.
MOST = 5_000


class Drawn(Node):
    def __init__(self, nodes: NodeList, values: list[FilterExpression]) -> None:
        self.nodelist, self.values = nodes, values
        self.known: dict[tuple[Any, ...], str] = {}
        setting_changed.connect(self.forget)

    def render(self, context: template.Context) -> str:
        key = (get_language(), context.autoescape, *(value.resolve(context) for value in self.values))
        found = self.known.get(key)
        if found is None:
            if len(self.known) >= MOST:
                self.known.clear()
            found = self.known[key] = self.nodelist.render(context)
        return found

    def forget(self, **_told: Any) -> None:
        """Settings are other ones (tests)."""
        self.known.clear()


@register.tag
def drawn(parser: Parser, token: Token) -> Drawn:
    values = [parser.compile_filter(said) for said in token.split_contents()[1:]]
    nodes = parser.parse(("enddrawn",))
    parser.delete_first_token()
    return Drawn(nodes, values)
