"""The messages of an enquiry, for those who may read them."""

from typing import Any

from django.db.models import Max

from pavillon.accounts.models import User
from pavillon.core.wall import house
from pavillon.showroom.enums import EnquiryState
from pavillon.showroom.models import Enquiry, ReplySuggestion


def thread_of(enquiry: Enquiry) -> dict[str, Any]:
    """{enquiry, thread}: an enquiry with all that its page names, and its messages in order."""
    full = Enquiry.objects.select_related(
        "shop__company", "product__vertical", "buyer__user", "buyer__sector", "country"
    ).get(pk=enquiry.pk)
    return {"enquiry": full, "thread": list(full.messages.select_related("author"))}


def suggestions_of(enquiry: Enquiry, user: User) -> list[ReplySuggestion]:
    """What advisers would answer, the newest first, as far as this person may read it."""
    rows = ReplySuggestion.objects.visible_to(user).filter(enquiry=enquiry)
    return list(rows.select_related("suggested_by", "organisation"))


def offered_suggestions(enquiry: Enquiry, user: User) -> list[ReplySuggestion]:
    """Those that are still of use: neither used nor forgotten, of an open enquiry, and newer than what was answered."""
    found = [one for one in suggestions_of(enquiry, user) if one.is_offered and enquiry.is_open]
    if not found or enquiry.state == EnquiryState.NEW:
        return found
    answered = enquiry.messages.filter(from_seller=True).aggregate(at=Max("written_at"))["at"]
    return [one for one in found if answered is None or one.suggested_at > answered]


def all_suggestions(enquiry: Enquiry, user: User) -> list[ReplySuggestion]:
    """Who suggested an answer and when, for whoever follows the enquiry; `text` is empty where he may not read it."""
    words = {one.pk: one.text for one in suggestions_of(enquiry, user)}
    with house():
        rows = list(ReplySuggestion.objects.filter(enquiry=enquiry).defer("text").select_related("suggested_by"))
    for one in rows:
        one.text = words.get(one.pk, "")
    return rows
