"""The never-follow list as data: URL forms that platforms write and that hold nothing new.

Each rule has a stable name, which is what a refused URL shows in the ledger. Raise `VERSION`
when a rule changes its meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from archiver.model import Role

VERSION = 1

# What a blog's own pages link to. Requisites may look like anything, and what an extractor asks
# of an API it asks on purpose.
PAGES = frozenset(Role) - {Role.REQUISITE, Role.API}


@dataclass(frozen=True, slots=True, kw_only=True)
class TrapRule:
    """A pattern searched in the whole URL, case-insensitive, for some roles.

    One of `marks` (lower case) stands in every URL that matches; most URLs hold none of any rule,
    which is cheap to see. `strip` names query parameters without which the URL is worth fetching.
    """

    name: str
    marks: tuple[str, ...]
    pattern: str
    roles: frozenset[Role] = PAGES
    strip: tuple[str, ...] = ()


_LJ = r"^https?://(?:[\w-]+\.)*(?:livejournal\.com|dreamwidth\.org|insanejournal\.com|deadjournal\.com|journalfen\.net|lj\.rossia\.org)"
_BLOGGER_DOINGS = (
    r"blogger\.com/(?:navbar|post-edit|delete-comment|comment-iframe|share-post|email-post"
    r"|blog-this|delete-backlink|rearrange|blog_this|comment|blogin|post-create)\."
)
_TRACKERS = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", "fbclid")

# Source: the never-follow lists of ArchiveTeam's grab-site, ArchiveBot, typepad-grab and
# blogger-grab, and mirrors of real blogs.
RULES: tuple[TrapRule, ...] = (
    TrapRule(
        name="wp.replytocom",
        marks=("replyto",),
        pattern=r"[?&]replyto(?:com)?=\d",
        strip=("replytocom", "replyto"),
    ),
    TrapRule(
        name="wp.comment-action",
        marks=("like_comment=", "unapproved=", "moderation-hash="),
        pattern=r"[?&](?:like_comment|unapproved|moderation-hash)=",
        strip=("like_comment", "unapproved", "moderation-hash", "_wpnonce"),
    ),
    TrapRule(name="wp.share", marks=("share=",), pattern=r"[?&]share=[a-z]", strip=("share", "nb")),
    TrapRule(name="wp.quote-comment", marks=("/quote-comment-",), pattern=r"/quote-comment-\d+/"),
    TrapRule(name="wp.jetpack-comment", marks=("/jetpack-comment/",), pattern=r"/jetpack-comment/"),
    TrapRule(
        name="wp.admin",
        marks=("/wp-",),
        pattern=r"/wp-(?:admin(?:/|$)|login\.php|signup\.php|cron\.php)",
    ),
    TrapRule(
        name="wp.remote-login",
        marks=("/remote-login",),
        pattern=r"r-login\.wordpress\.com/remote-login",
    ),
    # A post of 2005-01-12 may have the slug "trackback"; then the day stands before it.
    TrapRule(
        name="wp.trackback",
        marks=("trackback",),
        pattern=r"wp-trackback\.php|/(?:archives?/\d+|[^/?]*[^/?\d][^/?]*)/trackback(?:\.html?|/)?(?:\?|$)",
    ),
    TrapRule(
        name="mt.cgi",
        marks=("/mt-",),
        pattern=r"/mt-(?:tb|search|cp|send-entry|atom|xmlrpc|add-notify|export)\.(?:f?cgi|pl)\b",
    ),
    # Popup comments of Movable Type 2 stand only there: an extractor that needs them asks.
    TrapRule(
        name="mt.comments-cgi",
        marks=("/mt-comments",),
        pattern=r"/mt-comments\.(?:f?cgi|pl)\b",
        roles=PAGES - {Role.COMMENT_PAGE},
    ),
    # Dynamic publishing makes mt-view.cgi the permalink itself.
    TrapRule(
        name="mt.view-cgi",
        marks=("/mt-view",),
        pattern=r"/mt-view\.(?:f?cgi|pl)\b",
        roles=PAGES - {Role.POST},
    ),
    TrapRule(
        name="blogger.show-comment",
        marks=("showcomment",),
        pattern=r"[?&]showComment(?:=|%5C|%3D)",
        strip=("showComment",),
    ),
    TrapRule(name="blogger.action", marks=("blogger.com/",), pattern=_BLOGGER_DOINGS),
    TrapRule(
        name="blogger.reverse-paginate",
        marks=("reverse-paginate",),
        pattern=r"[?&]reverse-paginate=true",
    ),
    # The one chain of pages is /search?updated-max=…&max-results=…; labels and other windows
    # show the same posts again.
    TrapRule(
        name="blogger.search-window",
        marks=("/search",),
        pattern=r"/search\?(?:.*&)?updated-min=|/search/label/[^?]+\?.*(?:updated-(?:min|max)|start)=",
        roles=PAGES - {Role.FEED},
    ),
    TrapRule(
        name="blogger.archive-toggle",
        marks=("widgettype=", "toggle"),
        pattern=r"widgetType=BlogArchive|[?&]toggle(?:open)?=(?:WEEKLY|MONTHLY|YEARLY)-",
    ),
    TrapRule(name="blogger.csi", marks=("/csi",), pattern=r"/CSI/?$"),
    TrapRule(
        name="blogger.mobile", marks=("m=0", "m=1"), pattern=r"[?&]m=[01](?:&|$)", strip=("m",)
    ),
    TrapRule(name="blogger.stats", marks=("/b/stats?",), pattern=r"/b/stats\?"),
    TrapRule(name="lj.reply", marks=("mode=reply",), pattern=r"[?&]mode=reply\b"),
    TrapRule(
        name="lj.tools",
        marks=("journal", "dreamwidth", "rossia"),
        pattern=_LJ
        + r"/(?:tools/(?:memadd|tellafriend|content_flag)|update|login|inbox/compose|manage/"
        r"|identity/login|shop(?:/|$)|account|support/|talkpost|delcomment)",
    ),
    TrapRule(name="lj.day-step", marks=("?get=",), pattern=r"/\d{4}/\d\d/\d\d/\?get=(?:prev|next)"),
    TrapRule(
        name="tumblr.action",
        marks=("/reblog/", "/notes/", "/share/tumblr", "route=", "/post/"),
        pattern=r"/reblog/\d+|/notes/\d{8,}/|/share/tumblr|[?&]route=(?:/|%2F)"
        r"|/post/\d+/[^/]+/(?:amp|embed)/?$",
    ),
    TrapRule(
        name="typepad.login",
        marks=("/sitelog", "/.services/", "/svc=blogs/"),
        pattern=r"/sitelogin\b|/sitelogout\b|/\.services/(?:site(?:login|logout)"
        r"|connect/profile_module)|/svc=blogs/",
    ),
    TrapRule(
        name="typepad.no-prefetch",
        marks=("no_prefetch=",),
        pattern=r"[?&]no_prefetch=1",
        strip=("no_prefetch",),
    ),
    TrapRule(
        name="typepad.comment-link",
        marks=("cid=",),
        pattern=r"[?&]cid=(?:\d{5,}|6a[0-9a-f]{16,})",
        strip=("cid",),
    ),
    TrapRule(
        name="drupal.action",
        marks=(
            "/comment/reply/",
            "/user/",
            "/filter/tips",
            "/node/add",
            "q=",
            "/print",
            "/forward?",
        ),
        pattern=r"/comment/reply/|/user/(?:login|register|password)\b|/filter/tips\b|/node/add\b"
        r"|[?&]q=(?:comment/reply|user(?:/|&|$)|node/add|search|admin)|/print(?:mail|pdf)?/\d+/?(?:\?|$)"
        r"|/(?:forward|printmail)\?",
    ),
    TrapRule(
        name="s9y.view",
        marks=("serendipity", "plugin/"),
        pattern=r"serendipity(?:%5B|\[)(?:cview|delete)(?:%5D|\])|serendipity_admin"
        r"|[/?]plugin/(?:tag|freetag|history|contactform|guestbook|linkspage|captcha)",
    ),
    TrapRule(
        name="textpattern.view",
        marks=("parentid=", "commented="),
        pattern=r"[?&](?:parentid|commented)=",
        strip=("parentid", "commented"),
    ),
    TrapRule(
        name="b2evo.view",
        marks=("/htsrv/", "disp="),
        pattern=r"/htsrv/|[?&]disp=(?:comments|search|arcdir|catdir|msgform|subs|login|register)\b",
        roles=PAGES - {Role.FEED, Role.COMMENT_PAGE},
    ),
    TrapRule(name="ee.action", marks=("act=",), pattern=r"index\.php\?(?:.*&)?ACT=\d"),
    TrapRule(
        name="nucleus.action",
        marks=("/action.php?", "imagepopup="),
        pattern=r"/action\.php\?|[?&]imagepopup=",
    ),
    TrapRule(
        name="squarespace.print",
        marks=("printerfriendly=",),
        pattern=r"[?&]printerFriendly=true",
        strip=("printerFriendly",),
    ),
    TrapRule(
        name="any.redirect-to",
        marks=("redirect_to=", "returnto=", "return_url="),
        pattern=r"[?&](?:redirect_to|returnto|return_url)=",
    ),
    TrapRule(
        name="any.tracker",
        marks=("utm_", "fbclid="),
        pattern=r"[?&](?:utm_(?:source|medium|campaign|content|term)|fbclid)=",
        strip=_TRACKERS,
    ),
    TrapRule(
        name="any.print",
        marks=("print",),
        pattern=r"[?&](?:print|printable|print_?(?:view|version)|printer)=(?:1|y|yes|true|print)(?:&|$)",
        strip=("print", "printable", "printview", "print_view", "printversion", "printer"),
    ),
    TrapRule(
        name="any.sort",
        marks=("sort", "order"),
        pattern=r"[?&](?:sort|sortby|sort_by|order|orderby|order_by|sortdir)=",
        roles=PAGES - {Role.FEED, Role.COMMENT_PAGE},
        strip=("sort", "sortby", "sort_by", "order", "orderby", "order_by", "sortdir"),
    ),
    TrapRule(
        name="any.account",
        marks=("=log", "=register", "=signup", "=edit", "=lostpassword"),
        pattern=r"[?&](?:action|do|mode|op)=(?:log(?:in|out)|register|signup|edit|lostpassword)\b",
    ),
    # A relative link to a service, written without its scheme.
    TrapRule(
        name="any.host-in-path",
        marks=("disqus.com/",),
        pattern=r"^https?://[^?]+/(?:[\w-]+\.)?disqus\.com/",
    ),
    # Scripts and templates that were read as links.
    TrapRule(
        name="any.template-literal",
        marks=("'", "%27", "%url%", "/page/%d", "{{", "%7b", "${", "<%", "%3c%25"),
        pattern=r"(?:'|%27)(?:\s|%20)*(?:\+|%2B)|%url%|/page/%d|\{\{|%7B%7B|\$(?:\{|%7B)|<%|%3C%25",
        roles=frozenset(Role),
    ),
    TrapRule(
        name="any.percent-loop", marks=("%252525",), pattern=r"%(?:25){3,}", roles=frozenset(Role)
    ),
)


def names() -> Mapping[str, TrapRule]:
    """The rules by name."""
    return {rule.name: rule for rule in RULES}
