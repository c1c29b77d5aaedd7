"""isso_seed.py CONFIG STORY: fills Isso's database the way its own importers do."""

import json
import sys
from pathlib import Path

from isso import config
from isso.db import SQLite3

settings = config.load(config.default_file(), sys.argv[1])
database = SQLite3(settings.get("general", "dbpath"), settings)
ids = {}
for remark in json.loads(Path(sys.argv[2]).read_text()):
    if remark["uri"] not in database.threads:
        database.threads.new(remark["uri"], remark["title"])
    comment = {
        "parent": ids.get(remark["parent"]),
        "created": remark["created"],
        "mode": remark["mode"],
        "remote_addr": "192.0.2.0",
        "text": remark["text"],
        "author": remark["author"],
        "website": remark["website"],
    }
    ids[remark["key"]] = database.comments.add(remark["uri"], comment)["id"]
