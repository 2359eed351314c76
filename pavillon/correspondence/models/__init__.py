from pavillon.correspondence.models.addresses import CopyAddress, new_secret, record_token
from pavillon.correspondence.models.mail import CopiedMail, MailAddress, MailFile

__all__ = ["CopiedMail", "CopyAddress", "MailAddress", "MailFile", "new_secret", "record_token"]
