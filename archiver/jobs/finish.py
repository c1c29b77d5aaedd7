"""The end of a crawl: is there something to publish, and then its publication."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256

import orjson
import scrapy

from archiver import __version__
from archiver.crawl import accounts
from archiver.crawl.ledger import Balance, LedgerRow, UrlState
from archiver.crawl.session import Session, config_json
from archiver.errors import CrawlUnusable
from archiver.model import Capture, CaptureId, Issue, RecordType, Role, Severity, Stage, Url
from archiver.publish import Outcome, tabulate
from archiver.publish.twins import warn_of_twins
from pipelines.layout import CrawlFolder, Layout, set_aside
from pipelines.state import CrawlState
from pipelines.tables import commits, urls
from pipelines.tables.columnar import Row
from pipelines.tables.names import known_posts
from pipelines.tables.writer import CrawlTables
from pipelines.warc import cdxj
from pipelines.warc.writer import Artefact

_UNANSWERED = (UrlState.FAILED, UrlState.REFUSED, UrlState.BUDGET)
# Answers that leave open what the page would have shown; a 401 or 405 is the same for everybody.
_SETTLED = (401, 404, 405, 410)
_NOT_A_PAGE = "Give the address of the blog's home page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A crawl that is published: where, its state, what it holds, and the ledger's sum."""

    folder: CrawlFolder
    state: str
    posts: int
    comments: int
    captures: int
    balance: Balance


def publish(session: Session) -> Published:
    """Publish a crawl whose URLs have all ended; its session is closed afterwards.

    Raises:
        CrawlUnusable: there is nothing to publish; the crawl was moved to failed/.
        StorageFailed: the disk refuses; the same command publishes later.
    """
    layout, folder = Layout(session.plan.output), session.folder
    balance = session.gate.close()
    reason = _unusable(session)
    _seal_archive(session, balance)
    if reason is not None:
        session.close()
        set_aside(layout, folder.crawl_id)
        raise CrawlUnusable(session.plan.blog.home_url, *reason)
    state = "partial" if _was_cut(balance) else "complete"
    cdxj.write(_indexed(session), folder.index)
    urls.write(folder.urls, (asdict(row) for row in accounts.rows(session.state)))
    tables = CrawlTables(folder, session.plan.blog.blog_id)
    made = tabulate(
        session.staging,
        tables,
        session.plan.blog,
        issues=_losses(session.state),
        names=known_posts(layout, session.plan.blog.blog_id),
        unanswered=[row.url for row in accounts.rows(session.state) if row.state in _UNANSWERED],
        is_complete=state == "complete" and not any(map(_is_lost, accounts.rows(session.state))),
    )
    captures = session.staging.counts()["capture"]
    row = _crawl_row(session, balance, made, state)
    session.state.close()
    commit = commits.publish(
        layout,
        session.lock,
        tables,
        row,
        commits.About(tools=_tools(), hints=made.hints),
    )
    warn_of_twins(commit.parts.values())
    session.close()
    return Published(
        folder=layout.crawl(folder.crawl_id),
        state=state,
        posts=made.posts,
        comments=made.comments,
        captures=captures,
        balance=balance,
    )


def told(made: Published) -> str:
    """The outcome in words, with where to find what."""
    counts = made.balance.counts
    fates = ", ".join(f"{n} {state}" for state, n in sorted(counts.items()) if n)
    return (
        f"{made.state}: {made.posts} posts, {made.comments} comments, {made.captures} captures\n"
        f"URLs: {made.balance.discovered} discovered: {fates}\n"
        f"archive: {made.folder.path}\n"
        f"tables: {made.folder.path.parent.parent / 'tables'}"
    )


def _unusable(session: Session) -> tuple[str, str] | None:
    """Why nothing can be published, and what to do; None when there are posts."""
    if any(True for _ in session.staging.posts()):
        return None
    home = next(iter(accounts.rows(session.state)), None)
    if home is None or home.state is UrlState.FAILED:
        error = home.last_error if home is not None else "nothing was asked for"
        return f"cannot be reached ({error})", "Check the address and the network, and try again"
    if home.state is UrlState.REFUSED:
        return (
            f"was refused by the rule {home.rule}",
            "robots.txt is obeyed unless --no-robots is given",
        )
    if home.status is not None and home.status >= 400:
        return f"answered HTTP {home.status}", "Check the address in a browser"
    capture = session.staging.capture(home.capture_id) if home.capture_id else None
    mime = str(capture.get("content_mime_type") or "") if capture else ""
    if mime and "html" not in mime and "xml" not in mime:
        return f"is {mime}, not a page", _NOT_A_PAGE
    pages = session.staging.counts()["capture"]
    return (
        f"no post was found in {pages} captures",
        "If this is a blog, name its platform with --platform; what was captured is kept in"
        f" {Layout(session.plan.output).failed / session.crawl_id}",
    )


def _is_lost(row: LedgerRow) -> bool:
    """Whether a page of the blog could not be had; files that pages need prove nothing of posts."""
    if row.role is Role.REQUISITE or row.hops.rstrip("R").endswith("P"):
        return False
    is_error = row.status is not None and row.status >= 400 and row.status not in _SETTLED
    return row.state is UrlState.FAILED or (row.state is UrlState.CAPTURED and is_error)


def _was_cut(balance: Balance) -> bool:
    return bool(balance.counts.get(UrlState.BUDGET))


def _seal_archive(session: Session, balance: Balance) -> None:
    """Config and report go into the archive as records of their own; then its files are closed."""
    report = {
        "crawl_id": session.crawl_id,
        "started_at": session.started_at,
        "finished_at": datetime.now(UTC),
        "urls": {str(state): n for state, n in sorted(balance.counts.items())},
        "refused": accounts.reasons(session.state),
        "staged": session.staging.counts(),
    }
    base = f"urn:archiver:{session.crawl_id}"
    things = [
        Artefact(
            uri=f"{base}:config.json",
            content_type="application/json",
            content=config_json(session.plan).encode(),
        ),
        Artefact(
            uri=f"{base}:report.json",
            content_type="application/json",
            content=orjson.dumps(report, option=orjson.OPT_INDENT_2),
        ),
    ]
    if session.folder.log.is_file():
        things.append(
            Artefact(
                uri=f"{base}:log.jsonl",
                content_type="application/jsonl",
                content=session.folder.log.read_bytes(),
            )
        )
    session.writer.artefacts(things)
    session.writer.close()


def _indexed(session: Session) -> Iterator[Capture]:
    for row in session.staging.captures():
        yield Capture(
            capture_id=CaptureId(str(row["capture_id"])),
            url=Url(str(row["url"])),
            captured_at=_time(row["fetch_time"]),
            record_type=RecordType(str(row["record_type"])),
            status=_number(row.get("fetch_status")),
            headers=(("content-type", str(row.get("content_mime_type") or "")),),
            payload_digest=str(row.get("content_digest") or "") or None,
            warc_filename=str(row["warc_filename"]),
            warc_offset=_number(row["warc_record_offset"]),
            warc_length=_number(row["warc_record_length"]),
        )


def _losses(state: CrawlState) -> Iterator[Issue]:
    """What the blog names and the crawl does not hold, with the reason."""
    for row in accounts.rows(state):
        if row.state is UrlState.FAILED:
            code = f"http.{row.status}" if row.status else "fetch.failed"
            yield _loss(row, code, row.last_error or "no answer", Severity.ERROR)
        elif row.state is UrlState.CAPTURED and row.status is not None and row.status >= 400:
            yield _loss(row, f"http.{row.status}", f"HTTP {row.status}", Severity.WARNING)
        elif row.state is UrlState.BUDGET:
            yield _loss(row, str(row.rule), "left out by a budget", Severity.WARNING)
        elif row.state is UrlState.REFUSED and str(row.rule).startswith("robots."):
            yield _loss(row, str(row.rule), "robots.txt refuses it", Severity.WARNING)


def _loss(row: LedgerRow, code: str, message: str, severity: Severity) -> Issue:
    return Issue(
        code=code,
        message=message,
        severity=severity,
        stage=Stage.FETCH,
        url=row.url,
        raw_value=f"tries: {row.tries}; via: {row.via or '-'}",
        capture_id=row.capture_id,
    )


def _crawl_row(session: Session, balance: Balance, made: Outcome, state: str) -> Row:
    finished = datetime.now(UTC)
    statuses = _statuses(accounts.rows(session.state))
    config = config_json(session.plan)
    plan, counts = session.plan, balance.counts
    reasons = accounts.reasons(session.state)
    budget = next((rule for rule in reasons if rule.startswith("budget.")), None)
    return {
        "collection": plan.blog.collection,
        "started_at": session.started_at,
        "finished_at": finished,
        "duration_s": (finished - session.started_at).total_seconds(),
        "state": state,
        "finish_reason": budget or "finished",
        "mode": "full",
        "trigger": "manual",
        "seeds": list(plan.seeds),
        "user_agent": plan.politeness.user_agent,
        "robots_policy": "obey" if plan.politeness.obey_robots else "ignore",
        **_tools_row(),
        "config_sha256": sha256(config.encode()).hexdigest(),
        "config_json": config,
        **statuses,
        "bytes_downloaded": accounts.spent(session.state)[1],
        "warc_files": len(list(session.folder.warc.glob("*.warc.gz"))),
        "warc_bytes": sum(p.stat().st_size for p in session.folder.warc.glob("*.warc.gz")),
        "posts_found": made.posts,
        "comments_found": made.comments,
        "declared_comments": made.declared_comments,
        "budget_hit": budget.removeprefix("budget.") if budget else None,
        "robots_denied": sum(n for rule, n in reasons.items() if rule.startswith("robots.")),
        "out_of_scope": sum(n for rule, n in reasons.items() if rule.startswith("scope.")),
        "exceptions": counts.get(UrlState.FAILED, 0),
    }


def _statuses(rows: Iterable[LedgerRow]) -> Mapping[str, int]:
    found = {f"status_{digit}xx": 0 for digit in "2345"}
    found |= {"requests": 0, "responses": 0, "retries": 0}
    for row in rows:
        found["requests"] += row.tries
        found["retries"] += max(0, row.tries - 1)
        if row.status is not None:
            found["responses"] += 1
            name = f"status_{row.status // 100}xx"
            if name in found:
                found[name] += 1
    return found


def _tools() -> dict[str, str]:
    return {
        "archiver": __version__,
        "scrapy": scrapy.__version__,
        "python": platform.python_version(),
    }


def _tools_row() -> Row:
    tools = _tools()
    return {
        "tool_version": tools["archiver"],
        "scrapy_version": tools["scrapy"],
        "python_version": tools["python"],
    }


def _time(value: object) -> datetime:
    assert isinstance(value, datetime)  # noqa: S101 - staging gives back what was staged
    return value


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
