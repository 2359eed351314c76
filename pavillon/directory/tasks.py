from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from pavillon.directory.actions import register_names
from pavillon.directory.actions.register import ImportRunning, carry_out_import, forget_rejects
from pavillon.directory.models import RegisterRun
from pavillon.directory.sirene import WrongFile

# Another import may be under way, from the command line for instance.
IN_TURN = RetryStrategy(max_attempts=200, wait=60, retry_exceptions={ImportRunning})


@app.task(name="directory.import_register", lock="directory.import_register", retry=IN_TURN)
def import_register(run_id: int) -> None:
    """Take a file of the register in; put back after a crash it goes on where it was."""
    run = RegisterRun.objects.filter(pk=run_id).first()
    if run is None:
        return
    try:
        carry_out_import(run)
    except WrongFile:
        # The run says what is wrong: trying again would not make the file right.
        return
    register_names.index_register_names()


@app.periodic(cron="*/10 * * * *")
@app.task(name="directory.index_register_names", queueing_lock="directory.index_register_names")
def index_register_names(timestamp: int) -> None:
    """After an import of the register, whoever made it: its names can be found. One short question when none was."""
    register_names.index_register_names()


@app.periodic(cron="35 3 * * *")
@app.task(name="directory.forget_rejects", queueing_lock="directory.forget_rejects")
def forget_old_rejects(timestamp: int) -> None:
    """Every night: refused rows of the register that were kept long enough."""
    forget_rejects()
