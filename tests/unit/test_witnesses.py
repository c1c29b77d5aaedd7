"""Which draft of a second reader is about which post."""

from __future__ import annotations

from archiver.drafts import DateDraft, PostDraft
from archiver.model import Body, Moment, PageKind, Post, Source
from archiver.witnesses import is_complete, missing, stands_alone, subject


def post(alias: str, title: str, kind: PageKind = PageKind.ARCHIVE, **fields: object) -> Post:
    return Post(aliases=(alias,), source=Source.TEXT, page_kind=kind, title=title, **fields)  # type: ignore[arg-type]


LISTING = [post("url:b/1", "One"), post("url:b/2", "Two"), post("url:b/3", "Two")]


def test_a_shared_name_decides() -> None:
    draft = PostDraft(title="Anything")
    assert subject(draft, ("native:7", "url:b/2"), LISTING, is_only=False) is LISTING[1]


def test_a_title_decides_where_only_one_post_has_it() -> None:
    assert subject(PostDraft(title="<b>ONE</b>"), (), LISTING, is_only=False) is LISTING[0]
    assert subject(PostDraft(title="Two"), (), LISTING, is_only=False) is None


def test_on_a_posts_own_page_the_only_draft_is_about_it_whatever_its_address() -> None:
    own = [post("url:mirror/1", "One", PageKind.POST)]
    draft = PostDraft(title="Eins")
    assert subject(draft, ("url:old/1",), own, is_only=True) is own[0]
    assert subject(draft, ("url:old/1",), own, is_only=False) is None


def test_a_second_text_is_only_wanted_where_the_first_is_missing_or_cut() -> None:
    draft = PostDraft(title="One", body="<p>text</p>")
    whole = post("a", "One", body=Body(html="<p>t</p>", text="t"))
    cut = post("a", "One", body=Body(html="<p>t</p>", text="t"), is_truncated=True)
    assert missing(draft, whole).body is None
    assert missing(draft, cut).body == "<p>text</p>"
    assert missing(draft, post("a", "One")).body == "<p>text</p>"


def test_the_head_alone_proves_a_post_only_with_a_date() -> None:
    head = PostDraft(title="One", source=Source.META)
    dated = PostDraft(title="One", source=Source.META, published=DateDraft(machine="2015-09-30"))
    assert not stands_alone(head)
    assert stands_alone(dated)
    assert stands_alone(PostDraft(title="One", source=Source.RDF))


def test_a_post_is_complete_with_title_text_and_date() -> None:
    body = Body(html="<p>t</p>", text="t")
    assert is_complete(post("a", "One", body=body, published=Moment(text="x")))
    assert not is_complete(post("a", "One", body=body))
    assert not is_complete(post("a", "", body=body, published=Moment(text="x")))
