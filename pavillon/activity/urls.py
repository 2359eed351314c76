from django.urls import path

from pavillon.activity import views

app_name = "activity"
urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/unread/", views.unread, name="unread"),
    path("inbox/read/", views.read_notifications, name="read_notifications"),
    path("inbox/preferences/", views.change_preferences, name="change_preferences"),
    path("inbox/<int:notification>/", views.open_notification, name="open_notification"),
    path("demo/mailbox/", views.demo_mailbox, name="demo_mailbox"),
    path("demo/mailbox/<str:name>/", views.demo_letter, name="demo_letter"),
]
