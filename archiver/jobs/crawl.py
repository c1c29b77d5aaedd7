"""`archiver crawl`: one process per blog, from the plan to the published tables."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

from scrapy.crawler import CrawlerProcess
from scrapy.settings import Settings
from twisted.internet.task import LoopingCall

from archiver.config import CrawlPlan
from archiver.crawl.ledger import UrlState
from archiver.crawl.readback import read_back
from archiver.crawl.session import Session
from archiver.errors import ArchiverError, BlogBusy
from archiver.jobs import finish, logs
from archiver.jobs.voice import Voice
from archiver.spiders.blog import BlogSpider
from pipelines.layout import Layout
from pipelines.tables import recovery

COMPLETE, FAILED, STOPPED, UNBALANCED, BUSY = 0, 1, 3, 4, 75
_PROGRESS_S = 0.5


def run(plans: Sequence[CrawlPlan], *, fresh: bool, plain: bool, quiet: bool) -> int:
    """Crawl the blogs one after the other; returns the gravest exit code.

    A second blog gets a process of its own: a reactor runs once, and memory comes back.
    """
    if len(plans) == 1:
        return _crawl(plans[0], fresh=fresh, voice=Voice(plain=plain, quiet=quiet))
    codes = []
    for plan in plans:
        arguments = [*_arguments(sys.argv[1:], plans), plan.seeds[0]]
        command = [sys.executable, "-m", "archiver", *arguments]
        codes.append(subprocess.run(command, check=False).returncode)  # noqa: S603 - ourselves
    return next((code for code in (FAILED, UNBALANCED, BUSY, STOPPED) if code in codes), COMPLETE)


def _arguments(given: Sequence[str], plans: Sequence[CrawlPlan]) -> list[str]:
    """The command line without its URLs."""
    addresses = {plan.address for plan in plans}
    return [word for word in given if word not in addresses]


def _crawl(plan: CrawlPlan, *, fresh: bool, voice: Voice) -> int:
    for note in recovery.recover(Layout(plan.output)):
        voice.say(note)
    try:
        session = Session.open(plan, fresh=fresh)
    except BlogBusy as busy:
        voice.warn(f"archiver: {busy}")
        return BUSY
    log = logs.begin(session.folder.log)
    try:
        taken = read_back(session) if session.is_resumed else 0
        if session.is_resumed:
            voice.say(f"going on with {session.crawl_id}: {taken} captures read back")
        reason = _fetch(session, voice)
        log.end()
        return _end(session, reason, voice)
    except ArchiverError:
        session.abandon()
        raise
    finally:
        voice.hush()
        log.end()


def _fetch(session: Session, voice: Voice) -> str:
    """Run Scrapy to the end of the crawl; returns why it ended."""
    settings = Settings()
    settings.setmodule("archiver.settings", priority="project")
    settings.setdict(_overrides(session.plan), priority="cmdline")
    process = CrawlerProcess(settings)
    logs.quieten()
    crawler = process.create_crawler(BlogSpider)
    process.crawl(crawler, session=session)  # installs the reactor, which the timer needs
    progress = LoopingCall(lambda: voice.progress(_line(session)))
    progress.start(_PROGRESS_S, now=False)
    process.start()
    if session.failure is not None:
        raise session.failure
    stats = crawler.stats
    return str(stats.get_value("finish_reason") if stats is not None else "unknown")


def _overrides(plan: CrawlPlan) -> dict[str, object]:
    return {
        "USER_AGENT": plan.politeness.user_agent,
        "CONCURRENT_REQUESTS": plan.politeness.concurrency,
        "DOWNLOAD_TIMEOUT": plan.politeness.timeout_s,
        "DOWNLOAD_MAXSIZE": plan.budget.max_document_bytes,
    }


def _end(session: Session, reason: str, voice: Voice) -> int:
    if reason != "finished":
        session.abandon()
        voice.warn(
            f"stopped ({reason}) after {session.tally.answers} answers; nothing is lost. "
            f"Give the same command again to go on with {session.crawl_id}"
        )
        return STOPPED
    made = finish.publish(session)
    voice.say(finish.told(made))
    if made.balance.difference:
        voice.warn(
            f"archiver: the ledger does not balance: {made.balance.discovered} URLs discovered,"
            f" {made.balance.ended} ended, {made.balance.dangling} redirects lead nowhere"
        )
        return UNBALANCED
    return COMPLETE if made.state == "complete" else STOPPED


def _line(session: Session) -> str:
    tally, counts = session.tally, session.gate.frontier.counts
    waiting = counts[UrlState.PENDING] + counts[UrlState.LEASED]
    minutes = max(session.elapsed_s, 0.001) / 60
    return (
        f"{session.plan.blog.blog_id}: {tally.posts} posts · {tally.comments} comments · "
        f"{tally.answers} fetched, {waiting} queued · {tally.size_bytes / 1e6:.1f} MB · "
        f"{tally.answers / minutes:.0f}/min · {tally.errors} errors · {session.elapsed_s:.0f} s"
    )
