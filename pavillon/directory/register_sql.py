# ruff: noqa: S608 - every piece is a constant of `sirene_columns`
"""The statements that write the register: its rows never pass through Python."""

from pavillon.directory.enums import RegisterFileKind
from pavillon.directory.sirene_columns import COLUMNS, KEYS, TABLES

INCOMING = "register_incoming"
# What the difference file holds, in its order.
WRITTEN = {kind: (*columns, "row_hash", "is_synthetic", "run_id") for kind, columns in COLUMNS.items()}


# What comparing needs of a row that stands: number, digest, whether active.
_KNOWN = "{key} || ',' || coalesce(row_hash::text, '') || CASE WHEN is_active THEN ',t' ELSE ',f' END"
UNIT_LINE = "siren || CASE WHEN diffusion = 'O' THEN ',t' ELSE ',f' END"


def known_line(kind: RegisterFileKind) -> str:
    return _KNOWN.format(key=KEYS[kind])


def lines_of_pages(kind: RegisterFileKind, line: str) -> str:
    """All rows of some pages of the table as one text: a driver that sees every row would cost more than the rows."""
    return f"SELECT string_agg({line}, E'\\n') FROM {TABLES[kind]} WHERE ctid >= %s::tid AND ctid < %s::tid"


def lines_of_numbers(kind: RegisterFileKind, line: str) -> str:
    """The same of given numbers only."""
    return f"SELECT string_agg({line}, E'\\n') FROM {TABLES[kind]} WHERE {KEYS[kind]} = ANY(%s)"


def known_rows(kind: RegisterFileKind) -> str:
    """The rows that stand in full, to make their digests again."""
    return f"COPY (SELECT {', '.join(COLUMNS[kind])}, row_hash FROM {TABLES[kind]}) TO STDOUT (FORMAT csv)"


def fingerprint(kind: RegisterFileKind) -> str:
    """Whether a memory of the register is still right: rows, rows with a digest, digest of their digests."""
    return f"SELECT count(*), count(row_hash), coalesce(bit_xor(row_hash), 0) FROM {TABLES[kind]}"


def forgotten(kind: RegisterFileKind) -> str:
    """Rows whose digest does not count any more: the next file writes them again."""
    return f"SELECT {KEYS[kind]} FROM {TABLES[kind]} WHERE row_hash IS NULL"


SPACE_FOR_INDEX = "SET LOCAL maintenance_work_mem = '256MB'"


def has_key(kind: RegisterFileKind) -> str:
    return f"SELECT EXISTS (SELECT FROM pg_constraint WHERE conrelid = '{TABLES[kind]}'::regclass AND contype = 'p')"


def drop_key(kind: RegisterFileKind) -> str:
    return f"ALTER TABLE {TABLES[kind]} DROP CONSTRAINT IF EXISTS {TABLES[kind]}_pkey"


def add_key(kind: RegisterFileKind) -> str:
    return f"ALTER TABLE {TABLES[kind]} ADD CONSTRAINT {TABLES[kind]}_pkey PRIMARY KEY ({KEYS[kind]})"


def analyse(kind: RegisterFileKind) -> str:
    """Only what its rows are searched by: PostgreSQL looks at the rest in its own time."""
    return f"ANALYZE {TABLES[kind]} ({KEYS[kind]}, run_id)"


def pour(kind: RegisterFileKind, table: str) -> str:
    return f"COPY {table} ({', '.join(WRITTEN[kind])}) FROM STDIN (FORMAT csv)"


def create_incoming(kind: RegisterFileKind) -> str:
    return (
        f"CREATE TEMP TABLE {INCOMING} ON COMMIT DROP AS SELECT {', '.join(WRITTEN[kind])} FROM {TABLES[kind]} LIMIT 0"
    )


def take_incoming(kind: RegisterFileKind) -> str:
    """New rows and new versions of rows that stand."""
    columns, key = WRITTEN[kind], KEYS[kind]
    return (
        f"INSERT INTO {TABLES[kind]} ({', '.join(columns)}) SELECT {', '.join(columns)} FROM {INCOMING} "
        f"ON CONFLICT ({key}) DO UPDATE SET {', '.join(f'{c} = excluded.{c}' for c in columns if c != key)}"
    )


# Units whose publication was restricted since: what the base may still show of them. Before they are overwritten.
HIDDEN = f"""
SELECT u.siren, u.legal_name, coalesce((
    SELECT e.address FROM directory_registerestablishment e
    WHERE e.siret BETWEEN u.siren || '00000' AND u.siren || '99999' AND e.is_head_office
    ORDER BY e.is_active DESC, e.siret DESC LIMIT 1), '')
FROM directory_registerunit u JOIN {INCOMING} n USING (siren)
WHERE u.diffusion = 'O' AND n.diffusion <> 'O'
"""
# Their establishments hide their address at once; their digest is forgotten, the next file writes them again.
HIDE_OFFICES = """
UPDATE directory_registerestablishment e SET address = '', name = '', row_hash = NULL
FROM unnest(%s::text[]) AS hidden(siren)
WHERE e.siret BETWEEN hidden.siren || '00000' AND hidden.siren || '99999'
"""
# Establishments of units that are published again: the next file tells their address.
SHOW_OFFICES = f"""
UPDATE directory_registerestablishment e SET row_hash = NULL
FROM directory_registerunit u JOIN {INCOMING} n USING (siren)
WHERE u.diffusion <> 'O' AND n.diffusion = 'O' AND e.siret BETWEEN u.siren || '00000' AND u.siren || '99999'
"""

# Companies of the base of which the register says something else since a run, after a number.
FOLLOWERS_OF_UNITS = """
SELECT c.id FROM directory_company c JOIN directory_registerunit u ON u.siren = c.siren
LEFT JOIN reference_activity a ON a.id = c.activity_id
WHERE u.run_id = %(run)s AND c.id > %(after)s AND c.merged_into_id IS NULL AND (
    (c.closed_on IS NULL) <> u.is_active OR c.legal_name <> u.legal_name OR coalesce(a.code, '') <> u.activity_code
    OR coalesce(c.workforce_band_id, '') <> u.workforce_band_code OR c.size <> u.size
    OR coalesce(c.legal_category_id, '') <> u.legal_category_code)
ORDER BY c.id
"""
FOLLOWERS_OF_OFFICES = """
SELECT DISTINCT c.id FROM directory_registerestablishment e JOIN directory_company c ON c.siren = left(e.siret, 9)
LEFT JOIN directory_establishment s ON s.siret = e.siret
WHERE e.run_id = %(run)s AND c.id > %(after)s AND c.merged_into_id IS NULL AND (
    s.id IS NULL OR NOT s.is_from_register OR s.closed_on IS DISTINCT FROM e.closed_on OR s.address <> e.address
    OR s.postal_code <> e.postal_code OR s.is_head_office <> e.is_head_office OR s.name <> e.name)
ORDER BY c.id
"""
FOLLOWERS = {RegisterFileKind.UNITS: FOLLOWERS_OF_UNITS, RegisterFileKind.OFFICES: FOLLOWERS_OF_OFFICES}
