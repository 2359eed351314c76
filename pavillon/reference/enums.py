"""Words that many rooms share."""

from django.db import models


class Currency(models.TextChoices):
    """Those in which the house notes amounts; nothing is converted."""

    EUR = "EUR", "EUR (€)"
    USD = "USD", "USD ($)"
    GBP = "GBP", "GBP (£)"
    CHF = "CHF", "CHF"
    CAD = "CAD", "CAD ($)"
    JPY = "JPY", "JPY (¥)"
    CNY = "CNY", "CNY (¥)"
    BRL = "BRL", "BRL (R$)"
    INR = "INR", "INR (₹)"
    AED = "AED", "AED"
    MAD = "MAD", "MAD"
    PLN = "PLN", "PLN (zł)"
    SEK = "SEK", "SEK (kr)"
