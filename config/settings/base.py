"""What the product is. Secrets and places come from the environment; there is no logic here."""

import os
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

from launch.given import given_secret
from launch.sites import told_sites

ROOT = Path(__file__).resolve().parent.parent.parent
DATA = Path(os.environ.get("PAVILLON_DATA", ROOT / ".data"))
SECRET_KEY = given_secret("SECRET_KEY")
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
DEMO = os.environ.get("PAVILLON_DEMO", "") == "1"
TIMING = os.environ.get("PAVILLON_TIMING", "") == "1"
# How many proxies of ours stand before the application: that many addresses at the end of X-Forwarded-For are true.
TRUSTED_PROXIES = int(os.environ.get("TRUSTED_PROXIES", "0"))
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
# The header in which a proxy of ours tells the country of the asker's address ("X-Country-Code"). Read only behind a
# trusted proxy, which must overwrite what the client sent; "" where no proxy knows it.
COUNTRY_HEADER = os.environ.get("COUNTRY_HEADER", "")
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
# Where each sealed line of the logs is sent within the minute: a collector on another machine, syslog over TLS
# (tls://host:6514), by the authority that signed its certificate (else the system's) and ours, where it asks for one.
LOG_COLLECTOR = {
    "url": os.environ.get("PAVILLON_LOG_COLLECTOR_URL", ""),
    "authority": os.environ.get("PAVILLON_LOG_COLLECTOR_AUTHORITY", ""),
    "certificate": os.environ.get("PAVILLON_LOG_COLLECTOR_CERTIFICATE", ""),
    "private_key": os.environ.get("PAVILLON_LOG_COLLECTOR_PRIVATE_KEY", ""),
}

# Where the platform is hosted and where its backups lie, as its operator declares (docs/how-to/back-up-and-restore.md).
SITES = told_sites(DATA)
# The promised share of time, in percent, and the probe whose answers count: one on another machine where there is one.
AVAILABILITY_TARGET = os.environ.get("PAVILLON_AVAILABILITY_TARGET", "99.9")
AVAILABILITY_PROBE = os.environ.get("PAVILLON_PROBE", "beside")
BACKUP_MAX_AGE = timedelta(hours=float(os.environ.get("PAVILLON_BACKUP_MAX_AGE_HOURS", "26")))
RESTORE_TEST_MAX_AGE = timedelta(days=float(os.environ.get("PAVILLON_RESTORE_TEST_MAX_AGE_DAYS", "92")))

INSTALLED_APPS = [
    # The rooms, faces first: a template or a translation of a higher floor wins.
    "pavillon.website",
    "pavillon.workspace",
    "pavillon.interchange",
    "pavillon.reporting",
    "pavillon.journeys",
    "pavillon.care",
    "pavillon.loyalty",
    "pavillon.showroom",
    "pavillon.solutions",
    "pavillon.services",
    "pavillon.correspondence",
    "pavillon.crm",
    "pavillon.agenda",
    "pavillon.campaigns",
    "pavillon.intake",
    "pavillon.federation",
    "pavillon.curation",
    "pavillon.segments",
    "pavillon.directory",
    "pavillon.matching",
    "pavillon.privacy",
    "pavillon.metrics",
    "pavillon.feedback",
    "pavillon.continuity",
    "pavillon.vigilance",
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
    "allauth.idp.oidc",
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
    "pavillon.ui.middleware.Deep",
    "pavillon.ui.middleware.ServerTiming",
    "pavillon.ui.browsers.Manners",
    "django.middleware.security.SecurityMiddleware",
    # Before the static files, so that these have the policies too.
    "pavillon.ui.browsers.ContentPolicy",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "pavillon.security.middleware.NoNullCharacters",
    "pavillon.ui.browsers.Sessions",
    "pavillon.ui.middleware.Languages",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "pavillon.accounts.middleware.Entrance",
    "pavillon.ui.browsers.Keeping",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "pavillon.accounts.middleware.ActingMembership",
    "pavillon.security.middleware.RequestTrace",
    "pavillon.security.middleware.Refusals",
    "pavillon.accounts.middleware.Limits",
    "pavillon.ui.middleware.PageOfAction",
    "pavillon.interchange.middleware.NamedCalls",
    "pavillon.vigilance.middleware.ReadingBudgets",
    "pavillon.security.middleware.LockedData",
]
# What stands around each panel when a page asks for several at once (`ui.loading`): its refusals are noted one by one.
# All other layers stand around the request as a whole.
AROUND_PANELS = [
    "pavillon.security.middleware.Refusals",
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
# The longest time of one statement in seconds, 0 for none: `config.asgi` sets it for the processes that answer pages.
_longest = int(os.environ.get("PAVILLON_STATEMENT_SECONDS", "0"))
DATABASES = {
    "default": {
        "ENGINE": "pavillon.core.postgresql",
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
            + (f" -c statement_timeout={_longest}s" if _longest else "")
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
EMAIL_HOST_PASSWORD = given_secret("SMTP_PASSWORD")
# "1": STARTTLS, "implicit": TLS from the first byte. The certificate is checked either way.
EMAIL_USE_TLS = os.environ.get("SMTP_TLS", "") == "1"
EMAIL_USE_SSL = os.environ.get("SMTP_TLS", "") == "implicit"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("MAIL_FROM", "Pavillon <ne-pas-repondre@pavillon.example>")
# Mail that people copy to the platform (docs/how-to/copy-mail.md): the domain of its addresses, "" where none is
# received; where the receiver listens, behind the operator's own mail server; which machines may speak to it; and the
# name under which that mail server says what it checked (authserv-id of RFC 8601), the only one that is believed.
MAIL_COPY_DOMAIN = os.environ.get("MAIL_COPY_DOMAIN", "copies.pavillon.example" if DEMO else "").lower()
MAIL_COPY_HOST = os.environ.get("MAIL_COPY_HOST", "127.0.0.1")
MAIL_COPY_PORT = int(os.environ.get("MAIL_COPY_PORT", "8026"))
MAIL_COPY_RELAYS = os.environ.get("MAIL_COPY_RELAYS", "127.0.0.0/8,::1/128").split(",")
MAIL_COPY_AUTHORITY = os.environ.get("MAIL_COPY_AUTHORITY", "")
# The demonstration has no mail server before it: what comes from this machine is believed, and labelled so.
MAIL_COPY_TRUSTS_LOOPBACK = DEMO

# Before each cookie's name; production binds them to this host ("__Host-").
COOKIE_PREFIX = ""
MESSAGE_STORAGE = "pavillon.ui.browsers.Notices"
SESSION_ENGINE = "pavillon.accounts.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "pavillon.security.middleware.form_without_token"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        # Text becomes markup through the one policy of assets/src/js/trust.js, and never becomes a script.
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["pavillon"],
    },
}
# What the pages of Wagtail's editor (/cms/) need besides: scripts in its pages, pictures before they are sent, previews
# in a frame. Only editors reach it.
EDITORS_POLICY = {
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "frame-ancestors": [SELF],
    "require-trusted-types-for": None,
    "trusted-types": None,
}

WAGTAIL_SITE_NAME = "Pavillon"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # no request leaves the platform (ledger GDPR-06)
# A page made in one language appears in the other at once, until somebody translates it.
WAGTAILSIMPLETRANSLATION_SYNC_PAGE_TREE = True
# What editors send goes through the door of all files (pavillon.ui.uploads), which knows the kinds and sizes.
WAGTAILIMAGES_IMAGE_FORM_BASE = "pavillon.website.forms.PictureForm"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 8 << 20
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILDOCS_DOCUMENT_FORM_BASE = "pavillon.website.forms.DocumentForm"
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "pptx", "odt", "ods", "csv", "txt", "tsv"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 << 20
# Hosts that calls to others may reach (pavillon.ui.outgoing), "" for every public one; ".example.org": all below it.
OUTGOING_HOSTS = [host for host in os.environ.get("PAVILLON_OUTGOING_HOSTS", "").split(",") if host]
# Identity providers and interfaces that may lie in our own network, by name.
INNER_PROVIDERS = [host for host in os.environ.get("PAVILLON_INNER_PROVIDERS", "").split(",") if host]
INTAKE_INNER_HOSTS: list[str] = []
# Whether calendars of others are read by http too; production refuses.
CALENDARS_IN_CLEAR = True
# Where the virus scanner clamd listens: host:port or the path of its socket; "" for none (docs/how-to/deploy.md).
CLAMD = os.environ.get("PAVILLON_CLAMD", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "config.log_lines.PlainLines"},
        "json": {"()": "config.log_lines.JsonLines"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": os.environ.get("PAVILLON_LOG_FORMAT", "plain"),
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"procrastinate": {"level": "WARNING"}},  # one line a job says nothing that the queue does not
}
