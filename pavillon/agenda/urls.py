from django.urls import path

from pavillon.agenda.views import calendar, dav, exchange, meetings, times, weeks

app_name = "agenda"

urlpatterns = [
    path("agenda/", calendar.agenda, name="agenda"),
    path("agenda/today/", calendar.day_panel, name="day_panel"),
    path("agenda/entries/new/", calendar.create_entry, name="create_entry"),
    path("agenda/entries/<int:entry>/", calendar.entry, name="entry"),
    path("agenda/entries/<int:entry>/change/", calendar.change_entry, name="change_entry"),
    path("agenda/entries/<int:entry>/move/", calendar.move_entry, name="move_entry"),
    path("agenda/entries/<int:entry>/delete/", calendar.delete_entry, name="delete_entry"),
    path("agenda/entries/<int:entry>/finish/", calendar.finish_entry, name="finish_entry"),
    path("agenda/series/<int:series>/delete/", calendar.delete_series, name="delete_series"),
    path("agenda/absences/new/", calendar.plan_absence, name="plan_absence"),
    path("agenda/typical-week/", weeks.template, name="template"),
    path("agenda/typical-week/change/", weeks.change_template, name="change_template"),
    path("agenda/typical-week/organisation/", weeks.change_house_template, name="change_house_template"),
    path("agenda/typical-week/reset/", weeks.reset_template, name="reset_template"),
    path("agenda/typical-week/apply/", weeks.apply_template, name="apply_template"),
    path("agenda/plan/", weeks.plan_day, name="plan_day"),
    path("agenda/one-to-one/", weeks.plan_one_to_one, name="plan_one_to_one"),
    path("agenda/clock/", times.clock, name="clock"),
    path("agenda/entries/<int:entry>/start/", times.start_work, name="start_work"),
    path("agenda/clock/stop/", times.stop_work, name="stop_work"),
    path("agenda/interruptions/begin/", times.begin_interruption, name="begin_interruption"),
    path("agenda/interruptions/end/", times.end_interruption, name="end_interruption"),
    path("agenda/interruptions/new/", times.log_interruption, name="log_interruption"),
    path("agenda/diagnosis/", times.diagnosis, name="diagnosis"),
    path("agenda/team/", meetings.team, name="team"),
    path("agenda/entries/<int:entry>/invite/", meetings.invite_participant, name="invite_participant"),
    path("agenda/entries/<int:entry>/thread/", meetings.meeting_thread, name="meeting_thread"),
    path("agenda/entries/<int:entry>/write/", meetings.write_message, name="write_message"),
    path("agenda/participants/<int:participant>/remove/", meetings.remove_participant, name="remove_participant"),
    path("agenda/participants/<int:participant>/answer/", meetings.answer_invitation, name="answer_invitation"),
    path("agenda/answer/<str:secret>/", meetings.answer_by_link, name="answer_by_link"),
    path("agenda/calendars/", exchange.exchange, name="exchange"),
    path("agenda/calendars/keys/new/", exchange.create_key, name="create_key"),
    path("agenda/calendars/keys/<int:agendakey>/revoke/", exchange.revoke_key, name="revoke_key"),
    path("agenda/calendars/import/", exchange.import_calendar, name="import_calendar"),
    path("agenda/calendars/subscribe/", exchange.subscribe_calendar, name="subscribe_calendar"),
    path(
        "agenda/calendars/<int:subscription>/unsubscribe/", exchange.unsubscribe_calendar, name="unsubscribe_calendar"
    ),
    path("agenda/feeds/<str:secret>.ics", exchange.feed, name="feed"),
    path(".well-known/caldav", dav.well_known, name="well_known"),
    path("dav/", dav.dav_resource, name="dav_root"),
    path("dav/<path:path>", dav.dav_resource, name="dav"),
]
