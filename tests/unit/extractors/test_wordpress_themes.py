"""Markup of WordPress themes: where hand-made templates put names, dates and texts.

The shapes were seen in public themes of 2005-2020; names and words are invented.  In a comment
{A} stands for core's author link (or a bare name), {D} and {T} for day and time, {X} for core's
paragraphs, {R} for its reply link, {N} for the number.
"""

from __future__ import annotations

import pytest

from archiver.extractors.wordpress import WordPress
from tests.unit.extractors.reading import page, read, seen_comment, seen_post

EXTRACTOR = WordPress()

COMMENT_THEMES = {
    "bones": (
        '<li class="comment even depth-1"><article id="comment-{N}" class="clearfix">'
        '<header class="comment-author vcard"><img class="load-gravatar avatar" src="x"/>'
        '<cite class="fn">{A}</cite> <time datetime="2011-03-05">'
        '<a href="http://b/x/#comment-{N}">{D}</a></time></header>'
        '<section class="comment_content clearfix">{X}</section>{R}</article></li>'
    ),
    "starkers": (
        '<li><article id="comment-{N}"><img class="avatar"><h4>{A}</h4><time>'
        '<a href="#comment-{N}" pubdate>{D} at {T}</a></time>{X}</article></li>'
    ),
    "a time of seconds and a second box of the same number": (
        '<li class="comment" id="comment-{N}"><article><footer><img class="avatar"><cite>'
        '{A}</cite><a class="comment-link" href="#comment-{N}">'
        '<time pubdate="1299339840">{D} at {T}</time></a></footer>'
        '<div class="comment-content">{X}</div>'
        '<div class="comment-meta" id="comment-{N}">{R}</div></article></li>'
    ),
    "date after the text": (
        '<li class="comment even depth-1" id="li-comment-{N}">'
        '<div id="comment-{N}" class="comment"><div class="img-thumbnail">'
        '<img class="avatar"></div><div class="comment-block"><div class="comment-arrow">'
        '</div><span class="comment-by"><strong>{A}</strong><span class="right"><span> '
        '<a href="#"><i class="fa fa-reply"></i> {R}</a></span></span></span>{X}'
        '<span class="date">{D} at {T}</span></div></div></li>'
    ),
    "Genesis, schema.org": (
        '<li class="comment even depth-1" id="comment-{N}">'
        '<article id="article-comment-{N}" itemprop="comment">'
        '<header class="comment-header">'
        '<p class="comment-author" itemprop="author" itemscope><img class="avatar">'
        '<span itemprop="name">{A}</span> <span class="says">says</span></p>'
        '<p class="comment-meta">'
        '<time class="comment-time" datetime="2011-03-05T15:44:00+00:00">'
        '<a class="comment-time-link" href="http://b/x/#comment-{N}">{D} at {T}</a>'
        '</time></p></header><div class="comment-content" itemprop="text">{X}</div>'
        '<div class="comment-reply">{R}</div></article></li>'
    ),
    "Genesis 1": (
        '<li class="comment even depth-1" id="comment-{N}">'
        '<div class="comment-author vcard"><img class="avatar"><cite class="fn">{A}'
        '</cite><span class="says"> says</span></div>'
        '<div class="comment-meta commentmetadata"><a href="#comment-{N}">{D} at {T}</a>'
        '</div><div class="comment-content">{X}</div><div class="reply">{R}</div></li>'
    ),
    "Divi": (
        '<li class="comment even depth-1" id="li-comment-{N}">'
        '<article id="comment-{N}" class="comment-body clearfix">'
        '<div class="comment_avatar"><img class="avatar"></div>'
        '<div class="comment_postinfo"><span class="fn">{A}</span> '
        '<span class="comment_date">on {D} at {T}</span></div><div class="comment_area">'
        '<div class="comment-content clearfix">{X}<div class="reply-container">{R}</div>'
        "</div></div></article></li>"
    ),
    "WooThemes: a number on two boxes and an anchor": (
        '<li class="comment even depth-1" id="comment-{N}"><a name="comment-{N}"></a>'
        '<div class="comment-container"><div class="avatar"><img class="avatar"></div>'
        '<div class="comment-head"><span class="name">{A}</span><span class="date">'
        '{D} at {T}</span><span class="perma"><a href="#comment-{N}" title="Direct link">'
        '#</a></span><span class="edit"></span></div>'
        '<div class="comment-entry" id="comment-{N}">{X}</div><div class="reply">{R}'
        "</div></div></li>"
    ),
    "Classic": (
        '<li id="comment-{N}">{X}<p><cite>Comment by {A} &#8212; {D} @ '
        '<a href="#comment-{N}">{T}</a></cite></p></li>'
    ),
    "name, date and counter in one cite": (
        '<div class="comment-body" id="comment-{N}"><img class="avatar">&nbsp;&nbsp;'
        "<cite>{A}&nbsp;&nbsp;{D}&nbsp;&nbsp;{T}&nbsp;&nbsp;1</cite>{X}<p>&nbsp;{R}</p>"
        "</div>"
    ),
    "bare name beside the date link": (
        '<li class="comment" id="li-comment-{N}"><div id="comment-{N}"><div>'
        '<img class="avatar"></div><div class="reply small">{R}</div>'
        '<div class="comment-text">{A} on <a href="http://b/#comment-{N}">{D} at {T}</a>'
        "{X}</div></div></li>"
    ),
    "bare name in a German line": (
        '<div class="comment text" id="comment-{N}"><hr/><p class="comment-metadata">'
        '{A} am <a href="#comment-{N}">05. 03. 2011</a><br/><img class="avatar"></p>{X}'
        "</div>"
    ),
    "date below the text, counter before the name": (
        '<li id="comment-{N}"><span class="gravatar"><img class="avatar"></span> '
        '<span class="comment-header">'
        '<a href="#comment-{N}" class="counter" title="Permanent Link to this Comment">'
        '{N}</a> {A}</span><div class="comment-content">{X}</div>'
        '<div class="comment-footer"><span class="metacmt">Comment on '
        '<a href="#comment-{N}" title="Permalink to Comment">{D} at {T}</a></span></div>'
        "</li>"
    ),
    "the number stands on the avatar, the comment beside it": (
        '<div id="comment-{N}" class="comment_author"><img src="x"></div>'
        '<div class="comment"><b>{A}</b><span class="meta"> on {D} at 15:44</span>{X}'
        '</div><div class="clear"></div>'
    ),
    "bare name without any box": (
        '<li class="comment" id="li-comment-{N}"><div id="comment-{N}"><div class="row">'
        '<div class="col-sm-1"><div class="comment-gravatar"><img class="avatar"></div>'
        '</div><div class="col-sm-11">{A}'
        '<time class="comment-time" datetime="2011-03-05">{D} at {T}</time>'
        '<div class="comment-entry markup-format">{X}</div></div></div></div></li>'
    ),
    "name under the avatar": (
        '<li id="li-comment-{N}"><article id="comment-{N}" class="commentTemp"><figure>'
        '<img class="avatar"><figcaption>{A}</figcaption></figure>{X}<footer>'
        '<a href="http://b/x/#comment-{N}">{D}</a>{R}</footer></article></li>'
    ),
    "day and clock in two elements": (
        '<div id="comment-{N}"><header><h4><img class="avatar"> <cite>{A}</cite> &mdash; '
        '<a href="#comment-{N}" title="Directlink">'
        '<time datetime="2011-03-05" pubdate="pubdate">{D}</time> at <time>{T}</time></a>'
        "</h4></header><section>{X}</section></div>"
    ),
    "name and date below the text": (
        '<li class="comment" id="comment-{N}">'
        '<div id="div-comment-{N}" class="comment-body"><img class="avatar">'
        '<div class="comment-main">{X}<div class="comment-author">'
        '<div class="comment-info"><span class="comment_author_link">{A}</span>'
        '<span class="comment_time">{D} {T}</span></div></div></div></div></li>'
    ),
    "header as a list": (
        '<li class="comment" id="li-comment-{N}">'
        '<article id="comment-{N}" class="comment"><div class="comment-avatar">'
        '<img class="avatar"></div><div class="comment-content"><ul class="comment-meta">'
        '<li class="comment-reply">{R}</li><li class="comment-author">{A}</li>'
        '<li class="comment-time"><a href="http://b/x/#comment-{N}">{D} &#64; {T}</a>'
        '</li></ul><div class="comment-text">{X}</div></div></article></li>'
    ),
    "Hemingway: short date": (
        '<li id="comment-{N}"><cite><img class="avatar"><span class="author">{A}</span>'
        '<span class="date">03.5.11 / 3pm</span></cite><div class="content">{X}</div>'
        '<div class="clear"></div></li>'
    ),
    "header in small print": (
        '<li class="alt" id="comment-{N}"><p class="commentauthor"><img class="avatar">'
        '<br/><small>{A}<br/> on Mar 5th, 2011<br/> @ <a href="#comment-{N}">{T}</a>'
        ':&nbsp;</small></p>{X}<div class="clr"></div></li>'
    ),
    "text first, cite with everything": (
        '<li id="comment-{N}"><div class="row"><div class="col-sm-1"><img class="avatar">'
        '</div><div class="col-sm-11">{X}<cite>Comment by {A} on {D} at {T}</cite></div>'
        "</div></li>"
    ),
    "ids where others have classes": (
        '<div id="main-comments"><li class="comments" id="comment-{N}">'
        '<div id="comment-meta">{A} on {D}</div><div id="comment-text">{X}</div></li>'
        "</div>"
    ),
    "name and date as headings, class names that mean nothing": (
        '<li id="comment-{N}"><article class="comment commentContent">'
        '<header class="commentData"><h4>{A} on </h4> <h5>{D} at {T} says</h5>'
        '<figure class="commentImg"><img></figure></header><p></p>{X}<p></p></article>'
        "</li>"
    ),
    "Hebrew": (
        '<li class="alt" id="comment-{N}"><cite>מאת {A}:</cite><br/>'
        '<p class="commentmetadata"><a href="#comment-{N}" title="">{D} at {T}</a></p>{X}'
        "</li>"
    ),
    "Sandbox": (
        '<li id="comment-{N}" class="comment c1 c-y2011 c-m03">'
        '<div class="comment-author vcard"><span class="fn n">{A}</span></div>'
        '<div class="comment-meta">Posted {D} at {T} <span class="meta-sep">|</span> '
        '<a href="http://b/x/#comment-{N}" title="Permalink to this comment">Permalink'
        '</a></div>{X}<div class="comment-reply-link">{R}</div></li>'
    ),
    "name beside the list item": (
        '<li class="alt" id="comment-{N}"><div class="quote"><img class="avatar">{X}'
        '</div></li><cite>{A} on <a href="#comment-{N}" title="">{D} at {T}</a></cite>'
    ),
    "name, verb and date in one box": (
        '<li class="comment even depth-1" id="comment-{N}"><div class="comment-head">'
        '<div class="author-comment"><div class="avatar-box"><img class="avatar"></div>'
        '<div class="author"><span class="by"> {A} wrote: </span><br/>{D} | {T}</div>'
        '</div></div><div class="comment-body clearfix" id="comment-body-{N}">'
        '<div class="comment-text">{X}</div><a id="comment-reply-{N}"></a></div></li>'
    ),
}

PERSON = '<a href="http://p.example/" rel="external nofollow" class="url">Paula Name</a>'
SAID = (
    '<p>First paragraph with <strong>bold</strong> and <a href="http://l.example/"'
    ' rel="nofollow">a link</a>.</p>\n<p>Second paragraph.</p>'
)
REPLY = '<a class="comment-reply-link" href="?replytocom={N}#respond">Reply</a>'
THREAD = (
    '<html><head><meta name="generator" content="WordPress 3.5"></head><body class="single">'
    '<div id="post-5" class="post hentry"><h1 class="entry-title">T</h1>'
    '<div class="entry-content"><p>Words of the post.</p></div></div>'
    '<div id="comments"><ol class="commentlist">{rows}</ol></div></body></html>'
)


def _row(theme: str, number: int, author: str) -> str:
    parts = {"{R}": REPLY, "{A}": author, "{X}": SAID, "{N}": str(number)}
    parts |= {"{D}": "March 5, 2011", "{T}": "3:44 pm"}
    for name, value in parts.items():
        theme = theme.replace(name, value)
    return theme


@pytest.mark.parametrize("theme", COMMENT_THEMES.values(), ids=COMMENT_THEMES.keys())
def test_a_theme_gives_its_comments_whole(theme: str) -> None:
    people = {11: PERSON, 12: "Quentin Plain", 13: PERSON}
    rows = "".join(_row(theme, number, author) for number, author in people.items())
    found = read(EXTRACTOR, page(THREAD.format(rows=rows)))
    assert [comment.native_id for comment in found.comments] == ["11", "12", "13"]
    for comment in found.comments:
        seen = seen_comment(comment)
        linked = comment.native_id != "12"
        assert seen["author"] == ("Paula Name" if linked else "Quentin Plain")
        assert seen["author_url"] == ("http://p.example/" if linked else None)
        assert seen["text"] == "First paragraph with bold and a link.\n\nSecond paragraph."
        assert seen["published_local"][:10] in ("2011-03-05", "2011-05-03")
        if "{T}" in theme:
            assert seen["published_local"][11:16] == "15:44"
    assert seen_post(found.posts[0])["text"] == "Words of the post."


POST_THEMES = {
    "ids where others have classes": (
        '<div id="main"><div id="content"><div id="posts"><div id="post-title">'
        '<a href="/2010/03/p/">{T}</a></div><div id="posts-date">Posted on {D}</div>'
        '<div id="posts-text">{X}</div></div></div></div>'
    ),
    "Kubrick in rounded corners": (
        '<div id="contentwrap"><div id="content"><div class="contentbody bg2">'
        '<div class="inner"><div class="post" id="post-77"><h2>'
        '<a href="/2010/03/p/" rel="bookmark">{T}</a></h2><small>{D} by {A} in {CAT}'
        '</small><div class="entry">{X}</div><p class="postmetadata">Posted in {CAT} | '
        '<a href="#comments">2 Comments</a><br/>Tags: {TAG}</p></div></div></div></div>'
        "</div>"
    ),
    "two articles, text beside its header": (
        '<article><h2><a href="/2010/03/p/">{T}</a></h2><div class="metadata">{A}, {D}'
        '</div>{X}<div class="metadata">Tags: {TAG}</div></article><article><h2>Comments:'
        "</h2></article>"
    ),
    "title in a paragraph": (
        '<div class="newsContent"><div class="post" id="post-77"><p class="newsTitle">'
        '<a href="/2010/03/p/" rel="bookmark">{T}</a><small>{D} by {A}</small></p><p></p>'
        "{X}<p></p></div></div>"
    ),
    "number on the heading, text in another box": (
        '<header><h2 id="post-77" class="x-large"><a href="/2010/03/p/" rel="bookmark">'
        '{T}</a></h2><span class="x-small">'
        '<time itemprop="datePublished" content="2010-03-05">{D}</time> by {AL}</span>'
        '</header><div class="col">{X}</div>'
    ),
    "title in a banner above": (
        '<div class="page-banner"><h1 class="page-banner__title">{T}</h1></div>'
        '<div class="container page-section"><div class="metabox"><p><a href="/blog">'
        'Blog Home</a> <span class="metabox__main">Posted by {AL} on 5/3/10 in {CAT}'
        '</span></p></div><div class="generic-content">{X}</div></div>'
    ),
    "title and byline in a header outside": (
        '<header class="blog-header"><div class="blog-header__info">'
        '<h1 class="heading-1">{T}</h1><p class="sub">Posted by {AL} on {D} in {CAT}</p>'
        '</div></header><main class="single-post"><div class="single-post__container">'
        '<article class="single-post__text text-default">{X}</article></div></main>'
    ),
    "thumbnail link before the title": (
        '<div class="post clearfix"><a href="/2010/03/p/" rel="bookmark">'
        '<img src="i.jpg"></a><div class="inside"><h1>'
        '<a href="/2010/03/p/" rel="bookmark">{T}</a></h1><div class="meta clearfix">'
        'Posted by {AL} on {D} in {CAT} | <a href="/2010/03/p/#comments">2 Comments</a>'
        "</div>{X}</div></div>"
    ),
    "text between two lines": (
        '<div class="post" id="post-77"><h2><a href="/2010/03/p/" rel="bookmark">{T}</a>'
        '</h2><p class="the_time">{D}</p>{X}<p class="the_category">'
        'Categories: {CAT} | Tags: {TAG} | <a href="/2010/03/p/#comments">2 Comments</a>'
        "</p></div>"
    ),
    "storycontent": (
        '<div class="post"><h2 id="post-77" class="h1">'
        '<a href="/2010/03/p/" rel="bookmark">{T}</a></h2><div class="info">'
        '<span class="date">{D}</span><div class="act"><span class="comments">'
        '<a href="/2010/03/p/#comments">Comments (2)</a></span></div></div>'
        '<div class="storycontent">{X}</div><div class="feedback"></div></div>'
    ),
    "byline in nested corners": (
        '<div id="middle"><div id="container"><div id="content"><div class="post">'
        '<div class="title"><h1><a href="/2010/03/p/">{T}</a></h1></div>'
        '<div class="ptb_lt"><div class="ptb_lb">Posted by: {A} in {CAT} on {D}</div>'
        '</div>{X}<div class="clear"></div><div class="permalink"><p class="pleft">'
        '<span class="tags">Tags: {TAG}</span></p><p class="pright">'
        '<span class="comments"><a href="#comments">Comments (2)</a></span></p></div>'
        "</div></div></div></div>"
    ),
    "date inside the heading": (
        '<section id="list-posts"><article><header class="page-header"><h1>'
        '<a href="/2010/03/p/" class="booty">{T}</a> <small>{D}</small></h1></header>'
        '<div>{X}</div><footer><a class="label" href="/2010/03/p/#comments">2 responses'
        "</a></footer></article></section>"
    ),
    "labels beside their values": (
        '<div class="wrap"><h1 class="heading">{T}</h1><div class="main_data">'
        '<ul class="group_author"><li><img><p><i>Written By</i> <span class="anchorlink">'
        "{A}</span></p></li><li><p><i>Published on</i> <span>{D}</span></p></li></ul>"
        '</div><div class="post-content">{X}</div><div class="media-box">'
        '<p class="p_user_heading">About The Author</p><div>Paula writes.</div></div>'
        "</div>"
    ),
    "class author on a category": (
        '<div id="post"><h1>{T}</h1><div class="post-details">'
        '<div class="post-details-left">Posted on <strong>{D}</strong> by '
        '<span class="author">{A}</span> under <span class="author">{CAT}</span></div>'
        '</div>{X}<div class="dots"></div></div>'
    ),
    "Japanese list of facts": (
        '<div id="postHeader"><h2 id="title">{T}</h2><ul id="postInfo"><li>更新日:<span>'
        "2010年3月5日</span></li><li>作者:<span>{AL}</span></li></ul></div>"
        '<div id="postContent">{X}</div>'
    ),
    "layout table": (
        '<table><tr><td class="main"><div class="post"><h2 class="title">'
        '<a href="/2010/03/p/" rel="bookmark">{T}</a></h2><div class="byline">'
        'By {A} on {D}</div><div class="text">{X}</div></div></td><td class="side"></td>'
        "</tr></table>"
    ),
    "author in a remark below the text": (
        '<div id="leftcolumn"><div class="post" id="post-77"><h2 class="title">'
        '<a href="/2010/03/p/" rel="bookmark">{T}</a></h2><div class="entry">{X}</div>'
        '<div class="postdata">Posted in {CAT} at {D}. <!-- by {A} --> '
        '<a href="#comments">2 Comments</a>.</div></div></div>'
    ),
    "hAtom": (
        '<div id="page"><div class="hentry" id="article"><h2 class="entry-title">{T}</h2>'
        '<p class="byline">by <span class="author vcard"><span class="fn">{A}</span>'
        '</span> | <abbr class="published" title="2010-03-05T10:00:00">{D}</abbr></p>'
        '<div class="entry-content">{X}</div><p class="entry-meta">Filed: {CAT}</p></div>'
        "</div>"
    ),
}
WORDS = {
    "{T}": "The Long Title",
    "{A}": "Paula Name",
    "{AL}": '<a href="/author/paula/" title="Posts by Paula Name">Paula Name</a>',
    "{D}": "March 5, 2010",
    "{CAT}": '<a href="/category/cats/" rel="category tag">Cats</a>',
    "{TAG}": '<a href="/tag/dogs/" rel="tag">dogs</a>',
    "{X}": (
        '<p>First words of the post.</p>\n<p>A link <a href="/l/">in it</a>.</p>\n'
        "<h3>Sub heading</h3>\n<ul><li>one</li></ul>\n<p>Last words.</p>"
    ),
}
AROUND = (
    "<html><head><title>The Long Title &laquo; My Blog</title>"
    '<meta name="generator" content="WordPress 2.9"></head><body>'
    '<div id="header"><h1><a href="/">My Blog</a></h1><p>A tagline</p></div>{post}'
    '<div id="comments"><h3>2 Comments</h3><ol class="commentlist"><li id="comment-1">'
    '<cite>Zed</cite> Says: <small><a href="#comment-1">March 9, 2010 at 1:00 pm</a></small>'
    "<p>A comment with more words than the post, more than anything else on this page has.</p>"
    '</li></ol><div id="respond"><h3>Leave a Reply</h3><form action="/wp-comments-post.php">'
    '<input type="hidden" name="comment_post_ID" value="77"></form></div></div>'
    '<div id="sidebar"><ul><li class="widget"><h2>Recent Posts</h2><p>A long paragraph about'
    " the person who writes here, longer than the post itself by a good many words.</p></li>"
    '</ul></div><div id="footer"><p>Powered by WordPress</p></div></body></html>'
)


@pytest.mark.parametrize("theme", POST_THEMES.values(), ids=POST_THEMES.keys())
def test_a_theme_gives_its_post_whole(theme: str) -> None:
    body = theme
    for name, value in WORDS.items():
        body = body.replace(name, value)
    found = read(EXTRACTOR, page(AROUND.format(post=body), "http://b.example/2010/03/p/"))
    assert len(found.posts) == 1
    seen = seen_post(found.posts[0])
    assert (seen["native_id"], seen["title"]) == ("77", "The Long Title")
    assert seen["author"] == ("Paula Name" if "Paula Name" in body else None)
    assert seen["published_local"][:10] in ("2010-03-05", "2010-05-03")
    assert seen["text"].startswith("First words of the post.")
    assert seen["text"].endswith("Last words.")
    assert seen["categories"] == (["Cats"] if "{CAT}" in theme else [])
    assert seen["tags"] == (["dogs"] if "{TAG}" in theme else [])
    assert seen["comment_count_declared"] == 2
