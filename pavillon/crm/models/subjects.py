"""Subjects that a page wrote by itself, told in the reader's language; those that people typed stay as they are.

A subject is stored as {code} and facts. A fact that has words in several languages is {"fr": …, "en": …}.
"""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language, gettext, gettext_noop

SENTENCES = {
    "contact": gettext_noop("Asks to be contacted"),
    "solution": gettext_noop("Asks about “%(title)s”"),
    "site_message": gettext_noop("Message left on the site of %(region)s"),
    "buyer_help": gettext_noop("Help with a request from %(country)s"),
    "patents": gettext_noop("International project likely: %(score)s of 100 by its patents"),
    "visits": gettext_noop("Reads our sites and never wrote: propose help"),
}


@dataclass(frozen=True)
class Said:
    """What a page says of a request: `code` is one of `SENTENCES`."""

    code: str
    facts: dict[str, Any] = field(default_factory=dict)

    def told(self, language: str = "") -> str:
        """The subject in a language, that of the reader when none is named."""
        if language:
            with translation.override(language):
                return self.told()
        sentence = SENTENCES.get(self.code)
        spoken = (get_language() or settings.LANGUAGE_CODE)[:2]
        facts = {
            k: v.get(spoken) or next(iter(v.values()), "") if isinstance(v, dict) else v for k, v in self.facts.items()
        }
        return gettext(sentence) % facts if sentence else ""


def _in_language(value: Any, language: str) -> Any:
    if isinstance(value, dict):
        return value.get(language) or next(iter(value.values()), "")
    return value
