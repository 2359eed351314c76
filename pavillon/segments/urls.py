from django.urls import path

from pavillon.segments.views import bulk, exports, segments

app_name = "segments"
urlpatterns = [
    path("segments/", segments.segments, name="segments"),
    path("segments/create/", segments.create_segment, name="create_segment"),
    path("segments/target-size/", segments.view_target_size, name="view_target_size"),
    path("segments/target-size/change/", segments.change_target_size, name="change_target_size"),
    path("segments/<int:segment>/", segments.segment, name="segment"),
    path("segments/<int:segment>/change/", segments.change_segment, name="change_segment"),
    path("segments/<int:segment>/delete/", segments.delete_segment, name="delete_segment"),
    path("bulk/tag/", bulk.tag_companies, name="tag_companies"),
    path("bulk/target/", bulk.target_companies, name="target_companies"),
    path("bulk/<int:bulkact>/undo/", bulk.undo_bulk, name="undo_bulk"),
    path("target-lists/", bulk.target_lists, name="target_lists"),
    path("target-lists/<int:targetlist>/", bulk.target_list, name="target_list"),
    path("target-lists/<int:targetlist>/audience/", bulk.view_audience, name="view_audience"),
    path("target-lists/<int:targetlist>/publish/", bulk.publish_target_list, name="publish_target_list"),
    path("exports/", exports.exports, name="exports"),
    path("exports/limits/", exports.change_export_limit, name="change_export_limit"),
    path("exports/new/<slug:subject>/", exports.export_list, name="export_list"),
    path("exports/<int:exportfile>/", exports.export, name="export"),
    path("exports/<int:exportfile>/download/", exports.download_export, name="download_export"),
    path("exports/<int:exportfile>/request/", exports.request_approval, name="request_approval"),
    path("exports/<int:exportfile>/approve/", exports.approve_export, name="approve_export"),
    path("exports/<int:exportfile>/refuse/", exports.refuse_export, name="refuse_export"),
    path("exports/<int:exportfile>/cancel/", exports.cancel_export, name="cancel_export"),
]
