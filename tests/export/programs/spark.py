"""Read tasks and annotations with Spark, and check what comes: run by ``nox -s spark``."""

# pyright: reportMissingImports=false

from __future__ import annotations

import os
import sys

from pyspark.sql import SparkSession

from scaleapi import ScaleClient
from scaleapi.export.spark import ScaleDataSource
from scaleapi.sandbox import Sandbox

TASKS = 200


def main() -> None:
    with Sandbox(transition="immediate") as sandbox:
        os.environ["SCALE_API_KEY"] = sandbox.live_key
        os.environ["SCALE_API_INSTANCE_URL"] = sandbox.url
        client = ScaleClient()
        client.create_project("parcels", "imageannotation")
        client.create_project("nothing", "imageannotation")
        made = {
            client.create_task(
                "imageannotation",
                project="parcels",
                attachment=f"https://img.example.net/{number}.png",
                geometries={"box": {"objects_to_annotate": ["parcel"]}},
            ).id
            for number in range(TASKS)
        }
        os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
        builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
        spark = builder.getOrCreate()
        spark.dataSource.register(ScaleDataSource)
        read = spark.read.format("scaleapi")
        tasks = read.option("project", "parcels").option("window", "20").load()
        rows = tasks.select("task_id", "created_at", "tags").collect()
        assert len(rows) == TASKS
        assert {row.task_id for row in rows} == made
        assert all(row.created_at.year >= 2024 for row in rows)
        assert tasks.rdd.getNumPartitions() > 5
        shapes = spark.read.format("scaleapi").option("project", "parcels")
        found = shapes.option("table", "annotations").load().collect()
        assert len(found) >= TASKS
        assert found[0].vertices[0].x is not None
        empty = spark.read.format("scaleapi").option("project", "nothing").load()
        assert empty.count() == 0
        spark.stop()
    print(f"{len(rows)} tasks and {len(found)} annotations read")


if __name__ == "__main__":
    sys.exit(main())
