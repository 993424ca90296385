"""What the operators watch, in Prometheus' format under /metrics."""

from prometheus_client import Counter, Histogram

ITEMS = Counter("listener_items_total", "Items kept, by channel", ["channel"])
READINGS = Counter("listener_readings_total", "Items read by the served models")
READING_SECONDS = Histogram("listener_reading_seconds", "Seconds to read one batch")
ROUTED = Counter("listener_routed_total", "Items routed, by outcome", ["outcome"])
SOURCE_RUNS = Counter("listener_source_runs_total", "Visits to sources, by outcome", ["outcome"])
REQUEST_SECONDS = Histogram("listener_request_seconds", "Seconds to answer a request", ["method", "route", "status"])
