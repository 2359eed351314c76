from pavillon.continuity.models import (
    Backup,
    BackupCopy,
    Certificate,
    Check,
    Day,
    Event,
    Maintenance,
    PlatformIncident,
    Probe,
    RestoreTest,
)
from pavillon.core.personal_data import holds_no_personal_data

holds_no_personal_data(
    Backup, BackupCopy, Certificate, Check, Day, Event, Maintenance, PlatformIncident, Probe, RestoreTest
)
