"""What every page of a company shares: header, key facts, tabs, and what its reader may do."""

from django.shortcuts import render

from pavillon.core.policy import may_read
from pavillon.directory.models import Company, Contact
from pavillon.directory.queries import export_share
from pavillon.directory.queries.card import card_lines, origins_of, why_seen
from pavillon.directory.queries.people import people_of
from pavillon.ui.panels import panels_for


def company_page(request, template, company, tab, **context):
    """Render one tab of a company's page. What the tab needs from the full company is a function of it."""
    user = request.user
    # The guard loaded the bare row; the header names its region, sector and the rest: one statement for all.
    company = Company.objects.visible_to(user).with_facts().get(pk=company.pk)
    share = export_share(company, user)
    origins = origins_of(company, user)
    frame = {
        "company": company,
        "origins": origins,
        "dispute_count": sum(origin.disputes for origin in origins.values()),
        "lines": card_lines(company, origins) if tab == "card" else {},
        "sight": why_seen(company, user),
        "may_flag": user.has_perm("directory.flag_company", company),
        "tab": tab,
        "contact_count": people_of(company, user).order_by().count(),
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
    context = {name: v(company) if callable(v) else v for name, v in context.items()}
    return render(request, template, frame | context)
