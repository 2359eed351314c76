"""The certificate of an application of a rule of retention, as a PDF that screen readers can read (PDF/UA-1)."""

import json
from pathlib import Path

import typst
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pavillon.privacy.models import RetentionRun
from pavillon.privacy.queries.retention import table_name
from pavillon.ui.words import day, moment, number

HERE = Path(__file__).parent / "print"
FONTS = settings.ROOT / "static_build" / "print-fonts"


def certificate_pdf(run: RetentionRun) -> bytes:
    """What was listed, who was told, what was done, and the digest that the trail keeps."""
    rule = run.rule
    data = {
        "lang": (get_language() or "fr")[:2],
        "title": _("Certificate of erasure"),
        "reference": run.reference,
        "demo": _("Demonstration: invented data") if settings.DEMO else "",
        "facts": [
            [_("Data"), table_name(rule.table)],
            [_("Rule"), _("%(months)s months, then: %(act)s") % {"months": rule.months, "act": rule.get_act_display()}],
            [_("Older than"), day(run.before)],
            [_("Rows listed"), number(run.count)],
            [_("People told beforehand"), number(run.told)],
            [_("Used again, spared"), number(run.spared)],
            [_("State"), run.get_state_display()],
            [_("Done on"), moment(run.done_at) if run.done_at else "—"],
            [_("Line of the ledger of erasures"), run.erasure or "—"],
        ],
        "digest_title": _("Digest kept in the trail (SHA-256)"),
        "digest": run.digest or "—",
        "page": _("Page"),
    }
    pdf = typst.compile(
        str(HERE / "certificate.typ"),
        root=str(HERE),
        font_paths=[str(FONTS)] if FONTS.exists() else [],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(data)},
        pdf_standards="ua-1",
    )
    assert isinstance(pdf, bytes)
    return pdf
