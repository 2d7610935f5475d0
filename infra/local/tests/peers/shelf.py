"""The table behind datasette: `fill FILE` makes its 1,200 orders, ten at each hour; `run FILE SQL` changes it."""

import sqlite3
import sys

what, file, *sql = sys.argv[1:]
with sqlite3.connect(file) as shelf:
    if what == "fill":
        shelf.execute("create table orders (id integer primary key, number text not null, total text not null, note text, updated text not null)")
        rows = ((at, f"A{at}", f"{at * 37 / 100:.2f}", None if at % 3 else f"näste, \"{at}\"\n", f"2026-01-{1 + at // 240:02}T{at // 10 % 24:02}:00:00Z") for at in range(1, 1201))
        shelf.executemany("insert into orders values (?, ?, ?, ?, ?)", rows)
    else:
        shelf.executescript(*sql)
