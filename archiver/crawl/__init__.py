"""The crawl: which URLs are fetched, when, how, and what became of each."""
