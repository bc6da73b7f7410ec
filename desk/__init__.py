"""The analyst's desk: what a browser shows of the database, read only."""
