"""Pages and feeds of the blog as text, rendered for the address `BASE`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from tests.sample import clock, media, threads, traps
from tests.sample.blog import Blog, Listing, Theme
from tests.sample.bodies import said_by
from tests.sample.fragment import texturize
from tests.sample.prose import Person
from tests.sample.threads import Comment
from tests.sample.timeline import BASE, Charset, Entry, Status, slug

FEED_SIZE = 10
_VERSIONS = {Theme.KUBRICK: "2.9.2", Theme.HTML5: "5.9.3"}
_ANONYMOUS = "Anonymous"  # what WordPress prints for a comment without a name
_FORM = """<form action="{base}/wp-pass.php" method="post">
<p>This post is password protected. To view it please enter your password below:</p>
<p><label for="pwbox-{id}">Password: <input name="post_password" id="pwbox-{id}" type="password" \
size="20" /></label> <input type="submit" name="Submit" value="Submit" /></p></form>"""
_MORE = '<p><a href="{url}#more-{id}" class="more-link">Read the rest of this entry &raquo;</a></p>'
_DECLARED = {Charset.MISDECLARED: "ISO-8859-1", Charset.UNDECLARED: None}


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A post as one document shows it."""

    entry: Entry
    html: Markup
    excerpt: str
    classes: str
    responses: int
    part: int = 1
    part_links: tuple[str, ...] = ()

    @property
    def is_protected(self) -> bool:
        """A form stands where the words would."""
        return self.entry.status is Status.PROTECTED


class Pages:
    """Renders what a blog holds. Every method returns a whole document."""

    def __init__(self, blog: Blog) -> None:
        self.blog = blog
        self.templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
        )
        self.templates.filters |= clock.FILTERS
        self.templates.filters |= {
            "tex": lambda text: Markup(texturize(text)),  # noqa: S704 (our own escaping)
            "tail": lambda url: url.rstrip("/").rpartition("/")[2],
            "avatar_url": media.avatar,
            "author_name": lambda person: person.name if person else _ANONYMOUS,
            "author_link": _author_link,
            "comment_url": self._comment_url,
        } | {f"{kind}_url": _archive_url(kind) for kind in ("tag", "category", "author")}
        self.templates.globals |= {"base": BASE, "blog": blog, "theme": blog.theme}
        self.templates.globals |= {
            "version": _VERSIONS[blog.theme],
            "files": media.linked(blog.theme),
        }
        self.sidebar = Markup(self._render(f"{blog.theme}/sidebar.html"))  # noqa: S704

    def listing(self, listing: Listing, target: str, combinations: Sequence[str] = ()) -> str:
        """A page of the front page or of an archive."""
        views = [self._teaser(entry) for entry in listing.entries]
        return self._page(
            "listing", target, listing=listing, views=views, combinations=combinations
        )

    def single(self, entry: Entry, target: str, part: int = 1, page: int | None = None) -> str:
        """A post with one page of its comments: the newest one unless `page` says otherwise."""
        if entry.kind == "page":
            return self._page("page", target, entry=entry, view=self._whole(entry, 1))
        protected = entry.status is Status.PROTECTED
        thread = () if protected else self.blog.thread(entry)
        last = threads.pages(thread)
        page = page or last
        previous, following = self.blog.neighbours(entry)
        return self._page(
            "single",
            target,
            charset=_DECLARED.get(entry.charset, "UTF-8"),
            entry=entry,
            view=self._whole(entry, part),
            branches=threads.shown(thread, page),
            older_comments=f"{entry.url}comment-page-{page - 1}/" if page > 1 else None,
            newer_comments=_newer(entry, page, last),
            previous=previous,
            next=following,
        )

    def missing(self, target: str) -> str:
        """What a wrong address gets."""
        return self._page("missing", target)

    def space(self, room: traps.Room, target: str) -> str:
        """A page of a trap."""
        return self._page("traps/space", target, **room.context)

    def feed(self, entries: Sequence[Entry], address: str, heading: str = "") -> str:
        """RSS 2.0 of posts; `address` is the feed's own."""
        return self._posts("rss2", entries, address, heading)

    def atom(self, entries: Sequence[Entry], address: str) -> str:
        """Atom of posts."""
        return self._posts("atom", entries, address, "")

    def comments(self, dialect: str, entry: Entry | None, address: str) -> str:
        """The newest comments, of one post or of the blog; `dialect` is "rss2" or "atom"."""
        if entry is None:
            pairs = self.blog.newest_comments(FEED_SIZE)
        else:
            public = entry.status is Status.PUBLIC
            approved = self.blog.approved(entry) if public else []
            pairs = [(entry, comment) for comment in reversed(approved[-FEED_SIZE:])]
        updated = pairs[0][1].instant if pairs else (entry or self.blog.listed[0]).instant
        return self._render(
            f"xml/comments-{dialect}.xml",
            entry=entry,
            pairs=pairs,
            address=address,
            updated=updated,
        )

    def document(self, name: str, **values: Any) -> str:
        """One of the plain XML or text documents."""
        return self._render(f"xml/{name}", **values)

    def _posts(self, dialect: str, entries: Sequence[Entry], address: str, heading: str) -> str:
        views = [self._whole(entry, None) for entry in entries]
        updated: datetime = self.blog.listed[0].instant
        return self._render(
            f"xml/{dialect}.xml", views=views, address=address, heading=heading, updated=updated
        )

    def _page(self, name: str, target: str, **values: Any) -> str:
        template = f"{name}.html" if "/" in name else f"{self.blog.theme}/{name}.html"
        links = traps.bait(self.blog, target) if self.blog.traps else ()
        bait = self._render("traps/bait.html", links=links) if links else ""
        context = {"charset": "UTF-8", "sidebar": self.sidebar, "bait": Markup(bait)}  # noqa: S704
        return self._render(template, **(context | values))

    def _render(self, template: str, **values: Any) -> str:
        return self.templates.get_template(template).render(**values)

    def _teaser(self, entry: Entry) -> View:
        body = self.blog.body(entry)
        blocks = body.parts[0][: body.more_after]
        html = "\n".join(block.html for block in blocks)
        if body.more_after is not None:
            html += "\n" + _MORE.format(url=entry.url, id=entry.native_id)
        return self._view(entry, html)

    def _whole(self, entry: Entry, part: int | None) -> View:
        """One page of the post, or all of it for a feed (`part` None)."""
        body = self.blog.body(entry)
        parts = body.parts if part is None else body.parts[part - 1 : part]
        blocks = [block.html for blocks in parts for block in blocks]
        if body.more_after is not None and part in (1, None):
            blocks.insert(body.more_after, f'<p><span id="more-{entry.native_id}"></span></p>')
        return self._view(entry, "\n".join(blocks), part or 1)

    def _view(self, entry: Entry, html: str, part: int = 1) -> View:
        protected = entry.status is Status.PROTECTED
        form = _FORM.format(base=BASE, id=entry.native_id)
        places = range(1, entry.part_count + 1)
        links = tuple(entry.url if place == 1 else f"{entry.url}{place}/" for place in places)
        return View(
            entry=entry,
            html=Markup(form if protected else html),  # noqa: S704 (escaped when it was written)
            excerpt="" if protected else _excerpt(self.blog.body(entry).whole.text),
            classes=_classes(entry, self.blog.theme),
            responses=0 if protected else len(self.blog.approved(entry)),
            part=part,
            part_links=links if entry.part_count > 1 and not protected else (),
        )

    def _comment_url(self, comment: Comment, entry: Entry) -> str:
        page = threads.page_of(comment, self.blog.thread(entry))
        return f"{entry.url}comment-page-{page}/#comment-{comment.native_id}"


def _newer(entry: Entry, page: int, last: int) -> str | None:
    if page >= last:
        return None
    # The newest page has no address of its own: the permalink shows it.
    return entry.url if page + 1 == last else f"{entry.url}comment-page-{page + 1}/"


def _archive_url(kind: str) -> Any:
    return lambda name: f"{BASE}/{kind}/{slug(name)}/"


def _author_link(person: Person | None) -> Markup:
    named = said_by(person) if person else None
    return Markup(named.html if named else _ANONYMOUS)  # noqa: S704 (escaped by Fragment)


def _classes(entry: Entry, theme: Theme) -> str:
    # WordPress 3.1 and later name type, status and format as well.
    kind = "post" if theme is Theme.KUBRICK else "post type-post status-publish format-standard"
    names = [f"category-{slug(entry.category)}", *(f"tag-{slug(tag)}" for tag in entry.tags)]
    return " ".join((f"post-{entry.native_id}", kind, "hentry", *names))


def _excerpt(text: str) -> str:
    words = text.split()
    return texturize(" ".join(words[:55]) + (" […]" if len(words) > 55 else ""))
