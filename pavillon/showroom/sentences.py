"""The room's verbs of the trail, in words."""

from django.utils.translation import gettext_lazy as _

from pavillon.core.sentences import tell

SENTENCES = {
    "showroom.shop_applied": _("Application sent"),
    "showroom.shop_opened": _("Shop opened by the agency"),
    "showroom.shop_changed": _("Page of the shop changed"),
    "showroom.shop_put_online": _("Shop put online"),
    "showroom.shop_closed": _("Shop closed"),
    "showroom.shop_reopened": _("Shop opened again"),
    "showroom.shop_referenced": _("Reference in the national showroom changed"),
    "showroom.shop_moved": _("Shop moved after a merge of companies"),
    "showroom.recipients_changed": _("People notified changed"),
    "showroom.reply_template_created": _("Ready reply kept"),
    "showroom.reply_template_deleted": _("Ready reply deleted"),
    "showroom.product_created": _("Sheet begun"),
    "showroom.product_changed": _("Sheet changed"),
    "showroom.product_submitted": _("Sheet submitted for approval"),
    "showroom.product_published": _("Sheet approved"),
    "showroom.product_returned": _("Sheet returned with remarks"),
    "showroom.product_withdrawn": _("Sheet withdrawn"),
    "showroom.picture_added": _("Picture added"),
    "showroom.picture_removed": _("Picture removed"),
    "showroom.import_rehearsed": _("Spreadsheet rehearsed"),
    "showroom.import_confirmed": _("Spreadsheet imported"),
    "showroom.vertical_created": _("Vertical created"),
    "showroom.vertical_changed": _("Vertical changed"),
    "showroom.vertical_closed": _("Vertical closed"),
    "showroom.vertical_reopened": _("Vertical opened again"),
    "showroom.products_remapped": _("Sheets moved to another vertical"),
    "showroom.attribute_added": _("Question added"),
    "showroom.adviser_asked": _("Adviser asked for help"),
    "showroom.buyer_changed": _("Buyer’s card changed"),
    "showroom.buyer_registered": _("Buyer registered"),
    "showroom.draft_dropped": _("Draft message dropped"),
    "showroom.draft_kept": _("Draft message kept"),
    "showroom.enquiry_answered": _("Enquiry answered"),
    "showroom.enquiry_closed": _("Enquiry closed"),
    "showroom.enquiry_overdue": _("Enquiry still without an answer"),
    "showroom.enquiry_planned": _("Next step of an enquiry planned"),
    "showroom.enquiry_sent": _("Enquiry of a buyer received"),
    "showroom.enquiry_shared": _("Thread shared with the team"),
    "showroom.enquiry_unshared": _("Thread no longer shared"),
    "showroom.message_written": _("Message written"),
    "showroom.seller_reminded": _("Seller reminded"),
    "showroom.settings_changed": _("Settings of the showroom changed"),
    "showroom.thread_read": _("Thread read"),
}

tell(SENTENCES)
