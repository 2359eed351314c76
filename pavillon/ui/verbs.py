"""The trail in words. Each room says in its `sentences.py` what its verbs mean; whoever shows a trail asks here."""

from collections.abc import Mapping
from typing import Any

_sentences: dict[str, Any] = {}


def tell(sentences: Mapping[str, Any]) -> None:
    """Give the words of verbs: {"crm.lead_received": _("Request received"), …}, lazily translated."""
    _sentences.update(sentences)


def sentence_for(verb: str) -> str:
    """The words of a verb in the reader's language, "" when its room gave none."""
    return str(_sentences.get(verb, ""))


def told_verbs() -> set[str]:
    """Every verb that has words."""
    return set(_sentences)
