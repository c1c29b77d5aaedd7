"""What the blog answers to a request target. Pure: no sockets, no clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import parse_qs

from tests.sample import media, threads, traps
from tests.sample.blog import Blog, Listing
from tests.sample.bodies import STRAY
from tests.sample.pages import FEED_SIZE, Pages
from tests.sample.timeline import BASE, Charset, Entry, Status
from tests.sample.traps import Trap

SITEMAP_SIZE = 1000
_HTML, _XML = "text/html; charset=UTF-8", "text/xml; charset=UTF-8"
_LATIN1 = "text/html; charset=ISO-8859-1"
_TYPOGRAPHY = {f"&#{ord(sign)};": sign for sign in "–—‘’“”…"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A status with its body. `BASE` still stands for the blog's address in text and location.

    `validators` says that ETag and Last-Modified are sent and conditional requests honoured.
    """

    status: int
    body: bytes = b""
    media_type: str = _HTML
    location: str | None = None
    validators: bool = False


class Site:
    """The blog behind its addresses."""

    def __init__(self, blog: Blog) -> None:
        self.blog = blog
        self.pages = Pages(blog)

    def answer(self, target: str) -> Answer:
        """The answer to a path with query, as it stands in a request line."""
        trap = traps.trap_of(target) if self.blog.traps else None
        if trap is not None and (found := self._trap(trap, target)) is not None:
            return found
        return self._plain(target)

    def _plain(self, target: str) -> Answer:
        path, _, query = target.partition("?")
        values = {key: found[-1] for key, found in parse_qs(query).items()}
        segments = [segment for segment in path.split("/") if segment]
        ways: Sequence[Callable[[], Answer | None]] = (
            partial(self._old_address, path, values),
            partial(self._feed, path, segments, values),
            partial(self._listing, path, segments, target),
            partial(self._entry, path, segments, target),
            partial(self._machine, path, query),
            partial(self._file, path),
        )
        for way in ways:
            if (found := way()) is not None:
                return found
        return _page(self.pages.missing(target), status=404)

    def _old_address(self, path: str, values: dict[str, str]) -> Answer | None:
        if path != "/" or not values.keys() & {"p", "page_id"}:
            return None
        wanted = values.get("p") or values["page_id"]
        entry = self.blog.by_id.get(int(wanted)) if wanted.isdecimal() else None
        return _redirect(entry.url) if entry else _page(self.pages.missing(path), status=404)

    def _listing(self, path: str, segments: list[str], target: str) -> Answer | None:
        base, page = path, 1
        match segments:
            case [*_, "page", number] if number.isdecimal():
                page = int(number)
                base = path[: -len(f"page/{number}/")] if path.endswith("/") else path
        if base == "/":
            return self._listed(self.blog.home(page), target)
        archive = self.blog.archives.get(base.lower())
        if archive is None:
            return None
        tag = archive.path.removeprefix("/tag/").rstrip("/")
        narrower = (
            tuple(traps.combinations(self.blog, (tag,)))
            if self.blog.traps and archive.kind == "tag"
            else ()
        )
        return self._listed(archive.page(page), target, narrower)

    def _listed(self, listing: Listing | None, target: str, narrower: Sequence[str] = ()) -> Answer:
        if listing is None:
            return _page(self.pages.missing(target), status=404)
        return _page(self.pages.listing(listing, target, narrower))

    def _entry(self, path: str, segments: list[str], target: str) -> Answer | None:
        lowered = path.lower()
        if (entry := self.blog.by_path.get(lowered)) is not None:
            return _post(entry, self.pages.single(entry, target))
        if (entry := self.blog.by_path.get(f"{lowered}/")) is not None:
            return _redirect(entry.url)
        above, _, last = lowered.rstrip("/").rpartition("/")
        entry = self.blog.by_path.get(f"{above}/")
        if entry is None or entry.kind == "page" or not segments:
            return None
        if last == "trackback":
            return _redirect(entry.url, status=302)
        if last.isdecimal() and 1 < int(last) <= entry.part_count:
            return _post(entry, self.pages.single(entry, target, part=int(last)))
        number = last.removeprefix("comment-page-")
        protected = entry.status is Status.PROTECTED
        if number == last or not number.isdecimal() or protected:
            return None
        if not 1 <= int(number) <= threads.pages(self.blog.thread(entry)):
            return None
        return _post(entry, self.pages.single(entry, target, page=int(number)))

    def _feed(self, path: str, segments: list[str], values: dict[str, str]) -> Answer | None:
        match segments:
            case [*above, "feed"]:
                dialect = "rss2"
            case [*above, "feed", ("rss2" | "atom") as dialect]:
                pass
            case _:
                return None
        address = BASE + path
        if above == ["comments"]:
            return _xml(self.pages.comments(dialect, None, address))
        base = "/" + "".join(f"{segment}/" for segment in above).lower()
        if (entry := self.blog.by_path.get(base)) is not None:
            return _xml(self.pages.comments(dialect, entry, address))
        archive = self.blog.archives.get(base)
        if base != "/" and archive is None:
            return None
        entries = archive.entries if archive else self.blog.listed
        page = int(values["paged"]) if values.get("paged", "").isdecimal() else 1
        chosen = entries[(page - 1) * FEED_SIZE : page * FEED_SIZE] if page else ()
        if not chosen:
            return _page(self.pages.missing(path), status=404)
        if dialect == "atom":
            return _xml(self.pages.atom(chosen, address))
        return _xml(self.pages.feed(chosen, address, archive.name if archive else ""))

    def _machine(self, path: str, query: str) -> Answer | None:
        match path:
            case "/robots.txt":
                text = self.pages.document("robots.txt").encode()
                return Answer(status=200, body=text, media_type="text/plain; charset=utf-8")
            case "/xmlrpc.php" if query == "rsd":
                return _xml(self.pages.document("rsd.xml"))
            case "/xmlrpc.php":
                words = b"XML-RPC server accepts POST requests only."
                return Answer(status=200, body=words, media_type="text/plain")
            case "/wp-includes/wlwmanifest.xml":
                return _xml(self.pages.document("wlwmanifest.xml"))
            case "/wp-login.php" | "/stats/":
                return Answer(status=200, body=b"<title>Log In</title><form method='post'></form>")
            case "/wp-admin/":
                return _redirect(f"{BASE}/wp-login.php", status=302)
        return self._sitemap(path)

    def _sitemap(self, path: str) -> Answer | None:
        entries = self.blog.listed
        count = -(-len(entries) // SITEMAP_SIZE)
        if path == "/sitemap.xml":
            names = ("misc.xml", *(f"posts-{number}.xml.gz" for number in range(1, count + 1)))
            locations = [f"{BASE}/sitemap-{name}" for name in names]
            return _xml(self.pages.document("sitemapindex.xml", locations=locations))
        if path == "/sitemap-misc.xml":
            return _xml(self.pages.document("urlset.xml", entries=[self.blog.about]))
        number = path.removeprefix("/sitemap-posts-").removesuffix(".xml.gz")
        if path != f"/sitemap-posts-{number}.xml.gz" or not number.isdecimal():
            return None
        chosen = entries[(int(number) - 1) * SITEMAP_SIZE : int(number) * SITEMAP_SIZE]
        if not chosen or number == "0":
            return None
        text = self.pages.document("urlset.xml", entries=chosen)
        return Answer(status=200, body=text.encode(), media_type="application/x-gzip")

    def _file(self, path: str) -> Answer | None:
        found = media.find(self.blog, path)
        if found is None:
            return None
        return Answer(
            status=found.status, body=found.content, media_type=found.media_type, validators=True
        )

    def _trap(self, trap: Trap, target: str) -> Answer | None:
        found = traps.parts(trap, target)
        match trap:
            case Trap.SESSION_PATH:
                inner = self.answer(found[0])
                if not inner.media_type.startswith("text/html"):
                    return inner
                html = traps.inside_session(target, inner.body.decode("latin-1"))
                return Answer(
                    status=inner.status, body=html.encode("latin-1"), media_type=inner.media_type
                )
            case Trap.CALENDAR:
                shape = "/?m={}{:02}" if target.startswith("/?m=") else "/calendar/{}/{:02}/"
                room = traps.calendar(int(found[0]), int(found[1]), shape)
            case Trap.PATH_LOOP:
                room = traps.loop(target)
            case Trap.PAGER:
                room = traps.pager(int(found[0] or 1))
            case Trap.REDIRECT_LOOP:
                other = "left" if found[0] == "right" else "right"
                return _redirect(f"{BASE}/turn/{other}/", status=302)
            case Trap.TAG_COMBINATION:
                return self._combination(found[0], int(found[1] or 1), target)
            case _:
                return None  # these spaces show the plain page again under one more address
        return _page(self.pages.space(room, target))

    def _combination(self, tags: str, page: int, target: str) -> Answer:
        slugs = tuple(tags.lower().split("+"))
        archive = traps.combination(self.blog, slugs)
        listing = archive.page(page) or Listing(
            kind="tag", name=archive.name, path=archive.path, entries=(), page=1, pages=1
        )
        return _page(
            self.pages.listing(listing, target, tuple(traps.combinations(self.blog, slugs)))
        )


def _page(html: str, status: int = 200) -> Answer:
    return Answer(status=status, body=html.encode())


def _xml(text: str) -> Answer:
    return Answer(status=200, body=text.encode(), media_type=_XML, validators=True)


def _redirect(location: str, status: int = 301) -> Answer:
    return Answer(status=status, location=location)


def _post(entry: Entry, html: str) -> Answer:
    """A post's own page, in the encoding that it was given."""
    match entry.charset:
        case Charset.MISDECLARED:
            for reference, sign in _TYPOGRAPHY.items():
                html = html.replace(reference, sign)
            body = html.encode("cp1252", "xmlcharrefreplace")
            return Answer(status=200, body=body, media_type=_LATIN1)
        case Charset.MIXED:
            body = html.encode().replace(STRAY.encode(), STRAY.encode("cp1252"))
            return Answer(status=200, body=body)
        case Charset.UNDECLARED:
            return Answer(status=200, body=html.encode(), media_type="text/html")
    return _page(html)
