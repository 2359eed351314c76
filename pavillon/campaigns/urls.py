from django.urls import path

from pavillon.campaigns import views

app_name = "campaigns"
urlpatterns = [
    path("campaigns/", views.campaigns, name="campaigns"),
    path("campaigns/new/", views.create_campaign, name="create_campaign"),
    path("campaigns/settings/", views.change_campaign_settings, name="change_campaign_settings"),
    path("campaigns/<int:campaign>/", views.view_campaign, name="view_campaign"),
    path("campaigns/<int:campaign>/change/", views.change_campaign, name="change_campaign"),
    path("campaigns/<int:campaign>/close/", views.close_campaign, name="close_campaign"),
    path("campaigns/<int:campaign>/reopen/", views.reopen_campaign, name="reopen_campaign"),
    path("campaigns/<int:campaign>/costs/new/", views.add_campaign_cost, name="add_campaign_cost"),
    path("campaigns/costs/<int:campaigncost>/change/", views.change_campaign_cost, name="change_campaign_cost"),
    path("campaigns/costs/<int:campaigncost>/remove/", views.remove_campaign_cost, name="remove_campaign_cost"),
]
