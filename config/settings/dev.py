"""One machine: what `make run` starts."""

from config.settings.base import *

DEBUG = False
SECRET_KEY = SECRET_KEY or "only-for-development-" + "x" * 40
DEMO = True
CREATE_MASTER_KEY = True
ALLOWED_HOSTS = [*ALLOWED_HOSTS, ".localhost"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
INNER_PROVIDERS = ["localhost", "127.0.0.1", "::1"]
