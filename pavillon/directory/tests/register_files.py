"""Files in the register's layout, as tests of its import want them."""

import csv

from stdnum import luhn

from pavillon.directory.synthetic import OFFICE_HEADER, UNIT_HEADER, nic_of


def siren(number):
    """A SIREN whose check digit is right."""
    digits = f"9{number:07d}"
    return digits + luhn.calc_check_digit(digits)


def a_unit(number, **more):
    """A row of StockUniteLegale."""
    return {
        "siren": siren(number),
        "statutDiffusionUniteLegale": "O",
        "dateCreationUniteLegale": "2004-03-01",
        "trancheEffectifsUniteLegale": "12",
        "categorieEntreprise": "PME",
        "dateDebut": "2004-03-01",
        "etatAdministratifUniteLegale": "A",
        "denominationUniteLegale": f"SCIERIE {number}",
        "categorieJuridiqueUniteLegale": "5710",
        "activitePrincipaleUniteLegale": "16.10A",
        "nomenclatureActivitePrincipaleUniteLegale": "NAFRev2",
        "nicSiegeUniteLegale": nic_of(siren(number)),
        **more,
    }


def an_office(number, office=1, **more):
    """A row of StockEtablissement; the first one is the head office."""
    return {
        "siren": siren(number),
        "siret": siren(number) + nic_of(siren(number), office),
        "statutDiffusionEtablissement": "O",
        "etablissementSiege": "true" if office == 1 else "false",
        "numeroVoieEtablissement": "12",
        "typeVoieEtablissement": "RTE",
        "libelleVoieEtablissement": "DE BREST",
        "codePostalEtablissement": "29150",
        "codeCommuneEtablissement": "29026",
        "etatAdministratifEtablissement": "A",
        **more,
    }


def write(path, rows, header=None, **options):
    """A CSV file of rows, under the official header unless another is given."""
    rows = list(rows)
    header = header or (OFFICE_HEADER if rows and "siret" in rows[0] else UNIT_HEADER)
    with path.open("w", encoding=options.pop("encoding", "utf-8"), newline="") as stream:
        writer = csv.DictWriter(stream, header, lineterminator="\n", **options)
        writer.writeheader()
        writer.writerows(rows)
    return path
