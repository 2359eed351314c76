"""The team's pages under /showroom-team/, and the pictures, whose address has no language."""

from django.urls import include, path

from pavillon.showroom.views import approvals, monitoring, pictures, shelves, templates, verticals

team = [
    path("approvals/", approvals.approvals, name="approvals"),
    path("approvals/waiting/", approvals.approvals_panel, name="approvals_panel"),
    path("approvals/<int:product>/", approvals.review_product, name="review_product"),
    path("approvals/<int:product>/approve/", approvals.approve_product, name="approve_product"),
    path("approvals/<int:product>/return/", approvals.return_product, name="return_product"),
    path("shops/", shelves.shops, name="shops"),
    path("shops/<int:shop>/", shelves.shop, name="shop"),
    path("shops/<int:shop>/accept/", shelves.accept_shop, name="accept_shop"),
    path("shops/<int:shop>/close/", shelves.close_shop, name="close_shop"),
    path("shops/<int:shop>/reference/", shelves.reference_shop, name="reference_shop"),
    path("products/<int:product>/", shelves.product, name="product"),
    path("settings/", shelves.change_showroom_settings, name="change_showroom_settings"),
    path("monitoring/", monitoring.monitoring, name="monitoring"),
    path("monitoring/buyers/", monitoring.buyers_by_country, name="buyers_by_country"),
    path("monitoring/<int:enquiry>/", monitoring.enquiry, name="enquiry"),
    path("monitoring/<int:enquiry>/plan/", monitoring.plan_enquiry, name="plan_enquiry"),
    path("monitoring/<int:enquiry>/remind/", monitoring.remind_seller, name="remind_seller"),
    path("monitoring/<int:enquiry>/suggest/", monitoring.suggest_reply, name="suggest_reply"),
    path(
        "monitoring/suggestions/<int:replysuggestion>/withdraw/",
        monitoring.withdraw_suggestion,
        name="withdraw_suggestion",
    ),
    path("monitoring/<int:enquiry>/escalate/", monitoring.escalate_enquiry, name="escalate_enquiry"),
    path("companies/<int:company>/panel/", monitoring.company_panel, name="company_panel"),
    path("desk/", monitoring.desk_panel, name="desk_panel"),
    path("verticals/", verticals.verticals, name="verticals"),
    path("verticals/create/", verticals.create_vertical, name="create_vertical"),
    path("verticals/<slug:slug>/", verticals.change_vertical, name="change_vertical"),
    path("verticals/<slug:slug>/close/", verticals.close_vertical, name="close_vertical"),
    path("verticals/<slug:slug>/remap/", verticals.remap_products, name="remap_products"),
    path("verticals/<slug:slug>/questions/", verticals.add_attribute, name="add_attribute"),
    path("templates/", templates.templates, name="templates"),
    path("templates/<slug:kind>/<slug:language>/<slug:vertical>/", templates.change_template, name="change_template"),
    path(
        "templates/<slug:kind>/<slug:language>/<slug:vertical>/preview/",
        templates.preview_template,
        name="preview_template",
    ),
    path(
        "templates/<slug:kind>/<slug:language>/<slug:vertical>/restore/",
        templates.restore_template,
        name="restore_template",
    ),
]
media = [path("<int:picture>/<str:size>.webp", pictures.picture, name="picture")]

urlpatterns = [
    path("showroom-team/", include((team, "showroom_team"))),
    path("pictures/", include((media, "showroom_media"))),
]
