from pavillon.services.models.catalogue import CATALOGUE_READERS, Service, SurveySettings, with_vat
from pavillon.services.models.orders import AMOUNT, ServiceOrder
from pavillon.services.models.surveys import BEST, SIGNER, ExportFlow, Survey

__all__ = [
    "AMOUNT",
    "BEST",
    "CATALOGUE_READERS",
    "SIGNER",
    "ExportFlow",
    "Service",
    "ServiceOrder",
    "Survey",
    "SurveySettings",
    "with_vat",
]
