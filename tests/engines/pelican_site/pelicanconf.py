"""Pelican's settings for the lab; what differs between two runs stands in `lab.json` beside it."""

import json
from pathlib import Path

from pelican import signals

_HERE = Path(__file__).parent
_LAB = json.loads((_HERE / "lab.json").read_text())

SITENAME = "Tidepool Letters"
SITESUBTITLE = "Letters from the quay & the kitchen"
SITEURL = _LAB["url"].rstrip("/")
ISSO_URL = _LAB["isso_url"]
THEME = _LAB["theme"]
TIMEZONE = _LAB["timezone"]
DEFAULT_LANG = "en"
DEFAULT_DATE_FORMAT = "%A, %B %d, %Y at %H:%M"

PATH = str(_HERE / "content")
OUTPUT_PATH = str(_HERE / "public")
CACHE_PATH = str(_HERE / "cache")
ARTICLE_PATHS = ["entries"]
STATIC_PATHS = ["pictures"]
THEME_TEMPLATES_OVERRIDES = [str(_HERE / "overrides")]

ARTICLE_URL = "{date:%Y}/{date:%m}/{date:%d}/{slug}/"
ARTICLE_SAVE_AS = ARTICLE_URL + "index.html"
PAGE_URL = "{slug}/"
PAGE_SAVE_AS = "{slug}/index.html"
DRAFT_SAVE_AS = "drafts/{slug}.html"
DEFAULT_PAGINATION = 7
WITH_FUTURE_DATES = False
FEED_DOMAIN = SITEURL
FEED_ALL_ATOM = "feeds/all.atom.xml"
FEED_ALL_RSS = "feeds/all.rss.xml"
FEED_MAX_ITEMS = 10


def _row(content, status):
    return {
        "status": status,
        "kind": "page" if content.__class__.__name__ == "Page" else "entry",
        "url": f"{SITEURL}/{content.url}",
        "title": content.title,
        "author": content.author.name,
        "date": content.date.isoformat(),
        "html": content.content,
        "category": getattr(content, "category", None) and content.category.name,
        "tags": [tag.name for tag in getattr(content, "tags", [])],
    }


def _dump(generators):
    """Writes what Pelican holds after reading and rendering everything."""
    articles, pages = generators[0], generators[1]
    rows = [_row(article, "public") for article in articles.articles]
    rows += [_row(page, "public") for page in pages.pages]
    hidden = [*articles.drafts, *articles.hidden_articles]
    rows += [_row(article, "hidden") for article in hidden]
    (_HERE / "pelican.json").write_text(json.dumps(rows))


class _Plugin:
    @staticmethod
    def register():
        signals.all_generators_finalized.connect(_dump)


PLUGINS = [_Plugin]
