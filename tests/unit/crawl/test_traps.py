from __future__ import annotations

from datetime import date

import pytest

from archiver.crawl.trap_rules import RULES
from archiver.crawl.traps import Traps, calendar_month, rule_names, tag_names
from archiver.errors import ConfigError
from archiver.model import Role, Url

A = "http://anna.example"
TRAPS = Traps(today=date(2024, 6, 15))

CAUGHT: dict[str, tuple[str, ...]] = {
    "wp.replytocom": ("/2009/01/x/?replytocom=12", "/?p=3&replytocom=12#respond"),
    "wp.comment-action": ("/x/?like_comment=4&_wpnonce=a1", "/x/?unapproved=3&moderation-hash=f"),
    "wp.share": ("/2009/01/x/?share=facebook", "/x/?share=email&nb=1"),
    "wp.quote-comment": ("/x/quote-comment-12/",),
    "wp.jetpack-comment": ("/jetpack-comment/?blogid=1",),
    "wp.admin": ("/wp-admin/", "/blog/wp-login.php?redirect_to=x", "/wp-signup.php"),
    "wp.remote-login": ("/go?u=r-login.wordpress.com/remote-login.php",),
    "wp.trackback": ("/x/trackback/", "/wp-trackback.php?p=3", "/archives/12/trackback.html"),
    "mt.cgi": ("/cgi-bin/mt-tb.cgi/12", "/mt/mt-search.cgi?tag=a", "/mt-cp.fcgi?id=1"),
    "mt.comments-cgi": ("/cgi-bin/mt-comments.cgi?entry_id=12",),
    "mt.view-cgi": ("/mt/mt-view.cgi/1/entry/12",),
    "blogger.show-comment": ("/2009/01/x.html?showComment=1232300000000",),
    "blogger.action": ("/out?http://www.blogger.com/post-edit.g?blogID=1",),
    "blogger.reverse-paginate": ("/search?updated-max=2009&reverse-paginate=true",),
    "blogger.search-window": (
        "/search?updated-min=2008-01-01T00:00:00Z&updated-max=2009-01-01T00:00:00Z",
        "/search/label/tea?updated-max=2009-01-01&max-results=20&start=20&by-date=false",
    ),
    "blogger.archive-toggle": (
        "/?widgetType=BlogArchive&widgetId=BlogArchive1&action=toggle",
        "/2009/01/x.html?toggleopen=MONTHLY-1230764400000",
    ),
    "blogger.csi": ("/CSI/",),
    "blogger.mobile": ("/2009/01/x.html?m=1", "/?m=0"),
    "blogger.stats": ("/b/stats?style=BLACK",),
    "lj.reply": ("/12345.html?mode=reply", "/1.html?thread=4&mode=reply"),
    "lj.tools": (),
    "lj.day-step": ("/2004/05/06/?get=prev",),
    "tumblr.action": ("/reblog/123/Ab", "/post/123/a-photo/amp", "/notes/123456789/Ab"),
    "typepad.login": ("/sitelogin?to=/", "/.services/sitelogout", "/svc=blogs/x"),
    "typepad.no-prefetch": ("/blog/2009/01/x.html?no_prefetch=1",),
    "typepad.comment-link": (
        "/2009/01/x.html?cid=6a00d8341c2df453ef00d8346302e253ef",
        "/2009/01/x.html?cid=11719023",
    ),
    "drupal.action": ("/comment/reply/12/3", "/user/login", "/?q=node/add", "/print/12"),
    "s9y.view": (
        "/index.php?/archives/1-x.html&serendipity%5Bcview%5D=linear",
        "/serendipity_admin.php",
        "/plugin/tag/tea",
    ),
    "textpattern.view": ("/article/12/x?commented=1", "/x?parentid=4"),
    "b2evo.view": ("/htsrv/login.php", "/index.php?disp=msgform&x=1"),
    "ee.action": ("/index.php?ACT=12",),
    "nucleus.action": ("/action.php?action=plugin", "/index.php?imagepopup=1/a.jpg"),
    "squarespace.print": ("/journal/x.html?printerFriendly=true",),
    "any.redirect-to": ("/login?redirect_to=http%3A%2F%2Fanna.example",),
    "any.tracker": ("/2009/01/x/?utm_source=feedburner", "/x?a=1&fbclid=abc"),
    "any.print": ("/x?print=1", "/x.php?id=1&printable=yes"),
    "any.sort": ("/list?sort=name", "/?order=asc&x=1"),
    "any.account": ("/index.php?action=login", "/wiki?do=edit"),
    "any.host-in-path": ("/2009/disqus.com/forums/anna/",),
    "any.template-literal": ("/'+url+'", "/page/%d/", "/x/%url%", "/a/$%7Bslug%7D", "/{{href}}"),
    "any.percent-loop": ("/a%25252520b",),
    "trap.path-loop": (
        "/a/b/a/c/a/d/a/",
        "/images/images/images/images/x",
        "/x/y/x/y/x/y",
        "/z/z/z/",
    ),
    "trap.deep-path": ("/" + "/".join(f"p{n}" for n in range(25)),),
    "trap.session-id": (
        "/x?PHPSESSID=0123456789abcdef0123456789abcdef",
        "/x?a=1&sid=0123456789abcdef0123&b=2",
        "/x;jsessionid=1A530637289A03B07199A44E8D531427?a=1",
        "/(S(lit3py55t21z5v55vlm25s55))/x.aspx",
        "/s/0123456789abcdef0123456789abcdef/2009/01/x/",
        "/0a1b2c3d4e5f60718293a4b5c6d7e8f9/2009/x",
    ),
    "trap.calendar-range": (
        "/2031/04/",
        "/calendar/1969/12/",
        "/?m=203104",
        "/?date=1980-01-01",
        "/cal?year=2100&month=4",
    ),
    "trap.tag-combination": ("/tag/tea,milk/", "/?tag=tea,milk", "/category/a%2Cb"),
}

# Forms that blogs need, however much they look like the ones above.
NEEDED = (
    "/",
    "/?p=12",
    "/?page_id=3",
    "/?m=200905",
    "/?m=20090512",
    "/2009/05/",
    "/2009/05/12/",
    "/2009/05/12/a-day-out/",
    "/2009_05_01_archive.html",
    "/page/7/",
    "/?paged=7",
    "/2009/05/a-day-out/comment-page-3/",
    "/?p=12&cpage=3",
    "/search?updated-max=2009-05-01T10:00:00-07:00&max-results=7",
    "/search?updated-max=2009-05-01T10%3A00%3A00Z&max-results=7&start=7&by-date=false",
    "/search/label/tea",
    "/search/label/tea?max-results=20",
    "/feeds/posts/default?start-index=26&max-results=25",
    "/archives/000319.html",
    "/archives/2004_05.html",
    "/archives/cat_tea.html",
    "/blog/2004/05/taking-our-gove.html",
    "/2005/01/12/trackback/",
    "/journal/2009/5/12/a-day.html",
    "/12345.html?thread=9999",
    "/12345.html?view=flat&page=2",
    "/12345.html?nojs=1",
    "/calendar",
    "/2004/",
    "/?skip=20",
    "/node/12",
    "/node?page=3",
    "/category/new%20york/",
    "/tag/new+york/",
    "/category/food/tea/",
    "/index.php?/archives/12-A-day.html",
    "/index.php/weblog/comments/a_day/P10/",
    "/index.php?title=a_day&more=1&c=1&tb=1&pb=1",
    "/2011/11/11/11-11-11/",
    "/?attachment_id=12",
    "/.a/6a00d8341c2df453ef00d8346302e253ef-500wi",
    "/print-making/",
    "/wp-content/uploads/2009/05/a.jpg",
    "/share-your-tea/",
    "/about/users/",
    "/order-of-things/",
    "/archive.php?y=2004&m=5",
    "/a/b/a/b/c/",
)


def rule(path: str, role: Role = Role.OTHER, traps: Traps = TRAPS) -> str | None:
    return traps.judge(Url(A + path), role).rule


@pytest.mark.parametrize(("name", "path"), [(n, p) for n, paths in CAUGHT.items() for p in paths])
def test_each_rule_refuses_the_forms_that_it_is_for(name: str, path: str) -> None:
    assert rule(path) == name


def test_tools_of_journal_hosts_are_refused_there_only() -> None:
    tools = "/tools/memadd.bml?journal=anna&itemid=1"
    assert TRAPS.judge(Url(f"http://www.livejournal.com{tools}"), Role.OTHER).rule == "lj.tools"
    assert TRAPS.judge(Url("http://anna.dreamwidth.org/login"), Role.OTHER).rule == "lj.tools"
    assert rule("/manage/") is None


@pytest.mark.parametrize("role", [Role.OTHER, Role.LISTING, Role.POST, Role.COMMENT_PAGE])
@pytest.mark.parametrize("path", NEEDED)
def test_what_a_blog_needs_is_never_refused(path: str, role: Role) -> None:
    assert rule(path, role) is None


def test_every_rule_has_an_example() -> None:
    learned = {
        "trap.redirects",
        "trap.redirect-loop",
        "trap.barren-chain",
        "trap.barren-pattern",
        "trap.duplicate-view",
    }
    assert CAUGHT.keys() | learned == rule_names()


def test_rule_names_are_unique() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)


@pytest.mark.parametrize(
    ("path", "plain"),
    [
        ("/2009/01/x/?replytocom=12", "/2009/01/x/"),
        ("/?p=3&replytocom=12", "/?p=3"),
        ("/2009/01/x.html?showComment=1232300000000&a=b", "/2009/01/x.html?a=b"),
        ("/x.html?showComment%3D1232300000000", "/x.html"),
        ("/blog/x.html?no_prefetch=1", "/blog/x.html"),
        ("/x?utm_source=feed&utm_medium=rss&id=4", "/x?id=4"),
        ("/x?PHPSESSID=0123456789abcdef0123456789abcdef&id=4", "/x?id=4"),
        ("/x?id=4&PHPSESSID=0123456789abcdef0123456789abcdef", "/x?id=4"),
        ("/s/0123456789abcdef0123456789abcdef/2009/01/x/", "/2009/01/x/"),
        ("/x;jsessionid=1A530637289A03B07199A44E8D531427?a=1", "/x?a=1"),
    ],
)
def test_a_rule_about_a_parameter_offers_the_url_without_it(path: str, plain: str) -> None:
    assert TRAPS.judge(Url(A + path), Role.OTHER).instead == A + plain


def test_a_rule_about_a_place_offers_nothing_instead() -> None:
    assert TRAPS.judge(Url(f"{A}/wp-admin/"), Role.OTHER).instead is None
    assert TRAPS.judge(Url(f"{A}/2031/04/"), Role.LISTING).instead is None


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("/cgi-bin/mt-comments.cgi?entry_id=12", Role.COMMENT_PAGE),
        ("/cgi-bin/mt-comments.cgi?__mode=comment_listing&entry_id=1&offset=50", Role.API),
        ("/mt/mt-view.cgi/1/entry/12", Role.POST),
        ("/2031/04/", Role.POST),
        ("/?tempskin=_rss2&disp=comments&p=3", Role.FEED),
        ("/feeds/posts/default?orderby=published", Role.FEED),
        ("/style.css?m=1", Role.REQUISITE),
        ("/print/12/style.css?print=1", Role.REQUISITE),
        ("/avatar/0123456789abcdef0123456789abcdef/x.png", Role.REQUISITE),
    ],
)
def test_a_role_that_needs_a_form_may_have_it(path: str, role: Role) -> None:
    assert rule(path, role) is None


def test_broken_templates_are_no_requisites_either() -> None:
    assert rule("/images/{{src}}", Role.REQUISITE) == "any.template-literal"
    assert rule("/a/b/a/b/a/b/x.png", Role.REQUISITE) == "trap.path-loop"


def test_a_rule_can_be_switched_off_by_its_name() -> None:
    without = Traps(today=date(2024, 6, 15), disabled=frozenset({"wp.share", "trap.path-loop"}))
    assert rule("/x/?share=facebook", traps=without) is None
    assert rule("/z/z/z/", traps=without) is None
    assert rule("/x/?replytocom=1", traps=without) == "wp.replytocom"
    assert without.version != TRAPS.version


def test_an_unknown_rule_cannot_be_switched_off() -> None:
    with pytest.raises(ConfigError, match=r"no such rule: wp\.shares"):
        Traps(today=date(2024, 6, 15), disabled=frozenset({"wp.shares"}))


def test_months_up_to_the_next_one_are_no_future() -> None:
    assert rule("/2024/07/", Role.LISTING) is None
    assert rule("/2024/08/", Role.LISTING) == "trap.calendar-range"
    december = Traps(today=date(2024, 12, 31))
    assert rule("/2025/01/", Role.LISTING, december) is None


def test_too_many_redirects_in_a_row_end() -> None:
    assert TRAPS.judge(Url(f"{A}/x"), Role.OTHER, "L" + "R" * 10).rule is None
    assert TRAPS.judge(Url(f"{A}/x"), Role.OTHER, "L" + "R" * 11).rule == "trap.redirects"
    assert TRAPS.judge(Url(f"{A}/x"), Role.OTHER, "R" * 11 + "L").rule is None


@pytest.mark.parametrize(
    ("path", "month"),
    [
        ("/2009/05/", (2009, 5)),
        ("/calendar/2009/5/12/", (2009, 5)),
        ("/2009_05_01_archive.html", (2009, 5)),
        ("/2009-05.html", (2009, 5)),
        ("/?m=200905", (2009, 5)),
        ("/?date=2009-05-12", (2009, 5)),
        ("/?day=20090512&x=1", (2009, 5)),
        ("/cal.php?year=2009&month=5", (2009, 5)),
        ("/cal.php?y=2009", (2009, 1)),
        ("/2009/05/12/a-day-out/", None),
        ("/?m=209913", None),
        ("/?p=200905", None),
        ("/archives/000319.html", None),
    ],
)
def test_the_month_of_an_archive_is_read_from_its_url(
    path: str, month: tuple[int, int] | None
) -> None:
    assert calendar_month(A + path) == month


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/tag/tea/", ("tea",)),
        ("/tag/tea+milk/", ("tea", "milk")),
        ("/tag/tea/milk/page/2/", ("tea", "milk")),
        ("/tags/tea,milk", ("tea", "milk")),
        ("/tag/tea/feed/", ("tea",)),
        ("/category/food/tea/", ("food/tea",)),
        ("/?tag=tea%2Bmilk", ("tea", "milk")),
        ("/2009/05/tea/", ()),
    ],
)
def test_the_tags_of_a_listing_are_read_from_its_url(path: str, names: tuple[str, ...]) -> None:
    assert tag_names(A + path) == names
