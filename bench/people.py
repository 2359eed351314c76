"""1,800 named accounts: signing in, the list of people and its search over HTTP, against a bare Django page"""

import time

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from bench._bare import ADDRESS
from bench._crowd import plant_demo
from bench._figures import milliseconds
from bench._web import Visitor, running_server
from launch.bench import Row
from pavillon.accounts.actions import add_membership, create_user
from pavillon.accounts.enums import ROLES_OF_KIND, Role
from pavillon.accounts.models import Organisation, User

PEOPLE = 1800
ROUNDS = 25
PASSWORD = "un-banc-de-mesure-1800"
DOMAIN = "mesure.example"


def run() -> list[Row]:
    """Who signs in types his password each time: the cost of the hash is the limit of that line."""
    plant_demo()
    _hire()
    bare: list[float] = []
    entered, hashed = [], []
    kept = make_password(PASSWORD)
    with running_server() as port:
        stranger, admin, maud = Visitor(port), Visitor(port).sign_in("admin"), Visitor(port).sign_in("admin")
        pages = {
            "The list of people": (admin, "/people/", []),
            "People, one word": (admin, "/people/?q=Mesure+0900", []),
            "People of one country": (maud, "/people/?country=JP", []),
        }
        for nth in range(ROUNDS + 2):
            bare.append(stranger.get(ADDRESS).seconds)
            started = time.perf_counter()
            check_password(PASSWORD, kept)
            hashed.append(time.perf_counter() - started)
            entered.append(_sign_in(port, nth * 60))
            for visitor, address, seconds in pages.values():
                seconds.append(visitor.get(address).seconds)
    note = f"{User.objects.count():,} accounts"
    return [
        milliseconds("A bare Django page: one query, 18 lines", bare[2:]),
        milliseconds("The hash of a password (Argon2)", hashed[2:]),
        milliseconds("Sign-in: password sent → start page known", entered[2:], hashed[2:], f"{note}; limit: the hash"),
        *(milliseconds(what, seconds[2:], bare[2:], note) for what, (_v, _a, seconds) in pages.items()),
    ]


def _sign_in(port: int, nth: int) -> float:
    """Seconds of the answer to the form, as somebody else each time."""
    visitor = Visitor(port)
    visitor.get("/account/login/")
    return visitor.post("/account/login/", login=f"p{nth:04}@{DOMAIN}", password=PASSWORD).seconds


@transaction.atomic
def _hire() -> None:
    """Named accounts in every partner organisation in turn, through the actions that administrators use."""
    known = User.objects.filter(email__endswith=f"@{DOMAIN}").count()
    wanted = (Role.ADVISER, Role.PRIVATE_PARTNER)
    kinds = {kind: next((role for role in wanted if role in roles), None) for kind, roles in ROLES_OF_KIND.items()}
    places = list(Organisation.objects.filter(kind__in=[k for k, role in kinds.items() if role]).order_by("pk"))
    for nth in range(known, PEOPLE):
        user = create_user(
            email=f"p{nth:04}@{DOMAIN}",
            first_name="Mesure",
            last_name=f"{nth:04}",
            language="fr",
            is_email_verified=True,
        )
        place = places[nth % len(places)]
        add_membership(user=user, organisation=place, role=kinds[place.kind], by=None, is_default=True)
    User.objects.filter(email__endswith=f"@{DOMAIN}").update(password=make_password(PASSWORD))
