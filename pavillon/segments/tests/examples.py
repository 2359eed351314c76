"""What tests over all pages put in the addresses of this room."""

from pavillon.directory.criteria import EVERYTHING
from pavillon.directory.models import Company
from pavillon.segments import actions
from pavillon.segments.enums import ExportState
from pavillon.segments.models import BulkAct, ExportFile, Segment, TargetList


def make_segment(world):
    return actions.create_segment(name="Toutes", subject="companies", rule=EVERYTHING, by=world["helene"])


def make_list(world):
    return actions.create_target_list(name="À rappeler", origin="marketing", by=world["helene"])


def make_act(world):
    return actions.tag_companies(companies=[world.example(Company).pk], tag="Salon", by=world["helene"])


def make_export(world):
    return ExportFile.objects.create(
        author=world["helene"], subject="companies", state=ExportState.BLOCKED, watermark="EXP-EXAMPLE", rows=9000
    )


EXAMPLES = {Segment: make_segment, TargetList: make_list, BulkAct: make_act, ExportFile: make_export}
ARGUMENTS = {"segments:export_list": {"subject": "companies"}}
