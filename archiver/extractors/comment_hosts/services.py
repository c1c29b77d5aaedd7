"""Which comment services a page uses, by their scripts and containers."""

from __future__ import annotations

from archiver.page import Page

# Any one of a service's signs is enough; lower case.  A bare mention in a text is no sign, so
# each is a script's address, a container's id or a variable that only the service has.
_SIGNS: dict[str, tuple[bytes, ...]] = {
    "disqus": (b"disqus_thread", b".disqus.com/embed.js", b"disqus_shortname", b"dsq-content"),
    "intensedebate": (b"intensedebate.com/js/", b"idcommentshead", b"idc-container"),
    "haloscan": (b"haloscan.com/load/", b"javascript:haloscan("),
    "js-kit": (b"js-kit.com/comments", b"js-kit-comments", b"js-kit.com/for/"),
    "echo": (b"echoenabled.com", b"js-kit.com/api/static/pop_comments"),
    "livefyre": (b"livefyre.js", b"livefyre_init", b"livefyre-comments", b"zor.livefyre.com"),
    "facebook": (b"<fb:comments", b'fb-comments"', b"fb-comments'"),
    "isso": (b"data-isso=", b"isso-thread"),
    "commento": (b"commento.io/js", b'id="commento"', b"/js/commento.js"),
    "utterances": (b"utteranc.es/client.js", b"utterances-frame"),
    "giscus": (b"giscus.app/client.js", b"giscus-frame"),
    "google-plus": (b"cmt_iframe_holder", b'g-comments"'),
    "webmention": (b'rel="webmention"', b"rel='webmention'", b"rel=webmention"),
}
# Part of every sign, and on most pages none of them occurs.
_ROOTS = (
    *(b"isqus", b"dsq-", b"debate", b"idc", b"haloscan", b"js-kit", b"echoenabled", b"livefyre"),
    *(b"fb:", b"fb-c", b"isso", b"commento", b"utteranc", b"giscus", b"cmt_if", b"g-comments"),
    b"webmention",
)


def named(page: Page) -> tuple[str, ...]:
    """Names of the services that the page calls, in a fixed order."""
    if not page.is_html:
        return ()
    body = page.lowered
    if not any(root in body for root in _ROOTS):
        return ()
    return tuple(name for name, signs in _SIGNS.items() if any(sign in body for sign in signs))
