"""Open311 GeoReport v2 under /open311/v2: services, requests in, what may be public out, as XML and JSON."""
