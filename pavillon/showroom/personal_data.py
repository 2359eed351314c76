from django.utils.translation import gettext_lazy as _

from pavillon.core.personal_data import holds_no_personal_data, holds_personal_data
from pavillon.showroom import actions
from pavillon.showroom.models import (
    Buyer,
    Certificate,
    Enquiry,
    EnquiryDraft,
    EnquiryMessage,
    Picture,
    Product,
    ProductImport,
    ProductLink,
    ProductRemark,
    ReplySuggestion,
    ReplyTemplate,
    SearchEntry,
    SearchWord,
    Shop,
    ShopRecipient,
    ShowroomSettings,
    TemplateVersion,
    VerticalAttribute,
)

holds_no_personal_data(
    Certificate, Enquiry, Picture, Product, ProductLink, ProductRemark, ReplyTemplate, SearchEntry, SearchWord, Shop,
    ShopRecipient, ShowroomSettings, TemplateVersion, VerticalAttribute,
)  # fmt: skip
holds_personal_data(
    Buyer,
    fields=["company_name", "job_title", "website", "phone"],
    keep_months=36,
    purpose=_("Put professional buyers and French companies in touch"),
    erase=actions.forget_buyer,
    of=lambda person: Buyer.objects.filter(user__in=person.users),
)
holds_personal_data(
    EnquiryMessage,
    fields=["text"],
    keep_months=36,
    purpose=_("Commercial exchange between a buyer and a company"),
    erase=actions.forget_message,
    of=lambda person: EnquiryMessage.objects.filter(author__in=person.users),
    clock="written_at",
)
holds_personal_data(
    ReplySuggestion,
    fields=["text"],
    keep_months=36,
    purpose=_("Commercial exchange between a buyer and a company"),
    erase=actions.forget_suggestion,
    of=lambda person: ReplySuggestion.objects.filter(suggested_by__in=person.users),
    clock="suggested_at",
)
holds_personal_data(
    EnquiryDraft,
    fields=["text"],
    keep_months=1,
    purpose=_("Question written before the buyer's address is confirmed"),
    erase=actions.forget_draft,
    of=lambda person: EnquiryDraft.objects.filter(buyer__user__in=person.users),
    clock="written_at",
)
holds_personal_data(
    ProductImport,
    fields=["lines"],
    keep_months=3,
    purpose=_("Rehearsal of a spreadsheet of products"),
    erase=actions.forget_import,
    of=lambda person: ProductImport.objects.filter(made_by__in=person.users),
    clock="made_at",
)
