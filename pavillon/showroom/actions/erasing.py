"""Losing people's words on request, or when their time is over."""

from django.db import transaction

from pavillon.showroom.models import EnquiryDraft, EnquiryMessage, ProductImport


@transaction.atomic
def forget_message(message: EnquiryMessage) -> None:
    """Keep that a message was written, lose what it said."""
    message.text = "—"
    message.save(update_fields=["text"])


@transaction.atomic
def forget_draft(draft: EnquiryDraft) -> None:
    draft.delete()


@transaction.atomic
def forget_import(product_import: ProductImport) -> None:
    """The lines served to create sheets; only their number stays."""
    product_import.lines = []
    product_import.save(update_fields=["lines"])
