"""One machine: what `make run` starts."""

from config.settings.base import *

DEBUG = False
SECRET_KEY = SECRET_KEY or "only-for-development-" + "x" * 40
DEMO = MAIL_COPY_TRUSTS_LOOPBACK = True
MAIL_COPY_DOMAIN = MAIL_COPY_DOMAIN or "copies.pavillon.example"
CREATE_MASTER_KEY = True
ALLOWED_HOSTS = [*ALLOWED_HOSTS, ".localhost"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
INNER_PROVIDERS = ["localhost", "127.0.0.1", "::1"]
