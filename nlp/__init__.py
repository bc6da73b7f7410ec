"""The reading room: articles in, tags with stance and the words that prove them out. Start at `nlp.tagger`."""
