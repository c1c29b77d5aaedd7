"""isso_truth.py CONFIG: prints every comment of the database as JSON, rendered by Isso."""

import json
import sys

from isso import config
from isso.db import SQLite3
from isso.html import Markup

settings = config.load(config.default_file(), sys.argv[1])
database = SQLite3(settings.get("general", "dbpath"), settings)
render = Markup(settings).render
columns = ("uri", "id", "parent", "created", "mode", "text", "author", "website")
found = database.execute(
    "SELECT threads.uri, comments.id, parent, created, mode, text, author, website"
    " FROM comments JOIN threads ON comments.tid = threads.id ORDER BY comments.id"
)
rows = [dict(zip(columns, row, strict=True)) for row in found]
print(json.dumps([{**row, "html": render(row["text"])} for row in rows]))
