"""What the operators watch, in Prometheus' format under /metrics."""

from prometheus_client import Counter, Gauge, Histogram

ITEMS = Counter("listener_items_total", "Items kept, by channel", ["channel"])
READINGS = Counter("listener_readings_total", "Items read by the served models")
READING_SECONDS = Histogram("listener_reading_seconds", "Seconds to read one batch")
ROUTED = Counter("listener_routed_total", "Items routed, by outcome", ["outcome"])
SOURCE_RUNS = Counter("listener_source_runs_total", "Visits to sources, by outcome", ["outcome"])
SOURCE_GAPS = Gauge("listener_source_gaps", "Sources that are silent or cannot be read")
REQUEST_SECONDS = Histogram("listener_request_seconds", "Seconds to answer a request", ["method", "route", "status"])
LETTERS = Counter("listener_letters_total", "Letters tried, by channel and how it ended", ["channel", "outcome"])
LETTER_SECONDS = Histogram("listener_letter_seconds", "Seconds to hand one letter to its receiver", ["channel"])
LETTERS_WAITING = Gauge("listener_letters_waiting", "Letters that wait to be sent", ["channel"])
LETTERS_DEAD = Gauge("listener_letters_dead", "Letters that were given up and wait for a person", ["channel"])
LETTERS_OLDEST = Gauge("listener_letters_oldest_seconds", "Age of the letter that waits longest", ["channel"])
