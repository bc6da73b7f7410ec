"""`reader` on the feeds of `benchmarks/feeds.py`; run by the Python of reader's own environment."""

import sys
import time

from reader import make_reader  # type: ignore[import-not-found] # lives in another environment

database, port, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
reader = make_reader(database)
for number in range(count):
    reader.add_feed(f"http://127.0.0.1:{port}/{number}.xml", exist_ok=True)
began, spent = time.perf_counter(), time.process_time()
reader.update_feeds(workers=10, scheduled=False)
took, spent = time.perf_counter() - began, time.process_time() - spent
print(took, spent, reader.get_feed_counts().broken, reader.get_entry_counts().total)
