# ruff: noqa: S608 - every piece is a constant of this file or of the layout
"""How the columns of the register's files become ours: SQL for the reader (DuckDB), which checks every row.

The result has the columns of the target table, `row_hash`, `problem` (why the row is not taken, else NULL) and `told`,
the number as the file wrote it.
"""

from pavillon.directory.enums import RegisterFileKind

UNIT_COLUMNS = (
    "siren", "legal_name", "trade_name", "activity_code", "activity_code_2025", "legal_category_code",
    "workforce_band_code", "size", "head_office_siret", "created_on", "is_active", "diffusion", "closed_on",
)  # fmt: skip
OFFICE_COLUMNS = (
    "siret", "is_head_office", "name", "activity_code", "activity_code_2025", "workforce_band_code", "address",
    "postal_code", "commune_code", "town", "created_on", "is_active", "closed_on",
)  # fmt: skip
TYPES = {"created_on": "DATE", "closed_on": "DATE", "is_active": "BOOLEAN", "is_head_office": "BOOLEAN"}
COLUMNS = {RegisterFileKind.UNITS: UNIT_COLUMNS, RegisterFileKind.OFFICES: OFFICE_COLUMNS}
KEYS = {RegisterFileKind.UNITS: "siren", RegisterFileKind.OFFICES: "siret"}
TABLES = {
    RegisterFileKind.UNITS: "directory_registerunit",
    RegisterFileKind.OFFICES: "directory_registerestablishment",
}
# Rows that we do not keep by design are no errors.
PASSED = ("purged",)


def _clean(column: str) -> str:
    """A published value; "[ND]" (not disclosed) and nothing are NULL."""
    return f"nullif(nullif(\"{column}\", ''), '[ND]')"


def _text(column: str, longest: int) -> str:
    told = f"coalesce(nullif(\"{column}\", '[ND]'), '')"
    # Counting bytes is cheap, cutting letters is not: only the rare longer value is cut.
    return f"CASE WHEN strlen({told}) > {longest} THEN left({told}, {longest}) ELSE {told} END"


def _day(column: str) -> str:
    return f'try_cast("{column}" AS DATE)'


def _activity(prefix: str) -> str:
    """The NAF rév. 2 code. Older nomenclatures use the same signs with another meaning."""
    nomenclature = f'"nomenclatureActivitePrincipale{prefix}"'
    return f"CASE WHEN {nomenclature} = 'NAFRev2' THEN {_text(f'activitePrincipale{prefix}', 6)} ELSE '' END"


def _luhn(number: str, pairs: int) -> str:
    """The sum of Luhn, as INSEE defines it: every second digit from the right doubled, nines cast out.

    By pairs of digits, of which the left one is doubled: ten a + b gives 2a + b, less 9 when a is 5 or more.
    """
    terms = []
    for place in range(pairs):
        pair = f"({number} // {100**place} % 100)"
        terms.append(f"{pair} - 8 * ({pair} // 10) - 9 * ({pair} // 50)")
    return " + ".join(terms)


def _digit_sum(number: str, digits: int) -> str:
    return " + ".join(f"(({number} // {10**place}) % 10)" for place in range(digits))


# Sums are columns of their own, so that each part of a number is computed once.
_LUHN_OF_SIREN = f"({_luhn('number', 5)}) % 10"
_LUHN_OF_SIRET = f"({_luhn('head', 3)} + {_luhn('tail', 4)}) % 10"
# Establishments of La Poste follow a rule of their own: the sum of their digits is a multiple of five.
_REST_OF_SIRET = (
    f"CASE WHEN siren = '356000000' AND luhn <> 0 THEN ({_digit_sum('try_cast(siret AS BIGINT)', 14)}) % 5 "
    "ELSE luhn END"
)
_FITS_SIREN = f"coalesce(regexp_full_match(siren, '[0-9]{{9}}') AND {_LUHN_OF_SIREN} = 0, false)"
_FITS_SIRET = "coalesce(regexp_full_match(siret, '[0-9]{14}') AND left(siret, 9) = siren AND rest_of_siret = 0, false)"
# Asked of wrong numbers only.
_FAULT_OF_SIREN = """CASE
    WHEN siren IS NULL THEN 'siren_missing'
    WHEN NOT regexp_full_match(siren, '[0-9]+') THEN 'siren_digits'
    WHEN length(siren) <> 9 THEN 'siren_length'
    ELSE 'siren_check' END"""
_FAULT_OF_SIRET = f"""CASE WHEN NOT {_FITS_SIREN} THEN {_FAULT_OF_SIREN}
    WHEN NOT regexp_full_match(siret, '[0-9]{{14}}') OR left(siret, 9) <> siren THEN 'siret'
    ELSE 'siret_check' END"""

_UNITS = f"""
WITH told AS (
    SELECT nullif(trim(siren), '') AS siren, try_cast(siren AS INTEGER) AS number,
        left(coalesce({_clean("statutDiffusionUniteLegale")}, 'O'), 1) AS diffusion,
        {_text("categorieJuridiqueUniteLegale", 4)} AS legal_category_code,
        coalesce({_clean("unitePurgeeUniteLegale")}, '') = 'true' AS is_purged,
        coalesce({_clean("denominationUniteLegale")},
            nullif(concat_ws(' ', coalesce({_clean("prenomUsuelUniteLegale")}, {_clean("prenom1UniteLegale")}),
                             coalesce({_clean("nomUsageUniteLegale")}, {_clean("nomUniteLegale")})), ''),
            {_clean("sigleUniteLegale")}, '') AS published_name,
        coalesce({_clean("denominationUsuelle1UniteLegale")}, '') AS usual_name,
        {_activity("UniteLegale")} AS activity_code,
        {_text("activitePrincipaleNAF25UniteLegale", 6)} AS activity_code_2025,
        {_text("trancheEffectifsUniteLegale", 2)} AS workforce_band_code,
        {_text("categorieEntreprise", 3)} AS size,
        {_clean("nicSiegeUniteLegale")} AS nic,
        {_clean("dateCreationUniteLegale")} AS created_text,
        {_day("dateCreationUniteLegale")} AS created_on,
        coalesce({_clean("etatAdministratifUniteLegale")}, '') AS state,
        {_day("dateDebut")} AS since
    FROM raw
), ours AS (
    -- The name of a person who opposed its publication is not even stored.
    SELECT *, diffusion <> 'O' AND left(legal_category_code, 1) IN ('', '1') AS is_hidden,
        coalesce(regexp_full_match(siren, '[0-9]{{9}}') AND {_LUHN_OF_SIREN} = 0, false) AS fits
    FROM told
), kept AS (
    SELECT siren, fits, is_purged, state, created_text,
        CASE WHEN is_hidden THEN '' ELSE left(published_name, 250) END AS legal_name,
        CASE WHEN is_hidden THEN '' ELSE left(usual_name, 250) END AS trade_name,
        activity_code, activity_code_2025, legal_category_code, workforce_band_code, size,
        CASE WHEN regexp_full_match(nic, '[0-9]{{5}}') THEN siren || nic ELSE '' END AS head_office_siret,
        created_on, state = 'A' AS is_active, diffusion, CASE WHEN state = 'C' THEN since END AS closed_on
    FROM ours
)
SELECT @columns, @digest AS row_hash, CASE WHEN NOT fits THEN {_FAULT_OF_SIREN}
    WHEN is_purged THEN 'purged'
    WHEN state NOT IN ('A', 'C') THEN 'state'
    WHEN created_text IS NOT NULL AND created_on IS NULL THEN 'date'
    WHEN diffusion = 'O' AND legal_name = '' THEN 'name'
    END AS problem, siren AS told
FROM kept
"""

# The usual abbreviations of INSEE's street types; others are written as published.
_STREETS = {
    "ALL": "ALLEE",
    "AV": "AVENUE",
    "BD": "BOULEVARD",
    "CHE": "CHEMIN",
    "CRS": "COURS",
    "IMP": "IMPASSE",
    "LD": "LIEU-DIT",
    "PL": "PLACE",
    "RTE": "ROUTE",
    "SQ": "SQUARE",
    "ZA": "ZONE ARTISANALE",
    "ZI": "ZONE INDUSTRIELLE",
}
_STREET = (
    f"CASE {_clean('typeVoieEtablissement')} "
    + " ".join(f"WHEN '{short}' THEN '{long}'" for short, long in _STREETS.items())
    + f" ELSE {_clean('typeVoieEtablissement')} END"
)
_OFFICES = f"""
WITH told AS (
    SELECT nullif(trim(siren), '') AS siren, coalesce(trim(siret), '') AS siret, try_cast(siren AS INTEGER) AS number,
        try_cast(left(trim(siret), 6) AS INTEGER) AS head, try_cast(right(trim(siret), 8) AS INTEGER) AS tail,
        coalesce({_clean("statutDiffusionEtablissement")}, 'O') = 'O' AS is_public,
        lower(coalesce({_clean("etablissementSiege")}, '')) IN ('true', 't', '1') AS is_head_office,
        coalesce({_clean("enseigne1Etablissement")}, {_clean("denominationUsuelleEtablissement")}, '') AS sign,
        concat_ws(', ', {_clean("complementAdresseEtablissement")},
            nullif(concat_ws(' ', {_clean("numeroVoieEtablissement")}, {_clean("indiceRepetitionEtablissement")},
                             {_STREET}, {_clean("libelleVoieEtablissement")}), ''),
            {_clean("distributionSpecialeEtablissement")}) AS published_address,
        {_text("codePostalEtablissement", 5)} AS postal_code,
        {_text("codeCommuneEtablissement", 5)} AS commune_code,
        left(coalesce({_clean("libelleCommuneEtablissement")},
            nullif(concat_ws(', ', {_clean("libelleCommuneEtrangerEtablissement")},
                             {_clean("libellePaysEtrangerEtablissement")}), ''), ''), 120) AS town,
        {_activity("Etablissement")} AS activity_code,
        {_text("activitePrincipaleNAF25Etablissement", 6)} AS activity_code_2025,
        {_text("trancheEffectifsEtablissement", 2)} AS workforce_band_code,
        {_day("dateCreationEtablissement")} AS created_on,
        coalesce({_clean("etatAdministratifEtablissement")}, '') AS state,
        {_day("dateDebut")} AS since
    FROM raw
), summed AS (
    SELECT *, {_LUHN_OF_SIRET} AS luhn FROM told
), kept AS (
    SELECT siren, number, siret, {_REST_OF_SIRET} AS rest_of_siret, state, is_head_office,
        CASE WHEN is_public THEN left(sign, 250) ELSE '' END AS name, activity_code,
        activity_code_2025, workforce_band_code,
        CASE WHEN is_public THEN left(published_address, 250) ELSE '' END AS address,
        postal_code, commune_code, town, created_on, state = 'A' AS is_active,
        CASE WHEN state = 'F' THEN since END AS closed_on
    FROM summed
)
SELECT @columns, @digest AS row_hash,
    CASE WHEN NOT {_FITS_SIRET} THEN {_FAULT_OF_SIRET}
    WHEN state NOT IN ('A', 'F') THEN 'state_of_office'
    END AS problem, coalesce(nullif(siret, ''), siren) AS told
FROM kept
"""
# What an establishment owes its unit: without it, it is refused; an address is hidden with that of its unit. Told apart
# from the reading, because a join may change the order of rows, and their order leads to the lines of the file.
_OFFICES_BY_UNIT = (
    f"""
UPDATE checked SET problem = CASE WHEN {_LUHN_OF_SIREN.replace("number", "siret[:9]::INTEGER")} = 0
    THEN 'unit_unknown' ELSE 'siren_check' END, told = siret
WHERE problem IS NULL AND siret[:9]::INTEGER NOT IN (SELECT siren FROM units)
""",
    """
CREATE OR REPLACE TABLE hidden AS SELECT rowid AS place FROM checked
WHERE problem IS NULL AND (name <> '' OR address <> '')
AND siret[:9]::INTEGER IN (SELECT siren FROM units WHERE NOT is_public)
""",
    "UPDATE checked SET name = '', address = '' WHERE rowid IN (SELECT place FROM hidden)",
    "UPDATE checked SET row_hash = @digest WHERE rowid IN (SELECT place FROM hidden)",
)
_SELECTS = {RegisterFileKind.UNITS: _UNITS, RegisterFileKind.OFFICES: _OFFICES}


def reading(kind: RegisterFileKind, *, synthetic: bool) -> str:
    """The query that turns the table `raw` of published columns into checked rows of ours."""
    columns = ", ".join(COLUMNS[kind])
    return _SELECTS[kind].replace("@columns", columns).replace("@digest", digest_of_row(kind, synthetic=synthetic))


def reading_by_unit(*, synthetic: bool) -> list[str]:
    """What the table `units` (siren, is_public) changes in the establishments of the table `checked`, in this order."""
    digest = digest_of_row(RegisterFileKind.OFFICES, synthetic=synthetic)
    return [query.replace("@digest", digest) for query in _OFFICES_BY_UNIT]


def digest_of_row(kind: RegisterFileKind, *, synthetic: bool) -> str:
    """The digest of all that we keep of a row, in 63 bits. Another version of the reader may give another one."""
    return f"(hash({', '.join(COLUMNS[kind])}, {int(synthetic)}) >> 1)::BIGINT"
