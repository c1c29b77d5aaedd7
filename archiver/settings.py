"""Scrapy's wiring: the single place with order numbers, each with its reason."""

from __future__ import annotations

from archiver.config import USER_AGENT

BOT_NAME = "archiver"
SPIDER_MODULES = ["archiver.spiders"]
USER_AGENT = USER_AGENT

# Every URL, try, redirect and refusal is the ledger's business: see docs/decisions/0003.
SCHEDULER = "archiver.crawl.scheduler.LedgerScheduler"
DOWNLOAD_HANDLERS = {
    "http": "archiver.crawl.handler.WireHandler",
    "https": "archiver.crawl.handler.WireHandler",
    "file": None,
    "ftp": None,
    "s3": None,
    "data": None,
}
DOWNLOADER_MIDDLEWARES_BASE: dict[str, int] = {
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": 750,  # honours http_proxy
}
SPIDER_MIDDLEWARES_BASE: dict[str, int] = {}
ITEM_PIPELINES = {
    "pipelines.warc.pipeline.WarcPipeline": 100,  # first: bytes are on disk …
    "pipelines.tables.pipeline.TablePipeline": 200,  # … before rows are
}
EXTENSIONS_BASE: dict[str, int] = {
    "scrapy.extensions.corestats.CoreStats": 0,  # counts for the log
}
EXTENSIONS = {
    "archiver.jobs.standalone.Standalone": 0,  # only where `scrapy crawl` runs the spider
}

DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "*",
    "Accept-Encoding": "gzip, deflate",  # replay tools do not read brotli and zstd everywhere
}
COOKIES_ENABLED = False
ROBOTSTXT_OBEY = False  # the gate asks for robots.txt itself, so that it is archived
RETRY_ENABLED = False
REDIRECT_ENABLED = False
COMPRESSION_ENABLED = False  # payloads are decoded from the captured bytes

# Gaps and turns are the gate's; the engine must not add its own.
DOWNLOAD_DELAY = 0
DOWNLOAD_DELAY_JITTER = 0
CONCURRENT_REQUESTS_PER_DOMAIN = 64
DOWNLOAD_FAIL_ON_DATALOSS = False  # a torn body is archived and marked
DOWNLOAD_WARNSIZE = 0
CONCURRENT_ITEMS = 4  # the default of 100 starts 100 tasks for each response
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 64 * 1024 * 1024  # pages wait here until they are on disk

LOG_ENABLED = False  # the jobs set up logging
LOG_INSTALL_ROOT_HANDLER = False
TELNETCONSOLE_ENABLED = False
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
