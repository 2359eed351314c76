"""The same product, quicker to start and with nothing kept."""

import tempfile

from config.settings.base import *

DEBUG = False
SECRET_KEY = "only-for-tests-" + "x" * 40
ALLOWED_HOSTS = ["*"]
DATA = Path(os.environ.get("PAVILLON_DATA") or tempfile.mkdtemp(prefix="pavillon-test-"))
# Each process of a run has a database of its own, whose numbers begin at 1: its files lie in a folder of its own too.
# What it starts shares the folder, or is given another.
_process = os.environ.get("PYTEST_XDIST_WORKER", "")
if _process != os.environ.get("PAVILLON_TEST_PROCESS", ""):
    DATA /= _process
    os.environ |= {"PAVILLON_TEST_PROCESS": _process, "PAVILLON_DATA": str(DATA)}
# A test database may outlive a run (--reuse-db), so its master key does too.
MASTER_KEY_FILE = Path(tempfile.gettempdir()) / f"pavillon-test-keys-{os.getuid()}" / "master.key"
CREATE_MASTER_KEY = True
LOCAL_KEY_FILE = MASTER_KEY_FILE.with_name("local.key")
KEY_RECHECK_SECONDS = KEY_LIFETIME_SECONDS = float("inf")
KEY_RETRY_SECONDS = 0
KEY_LISTEN = False  # an ear would hold a connection to a database that is dropped
SIGNING_KEY_BITS = 2048
SITES = []
LOG_WITNESS_FILE = None  # a test's lines are rolled back: nothing to bear witness to
PROVE_STEADY = True
MEDIA_ROOT = DATA / "media"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DATABASES["default"]["OPTIONS"].pop("pool")
DATABASES["default"]["TEST"] = {"NAME": os.environ.get("PAVILLON_TEST_DB", "test_pavillon")}
# Without the compressed, hashed storage the test client needs no collectstatic.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
# Set only while the template of the test databases is built (tests/database.py).
DATABASES["default"]["NAME"] = os.environ.get("PAVILLON_TEMPLATE_DB", DATABASES["default"]["NAME"])
INNER_PROVIDERS = ["localhost", "127.0.0.1", "::1"]
