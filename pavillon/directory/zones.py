"""The time zone in which a company's people are called, guessed from its country and, for France, its region."""

from collections import defaultdict
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from babel.core import get_global
from django.utils import timezone

from pavillon.accounts.models import known_zones

# Countries of several zones: where most companies are. The others have one, which CLDR names.
MAIN_ZONES = {
    "AR": "America/Argentina/Buenos_Aires",
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CD": "Africa/Kinshasa",
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "CY": "Asia/Nicosia",
    "DE": "Europe/Berlin",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "FM": "Pacific/Pohnpei",
    "GL": "America/Nuuk",
    "ID": "Asia/Jakarta",
    "KI": "Pacific/Tarawa",
    "KZ": "Asia/Almaty",
    "MH": "Pacific/Majuro",
    "MN": "Asia/Ulaanbaatar",
    "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PF": "Pacific/Tahiti",
    "PG": "Pacific/Port_Moresby",
    "PS": "Asia/Gaza",
    "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
    "US": "America/New_York",
    "UZ": "Asia/Tashkent",
}
# French regions beyond the sea, by INSEE code.
OVERSEAS = {
    "01": "America/Guadeloupe",
    "02": "America/Martinique",
    "03": "America/Cayenne",
    "04": "Indian/Reunion",
    "06": "Indian/Mayotte",
}
HOME = "Europe/Paris"


@cache
def _only_zones() -> dict[str, str]:
    found = defaultdict(list)
    for zone, country in get_global("zone_territories").items():
        found[country].append(zone)
    return {country: zones[0] for country, zones in found.items() if len(zones) == 1}


def zone_of(country: str | None, region: str | None = None) -> str:
    """The time zone of a country (ISO code) and French region (INSEE code); Paris when nothing is known."""
    if country in (None, "", "FR"):
        return OVERSEAS.get(region or "", HOME)
    zone = MAIN_ZONES.get(country) or _only_zones().get(country) or HOME
    return zone if zone in known_zones() else HOME


@cache
def zone_choices() -> list[tuple[str, str]]:
    """Zones by name, places only."""
    return [(name, name.replace("_", " ")) for name in sorted(known_zones()) if "/" in name and "Etc" not in name]


def time_there(zone: str, now: datetime | None = None) -> datetime:
    """The present moment on the clocks of a zone; on ours when its name is not known here."""
    now = now or timezone.now()
    return timezone.localtime(now, ZoneInfo(zone)) if zone in known_zones() else timezone.localtime(now)
