"""What every page of a company shares: header, key facts, tabs, and what its reader may do."""

from django.shortcuts import render

from pavillon.core.policy import may_read
from pavillon.directory.models import Company, Contact
from pavillon.directory.queries import export_share
from pavillon.directory.queries.card import card_lines, origins_of, why_seen
from pavillon.directory.queries.people import count_people
from pavillon.directory.queries.provenance import values_part
from pavillon.ui.panels import panels_for
from pavillon.ui.together import ask


def company_page(request, template, company, tab, *, beside=None, **context):
    """Render one tab of a company's page; the guard of its view brings the company "with_facts".

    `beside` are questions asked in the frame's own statement (`ui.together`); what the tab makes of their rows is a
    function of them.
    """
    user = request.user
    asked = ask(known=values_part(company), **(beside or {}))
    share = export_share(company, user)
    origins = origins_of(company, user, asked.pop("known"))
    frame = {
        "company": company,
        "origins": origins,
        "dispute_count": sum(origin.disputes for origin in origins.values()),
        "lines": card_lines(company, origins) if tab == "card" else {},
        "sight": why_seen(company, user),
        "may_flag": user.has_perm("directory.flag_company", company),
        "tab": tab,
        "other_tabs": [
            {"title": panel.title, "url": panel.url(company)}
            for panel in panels_for("directory.company", user, company, column="tab")
        ],
        "export_share": share,
        "export_share_value": round(share * 100) if share is not None else 0,
        "may_read_turnover": may_read(user, Company, "turnover"),
        "may_read_export_turnover": may_read(user, Company, "export_turnover"),
        "may_read_phone": may_read(user, Contact, "phone"),
        "may_change": user.has_perm("directory.change_company", company),
        "may_add_contact": user.has_perm("directory.add_contact", company),
        "may_merge": user.has_perm("directory.merge_companies", company),
    }
    context = {name: value(asked) if callable(value) else value for name, value in context.items()}
    if "contact_count" not in context:
        context["contact_count"] = count_people(company, user)
    return render(request, template, frame | context)
