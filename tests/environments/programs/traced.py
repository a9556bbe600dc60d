"""Trace calls with OpenTelemetry and print their spans. Argument: URL."""

from __future__ import annotations

import json
import sys

from calls import KEY
from opentelemetry.instrumentation.requests import RequestsInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from scaleapi import ScaleClient

(url,) = sys.argv[1:]
exporter = InMemorySpanExporter()
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(exporter))
RequestsInstrumentor().instrument(tracer_provider=provider)
tracer = provider.get_tracer("program")

with ScaleClient(KEY, api_instance_url=url, verify=False, deadline=20) as client:
    with tracer.start_as_current_span("caller"):
        tasks = [task.id for task in client.get_tasks("p")]
        client.upload_file(b"data", filename="a")
        client.v2.get_task("t")
    with tracer.start_as_current_span("another caller"):
        batches = [task.id for task in client.get_tasks("p")]

spans = exporter.get_finished_spans()
names = {span.context.span_id: span.name for span in spans if span.context}
found = [
    {
        "parent": names.get(span.parent.span_id) if span.parent else None,
        "url": str((span.attributes or {}).get("http.url")),
        "id": f"{span.context.span_id:016x}" if span.context else None,
    }
    for span in spans
    if span.name not in ("caller", "another caller")
]
print(json.dumps({"tasks": tasks, "spans": found}))
