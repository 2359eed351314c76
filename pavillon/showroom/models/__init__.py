"""The tables of the room."""

from pavillon.showroom.models.buyers import Buyer, EnquiryDraft
from pavillon.showroom.models.enquiries import Enquiry, EnquiryMessage, ReplySuggestion, ReplyTemplate
from pavillon.showroom.models.products import (
    Picture,
    Product,
    ProductImport,
    ProductLink,
    ProductRemark,
    VerticalAttribute,
)
from pavillon.showroom.models.search import SearchEntry, SearchWord
from pavillon.showroom.models.shops import Certificate, Shop, ShopRecipient, ShowroomSettings
from pavillon.showroom.models.templates import TemplateVersion

__all__ = [
    "Buyer",
    "Certificate",
    "Enquiry",
    "EnquiryDraft",
    "EnquiryMessage",
    "Picture",
    "Product",
    "ProductImport",
    "ProductLink",
    "ProductRemark",
    "ReplySuggestion",
    "ReplyTemplate",
    "SearchEntry",
    "SearchWord",
    "Shop",
    "ShopRecipient",
    "ShowroomSettings",
    "TemplateVersion",
    "VerticalAttribute",
]
