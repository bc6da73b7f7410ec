"""One module per kind of source. `ingest.collectors.collector` says what a collector is."""
