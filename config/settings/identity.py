"""How people sign in: allauth's settings and our own rules of the entrance (docs/decisions/0005-identity.md)."""

import os

from django.core.exceptions import ImproperlyConfigured

ACCOUNT_ADAPTER = "pavillon.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
# Before address, telephone, factors, ties to providers or sessions change, the person proves himself again; a sign-in
# of the last ten minutes is a proof (adapters.AccountAdapter).
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
# allauth counts in the memory of one process: what strangers send is counted in the database instead (LIMITS below).
ACCOUNT_RATE_LIMITS = dict.fromkeys(
    ["login", "login_failed", "reset_password", "reset_password_from_key", "reauthenticate"], ""
)

SOCIALACCOUNT_ADAPTER = "pavillon.accounts.adapters.ProviderAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = "provider"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True}}

# We are an identity provider for sites of partners: pavillon.federation, docs/identity.md.
IDP_OIDC_ADAPTER = "pavillon.federation.adapters.SiteAdapter"
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 600
IDP_OIDC_INTROSPECTION_ENABLED = True
# Counted in the database (accounts.middleware.Limits), not in the memory of one process.
IDP_OIDC_RATE_LIMITS = False
SIGNING_KEY_BITS = 3072

MFA_ADAPTER = "pavillon.accounts.adapters.SecondFactorAdapter"
# Recovery codes are ours (accounts.actions.factors): allauth would keep them in a form that can be read again.
MFA_SUPPORTED_TYPES = ["totp", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Pavillon"
MFA_TOTP_PERIOD = 30
# The present code alone, which serves once (forms.codes): a phone that sets its own clock agrees with ours.
MFA_TOTP_TOLERANCE = 0
MFA_FORMS = {
    "authenticate": "pavillon.accounts.forms.codes.AuthenticateForm",
    "reauthenticate": "pavillon.accounts.forms.codes.ReauthenticateForm",
    "add_webauthn": "pavillon.accounts.forms.passkeys.AddPasskeyForm",
    "edit_webauthn": "pavillon.accounts.forms.passkeys.RenamePasskeyForm",
}

# allauth would write at every request; accounts.middleware notes a presence once a minute.
USERSESSIONS_TRACK_ACTIVITY = False
USERSESSIONS_ADAPTER = "pavillon.accounts.adapters.SessionsAdapter"

# The team's people open nothing without a second factor: officers' roles from the first day, all others after days of
# grace. Production asks for it; a demonstration can be followed without a phone at hand and says so.
REQUIRE_MFA = os.environ.get("PAVILLON_REQUIRE_MFA", "") == "1"
# Of whom it is demanded: of the team always, and where the agency wants it of "companies" and "buyers" too.
REQUIRE_MFA_OF = frozenset({"team", *os.environ.get("PAVILLON_REQUIRE_MFA_OF", "").replace(",", " ").split()})
if unknown_sides := REQUIRE_MFA_OF - {"team", "companies", "buyers"}:
    raise ImproperlyConfigured(
        f"PAVILLON_REQUIRE_MFA_OF names {', '.join(sorted(unknown_sides))}: it knows team, companies and buyers."
    )
MFA_GRACE_DAYS = int(os.environ.get("PAVILLON_MFA_GRACE_DAYS", "14"))
# Failed sign-ins of one address within SIGN_IN_WINDOW_MINUTES that suspend it for SIGN_IN_PAUSE_MINUTES.
SIGN_IN_ATTEMPTS = 5
SIGN_IN_WINDOW_MINUTES = 15
SIGN_IN_PAUSE_MINUTES = 15
# How often strangers may send something to a library's page: (by address of the network, by e-mail address named). Our
# own pages say it on their view. A training room or a chamber of commerce shares one address: room for thirty people.
LIMITS = {
    "account_login": ("60/m", "30/15m"),
    "account_reset_password": ("60/h", "6/h"),
    "account_reset_password_from_key": ("60/h", "30/h"),
    "account_email_verification_sent": ("120/15m", "30/15m"),
    "account_reauthenticate": ("60/m", "30/15m"),
    "mfa_authenticate": ("60/m", "30/15m"),
    "mfa_login_webauthn": ("60/m", "30/15m"),
    "mfa_reauthenticate": ("60/m", "30/15m"),
}
# What strangers may send to all other pages together.
STRANGERS_LIMIT = ("600/10m", "600/10m")
# The link is asked for anew by a button on its own page once it is over.
INVITATION_DAYS = 3

# Length before variety: a sentence is easier to keep than a sign in its middle.
_RULES = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_RULES}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_RULES}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_RULES}.CommonPasswordValidator"},
    {"NAME": "pavillon.accounts.passwords.PersonalPasswordValidator"},
    {"NAME": "pavillon.accounts.passwords.PatternPasswordValidator"},
    {"NAME": "pavillon.accounts.passwords.DecoratedPasswordValidator"},
    {"NAME": "pavillon.accounts.passwords.BreachedPasswordValidator"},
]
# The operator's file of stolen passwords (SHA-1, sorted by hash), searched in place; docs/identity.md.
BREACHED_PASSWORDS = os.environ.get("PAVILLON_BREACHED_PASSWORDS", "")

SESSION_COOKIE_AGE = 14 * 24 * 3600
# A session ends after so long without use, and after so long in any case (seconds); sooner for the roles that open
# other people's data by the whole. It belongs to one family of browsers: elsewhere its cookie opens nothing.
SESSION_IDLE = 3 * 24 * 3600
SESSION_LONGEST = SESSION_COOKIE_AGE
OFFICERS_SESSION_IDLE = 2 * 3600
OFFICERS_SESSION_LONGEST = 12 * 3600
# As many browsers at a time as one person has; with one more, the one that was used longest ago is signed out.
SESSIONS_AT_ONCE = 8
WAGTAILADMIN_LOGIN_URL = "account_login"

# Where the day of each role begins; the first page that is installed. The composition root alone knows every room.
_DESK = ["workspace:desk"]
_PEOPLE = ["accounts:people"]
_AUDIT = ["security:find_record", "accounts:people"]
_COMPANY = ["solutions_company:company_home", "crm:my_requests"]
START_PAGES = {
    "adviser": _DESK,
    "team_manager": _DESK,
    "tele_prospector": _DESK,
    "sales": _DESK,
    "private_partner": _DESK,
    "showroom_manager": ["reporting:dashboard", *_DESK],
    "region_official": ["reporting:region_dashboard", "accounts:regions"],
    "editor": ["wagtailadmin_home", *_DESK],
    "operator": _DESK,
    "organisation_admin": _PEOPLE,
    "platform_admin": _PEOPLE,
    "security_officer": _AUDIT,
    "key_holder": ["security:read_keys"],
    "data_protection_officer": _AUDIT,
    "company_manager": _COMPANY,
    "seller": _COMPANY,
    "buyer": ["showroom_buyer:my_enquiries", "showroom:home"],
}
