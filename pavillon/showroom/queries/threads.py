"""The messages of an enquiry, for those who may read them."""

from typing import Any

from pavillon.accounts.models import User
from pavillon.showroom.models import Enquiry, ReplySuggestion


def thread_of(enquiry: Enquiry) -> dict[str, Any]:
    """{enquiry, thread}: an enquiry with all that its page names, and its messages in order."""
    full = Enquiry.objects.select_related(
        "shop__company", "product__vertical", "buyer__user", "buyer__sector", "country"
    ).get(pk=enquiry.pk)
    return {"enquiry": full, "thread": list(full.messages.select_related("author"))}


def suggestions_of(enquiry: Enquiry, user: User) -> list[ReplySuggestion]:
    """What advisers would answer, the newest first, for the company and the team."""
    rows = ReplySuggestion.objects.visible_to(user).filter(enquiry=enquiry)
    return list(rows.select_related("suggested_by", "organisation"))
