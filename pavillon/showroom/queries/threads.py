"""The messages of an enquiry, for those who may read them."""

from typing import Any

from pavillon.showroom.models import Enquiry


def thread_of(enquiry: Enquiry) -> dict[str, Any]:
    """{enquiry, thread}: an enquiry with all that its page names, and its messages in order."""
    full = Enquiry.objects.select_related(
        "shop__company", "product__vertical", "buyer__user", "buyer__sector", "country"
    ).get(pk=enquiry.pk)
    return {"enquiry": full, "thread": list(full.messages.select_related("author"))}
