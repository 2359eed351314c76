"""What the product is. Secrets and places come from the environment; there is no logic here."""

import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

ROOT = Path(__file__).resolve().parent.parent.parent
DATA = Path(os.environ.get("PAVILLON_DATA", ROOT / ".data"))
SECRET_KEY = os.environ.get("SECRET_KEY", "")
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
DEMO = os.environ.get("PAVILLON_DEMO", "") == "1"
TIMING = os.environ.get("PAVILLON_TIMING", "") == "1"
# How many proxies of ours stand before the application: that many addresses at the end of X-Forwarded-For are true.
TRUSTED_PROXIES = int(os.environ.get("TRUSTED_PROXIES", "0"))
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
SECURITY_CONTACT = os.environ.get("SECURITY_CONTACT", "mailto:securite@pavillon.example")
# security.txt must be renewed at least once a year (RFC 9116).
SECURITY_CONTACT_EXPIRES = os.environ.get("SECURITY_CONTACT_EXPIRES", "2027-10-31T00:00:00Z")
BASE_URL = os.environ.get("PAVILLON_BASE_URL", f"http://localhost:{os.environ.get('PORT', '8000')}")

# Where meetings by video take place: any service that opens a room by its address. {rooms}/<random name>
VIDEO_ROOMS = os.environ.get("PAVILLON_VIDEO_ROOMS", "https://visio.pavillon.example")

# Where the master key is that wraps people's data keys (docs/keys.md): a file, the key service of a key-holder, or a
# hardware module. It is outside the database and outside its backups in each of them.
KEY_SOURCE = os.environ.get("PAVILLON_KEY_SOURCE", "file")
MASTER_KEY_FILE = Path(os.environ.get("PAVILLON_MASTER_KEY_FILE", DATA / "keys" / "master.key"))
KEY_SERVICE = {
    name: os.environ.get(f"PAVILLON_KEY_SERVICE_{name.upper()}", "")
    for name in ("url", "authority", "certificate", "private_key")
}
KEY_TOKEN = {
    "module": Path(os.environ.get("PAVILLON_PKCS11_MODULE", "")),
    "token": os.environ.get("PAVILLON_PKCS11_TOKEN", "pavillon"),
    "pin_file": Path(os.environ.get("PAVILLON_PKCS11_PIN_FILE", DATA / "keys" / "pin")),
}
CREATE_MASTER_KEY = DEMO
# The platform's own file: signatures of the logs and second factors, which must work while people's data are locked.
LOCAL_KEY_FILE = Path(os.environ.get("PAVILLON_LOCAL_KEY_FILE", MASTER_KEY_FILE.with_name("local.key")))
# How often a process looks whether keys changed, how long it may hold an opened one without asking its holder again,
# and how soon it asks again after a refusal. A change is also told to every process at once (`KEY_LISTEN`).
KEY_RECHECK_SECONDS = 60
KEY_LIFETIME_SECONDS = float(os.environ.get("PAVILLON_KEY_LIFETIME", "300"))
KEY_RETRY_SECONDS = 3
KEY_LISTEN = True
# The last sealed line of each log, kept out of reach of who can alter the database (docs/decisions/0007).
LOG_WITNESS_FILE = DATA / "keys" / "log-heads.json"

INSTALLED_APPS = [
    # The rooms, faces first: a template or a translation of a higher floor wins.
    "pavillon.website",
    "pavillon.workspace",
    "pavillon.interchange",
    "pavillon.reporting",
    "pavillon.journeys",
    "pavillon.showroom",
    "pavillon.solutions",
    "pavillon.crm",
    "pavillon.agenda",
    "pavillon.intake",
    "pavillon.curation",
    "pavillon.segments",
    "pavillon.directory",
    "pavillon.matching",
    "pavillon.privacy",
    "pavillon.metrics",
    "pavillon.activity",
    "pavillon.security",
    "pavillon.accounts",
    "pavillon.reference",
    "pavillon.ui",
    "pavillon.core.apps.CoreConfig",
    "django_linear_migrations",
    "django_cotton",
    "django_filters",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
]
# A room not yet built is skipped, so that floors can be finished in any order.
INSTALLED_APPS = [
    app
    for app in INSTALLED_APPS
    if not app.startswith("pavillon.") or (ROOT / app.split(".")[0] / app.split(".")[1] / "__init__.py").exists()
]

MIDDLEWARE = [
    "pavillon.ui.middleware.ServerTiming",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "pavillon.ui.middleware.Languages",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "pavillon.accounts.middleware.ActingMembership",
    "pavillon.security.middleware.RequestTrace",
    "pavillon.security.middleware.Refusals",
    "pavillon.accounts.middleware.Limits",
    "pavillon.ui.middleware.PageOfAction",
    "pavillon.interchange.middleware.NamedCalls",
    "pavillon.security.middleware.LockedData",
]

FORM_RENDERER = "pavillon.ui.renderer.PavillonRenderer"
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

_database = conninfo_to_dict(os.environ.get("DATABASE_URL", "postgresql:///pavillon"))
# What else the address asks for goes to PostgreSQL's client as it is: `sslmode`, `sslrootcert`, `connect_timeout`…
_asked = {
    name: value for name, value in _database.items() if name not in {"dbname", "user", "password", "host", "port"}
}
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _database.get("dbname"),
        "USER": _database.get("user", ""),
        "PASSWORD": _database.get("password", ""),
        "HOST": _database.get("host", ""),
        "PORT": str(_database.get("port", "")),
        "ATOMIC_REQUESTS": False,
        # A database that was away is found again at the next page: each connection of the pool is tried before use.
        "CONN_HEALTH_CHECKS": True,
        # A page never waits for ever on a lock or a plan gone wrong. Lists join many small tables by their keys: the
        # order written (filters first, then what a line shows) is as good as the best of all orders, and looking for
        # that one tripled the time to plan with each join, up to a hundred times the query itself.
        "OPTIONS": {
            **_asked,
            "pool": {"min_size": 2, "max_size": 10, "timeout": 15},
            "options": "-c lock_timeout=10s -c idle_in_transaction_session_timeout=120s -c join_collapse_limit=4"
            + (f" {_asked['options']}" if "options" in _asked else ""),
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "pavillon.core.permissions.RulesBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:home"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]

from config.settings.identity import *  # noqa: E402

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_I18N = True
LANGUAGE_COOKIE_SAMESITE = "Lax"

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [("build", ROOT / "static_build")] if (ROOT / "static_build").exists() else []
MEDIA_ROOT = DATA / "media"
MEDIA_URL = "/media/"
# Only the product reads what was sent to it, and answers by pages that ask who may see it.
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
STORAGES = {
    "default": {"BACKEND": "pavillon.security.storage.SealedStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

EMAIL_HOST = os.environ.get("SMTP_HOST", "127.0.0.1")
EMAIL_PORT = int(os.environ.get("SMTP_PORT", "8025"))
EMAIL_HOST_USER = os.environ.get("SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("SMTP_TLS", "") == "1"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("MAIL_FROM", "Pavillon <ne-pas-repondre@pavillon.example>")

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/cms/"],  # Wagtail's editor needs inline scripts; only editors reach it
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

WAGTAIL_SITE_NAME = "Pavillon"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # no request leaves the platform (ledger GDPR-06)
# A page made in one language appears in the other at once, until somebody translates it.
WAGTAILSIMPLETRANSLATION_SYNC_PAGE_TREE = True
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"procrastinate": {"level": "WARNING"}},  # one line a job says nothing that the queue does not
}
