"""The briefing: one model of final display values, its renders, and mail."""
