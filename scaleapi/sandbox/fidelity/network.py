"""How the sandbox is reached: hosts, HTTPS, rate limits, latency, and the routes about them."""

from __future__ import annotations

from collections.abc import Sequence

from .behavior import ASSUMED, DOCUMENTED, OWN, Behavior

NETWORK_ROUTES: Sequence[Behavior] = (
    Behavior("GET /_sandbox/health", OWN, ASSUMED, "test_control.py::test_health"),
    Behavior(
        "GET /_sandbox/certificate",
        OWN,
        ASSUMED,
        "test_network.py::test_the_certificate_can_be_fetched",
    ),
    Behavior(
        "GET /_sandbox/openapi.json",
        OWN,
        ASSUMED,
        "test_openapi.py::test_every_route_is_described",
    ),
    *(
        Behavior(
            f"{method} /_sandbox/traffic", OWN, ASSUMED, "test_traffic.py::test_traffic_over_http"
        )
        for method in ("GET", "POST")
    ),
)

NETWORK_RULES: Sequence[Behavior] = (
    Behavior(
        "A rate limit per key can be set; requests above it return 429 with Retry-After",
        "docs: errors (429 only); the limit and the header are assumed",
        ASSUMED,
        "test_traffic.py::test_rate_limit",
    ),
    Behavior(
        "Every request to the API can be delayed, faulty or not",
        OWN,
        ASSUMED,
        "test_traffic.py::test_latency_comes_on_top_of_faults",
    ),
    Behavior(
        "A body may be sent in chunks",
        "HTTP/1.1",
        DOCUMENTED,
        "test_request_bodies.py::test_a_body_in_chunks_is_read",
    ),
    Behavior(
        "A request that stops in the middle returns 408",
        "HTTP; the timeout is assumed",
        ASSUMED,
        "test_request_bodies.py::test_a_half_sent_request_times_out",
    ),
    Behavior(
        "A malformed MIME type of a file is ignored",
        "not documented",
        ASSUMED,
        "test_files.py::test_malformed_mime_type_is_not_used",
    ),
    Behavior(
        "Links in responses name the host of the request",
        OWN,
        ASSUMED,
        "test_network.py::test_links_name_the_host_that_the_client_knows",
    ),
)
