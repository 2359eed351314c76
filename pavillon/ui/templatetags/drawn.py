"""`{% drawn value … %}…{% enddrawn %}`: what depends on the language and on these values alone is drawn once.

The frame of a page has some two thousand nodes that are the same on each: words of dialogs, lines of menus. Nothing of
a person, a right or a row belongs inside unless the tag names it.
"""

from typing import Any

from django import template
from django.conf import settings
from django.core.signals import setting_changed
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.utils.translation import get_language

from pavillon.ui.blank_forms import NotAlike

register = template.Library()
# Kept by one tag: lines of menus times counts; characters of all of them together.
MOST, MOST_LENGTH = 5_000, 2_000_000


class Drawn(Node):
    def __init__(self, nodes: NodeList, values: list[FilterExpression]) -> None:
        self.nodelist, self.values = nodes, values
        self.known: dict[tuple[Any, ...], str] = {}
        self.length = self.times = 0
        setting_changed.connect(self.forget)

    def render(self, context: template.Context) -> str:
        key = (get_language(), context.autoescape, *(value.resolve(context) for value in self.values))
        found = self.known.get(key)
        if found is None:
            if len(self.known) >= MOST or self.length > MOST_LENGTH:
                self.forget()
            found = self.known[key] = self.nodelist.render(context)
            self.length += len(found)
        elif getattr(settings, "PROVE_STEADY", False) and self._is_due():
            drawn = self.nodelist.render(context)
            if drawn != found:
                raise NotAlike(f"{key}: {drawn} instead of {found}")
        return found

    def _is_due(self) -> bool:
        """Drawn again and compared (tests): often at first, then now and then."""
        self.times += 1
        return self.times <= 20 or self.times % 30 == 0

    def forget(self, **_told: Any) -> None:
        """Settings are other ones (tests)."""
        self.known.clear()
        self.length = 0


@register.tag
def drawn(parser: Parser, token: Token) -> Drawn:
    values = [parser.compile_filter(said) for said in token.split_contents()[1:]]
    nodes = parser.parse(("enddrawn",))
    parser.delete_first_token()
    return Drawn(nodes, values)
