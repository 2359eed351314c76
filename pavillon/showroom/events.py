"""What this room announces, inside the transaction of the action that sends it."""

from django.dispatch import Signal

shop_applied = Signal()  # shop, by
shop_opened = Signal()  # shop, by
shop_put_online = Signal()  # shop, by
shop_closed = Signal()  # shop, by
product_submitted = Signal()  # product, by
product_published = Signal()  # product, by
product_returned = Signal()  # product, by
product_withdrawn = Signal()  # product, by
buyer_registered = Signal()  # buyer
enquiry_sent = Signal()  # enquiry, by
enquiry_answered = Signal()  # enquiry, message, by (the first answer and the following ones)
enquiry_closed = Signal()  # enquiry, by
