"""WARC files: writing, indexing, mending and reading them; nobody else knows the format."""
