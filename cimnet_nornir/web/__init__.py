"""The dashboard, the API beneath it, and what Prometheus scrapes: a web server over the use cases."""
