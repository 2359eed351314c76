"""The same records give the same clusters on Spark as on DuckDB."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from launch.spark import spark_environment

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
import json, sys
from pyspark.sql import SparkSession
from pavillon.matching.engine.batch import Batch
from pavillon.matching.engine.shipped import shipped_model
from pavillon.matching.engine.spark import SparkBatch
from pavillon.matching.synthetic import companies

rows = [sample.values for sample in companies(600, seed=5)]
model = shipped_model("company")
with Batch("company") as batch:
    batch.load(rows)
    batch.compare()
    batch.weigh(model)
    on_duckdb = batch.cluster(0.5).of

settings = {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "2", "spark.default.parallelism": "2",
            "spark.driver.host": "127.0.0.1", "spark.sql.adaptive.enabled": "false", "spark.driver.memory": "1g",
            # A few hundred rows in two parts: compiling each query would take longer than running it, and threads that
            # collect garbage or wait for a second core cost more than they bring.
            "spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN",
            "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
            "spark.ui.showConsoleProgress": "false"}
builder = SparkSession.builder.master("local[1]")
for name, value in settings.items():
    builder = builder.config(name, value)
session = builder.getOrCreate()
session.sparkContext.setLogLevel("ERROR")
columns = list(rows[0])
table = session.createDataFrame(
    [(number, *(row[column] for column in columns)) for number, row in enumerate(rows)],
    "id bigint, " + ", ".join(f"{column} string" for column in columns),
)
spark = SparkBatch(session, "company")
spark.load(table)
spark.compare()
on_spark = {row["id"]: row["cluster"] for row in spark.cluster(model, 0.5).collect()}
session.stop()
print(json.dumps({"same": on_spark == on_duckdb, "duckdb": len(on_duckdb), "spark": len(on_spark)}))
"""


@pytest.mark.spark
@pytest.mark.skipif(bool(os.environ.get("PAVILLON_NO_SPARK")), reason="PAVILLON_NO_SPARK is set")
def test_spark_gives_the_clusters_of_duckdb(tmp_path):
    """In a process of its own: Spark, and the Java that it needs, are installed for this test alone (decision 0016)."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=tmp_path,
        env={**os.environ, **spark_environment()},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.strip().splitlines()[-1])
    assert told["duckdb"] > 300
    assert told["same"], told
