"""The only code that writes SQLite: models in, models out."""
