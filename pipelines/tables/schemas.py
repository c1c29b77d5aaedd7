"""The tables, column by column: the one place from which files, docs and views are made.

Changes only add: a new column raises `SCHEMA_VERSION`'s minor, and `migration` rewrites the
derived tables from the crawls.
"""

from __future__ import annotations

from archiver.model import CommentKind, ParentGround, Visibility
from pipelines.tables.columns import (
    BLOG_ID,
    BOOL,
    FLOAT64,
    HISTORY,
    INSTANT,
    INT16,
    INT32,
    INT64,
    PROVENANCE,
    READING,
    TEXT,
    TEXTS,
    Column,
    Table,
    dates,
    required,
)
from pipelines.tables.facts import CAPTURES, COVERAGE, CRAWLS, ISSUES

SCHEMA_VERSION = "1.0"

_AUTHOR = (
    Column("author_name", TEXT, "Name as shown, trimmed; null for states such as Anonymous."),
    Column("author_name_raw", TEXT, "Exactly what stood in the place of the name."),
    Column("author_state", TEXT, "What stood there instead of a name: anonymous, member …"),
    Column("author_url", TEXT, "Address that the name links to."),
    Column("author_id", TEXT, "Profile id on the platform."),
)
_BODY = (
    Column("body_text", TEXT, "Plain text."),
    Column("body_html", TEXT, "Sanitised fragment; links and images kept, made absolute."),
)

BLOGS = Table(
    name="blogs",
    row="one blog",
    description="What is known of each blog.",
    key=("blog_id",),
    order=("blog_id",),
    columns=(
        BLOG_ID,
        Column("collection", TEXT, "Collection that the operator put the blog in."),
        Column("title", TEXT, "Name of the blog."),
        Column("tagline", TEXT, "Subtitle or description."),
        required("home_url", TEXT, "Address of the home page."),
        Column("host", TEXT, "Host of the home page."),
        Column("registered_domain", TEXT, "Domain under a public suffix."),
        Column("platform", TEXT, "typepad, blogger, wordpress, movabletype …"),
        Column("generator_raw", TEXT, "What the pages state as their generator."),
        Column("template", TEXT, "Template or theme that the extractor recognised."),
        Column("language", TEXT, "BCP 47 tag."),
        Column("timezone", TEXT, "IANA name or ±hh:mm."),
        Column("timezone_source", TEXT, "What the zone rests on."),
        Column("authors", TEXTS, "Names of people who wrote posts."),
        Column("feed_urls", TEXTS, "Feeds that the pages announce."),
        Column("external_comments", TEXTS, "Services that hold comments elsewhere."),
        Column("first_post_at", INSTANT, "Instant of the earliest post."),
        Column("last_post_at", INSTANT, "Instant of the latest post."),
        Column("post_count", INT64, "Posts in the posts table, gone ones included."),
        Column("comment_count", INT64, "Comments in the comments table, gone ones included."),
        Column("coverage_ratio", FLOAT64, "Found of what the blog declares.", "0-1"),
        Column(
            "site_state",
            TEXT,
            "How the site answered.",
            values=("alive", "redirected", "gone", "parked", "blocked"),
        ),
        Column("license_url", TEXT, "Licence that the blog states."),
        Column("rights_note", TEXT, "Operator's note on rights."),
        Column("tags", TEXTS, "Operator's labels."),
        Column("last_crawl_state", TEXT, "State of the latest crawl."),
        Column("schema_version", TEXT, "Version of these tables."),
        *HISTORY,
    ),
)

POSTS = Table(
    name="posts",
    row="one post",
    description="Every post, with its text.",
    key=("post_id",),
    order=("published_at", "post_id"),
    group_rows=16_384,
    digests=("content_hash",),
    columns=(
        BLOG_ID,
        required("post_id", TEXT, "<blog_id>:<native id, or hash of the permalink>."),
        Column("native_id", TEXT, "Id on the platform."),
        required("url", TEXT, "Permalink."),
        Column("canonical_url", TEXT, "What the page states as canonical."),
        Column("url_surtkey", TEXT, "Sort-friendly URI key of the permalink."),
        Column("title", TEXT, "Title, plain text."),
        Column("title_html", TEXT, "Title with its markup."),
        *_AUTHOR,
        Column("co_author_names", TEXTS, "Further authors."),
        *dates("published", "the post was published"),
        *dates("updated", "the post was changed"),
        *_BODY,
        Column("excerpt", TEXT, "Summary that the blog shows."),
        Column("language", TEXT, "BCP 47 tag."),
        Column("word_count", INT32, "Words in body_text; null without a body."),
        Column("char_count", INT32, "Characters in body_text; null without a body."),
        Column("categories", TEXTS, "Categories."),
        Column("tags", TEXTS, "Tags."),
        Column("comment_count_declared", INT32, "Comments that the blog states."),
        Column("count_includes_pings", BOOL, "Whether that number includes pings."),
        Column("comment_count_extracted", INT32, "Comments and pings that were found."),
        Column("comments_closed", BOOL, "Whether commenting is closed."),
        Column("trackback_count_declared", INT32, "Trackbacks that the blog states."),
        Column("link_count", INT32, "Links in the body."),
        Column("image_count", INT32, "Images in the body."),
        Column("prev_post_url", TEXT, "Older neighbour."),
        Column("next_post_url", TEXT, "Newer neighbour."),
        Column("page_count", INT16, "Pages that the post is split into."),
        Column("is_truncated", BOOL, "Only an excerpt could be captured."),
        Column("is_protected", BOOL, "A password form stood in place of the body."),
        Column("post_kind", TEXT, "Kind.", values=("entry", "page", "link", "photo", "quote")),
        Column("enclosure_urls", TEXTS, "Attached files (podcasts)."),
        *HISTORY,
        *PROVENANCE,
        *READING,
    ),
)

COMMENTS = Table(
    name="comments",
    row="one comment, trackback or pingback",
    description="Every comment and ping, with its place in the thread.",
    key=("comment_id",),
    order=("post_id", "position", "comment_id"),
    digests=("content_hash",),
    columns=(
        BLOG_ID,
        required("comment_id", TEXT, "<post_id>:c-<native id, or hash of what it says>."),
        Column("native_id", TEXT, "Id on the platform."),
        Column("other_ids", TEXTS, "Further ids that the documents use."),
        required("post_id", TEXT, "The post; joins posts."),
        Column("parent_comment_id", TEXT, "Comment that it answers; null at the top."),
        Column("parent_native_id", TEXT, "Parent's id as stated, also where it is not held."),
        Column("parent_ground", TEXT, "What that rests on.", values=tuple(ParentGround)),
        Column("thread_root_id", TEXT, "Comment at the top of the thread."),
        Column("thread_depth", INT16, "Answers above it; 0 at the top."),
        Column("position", INT32, "Place on the post, across pages, from 1."),
        Column("page_number", INT16, "Comment page; null where comments are not paged."),
        Column("permalink", TEXT, "Address of the comment."),
        Column("kind", TEXT, "Kind.", values=tuple(CommentKind)),
        Column("subject", TEXT, "Title of the comment."),
        *_AUTHOR,
        Column("author_email_sha256", TEXT, "Only if enabled; off by default."),
        Column("is_post_author", BOOL, "Whether the post's author wrote it."),
        *dates("published", "the comment was made"),
        *_BODY,
        Column("language", TEXT, "BCP 47 tag."),
        Column("word_count", INT32, "Words in body_text; null without a body."),
        Column("visibility", TEXT, "What is shown.", values=tuple(Visibility)),
        Column("id_method", TEXT, "What comment_id is made of.", values=("native", "hash")),
        *HISTORY,
        *PROVENANCE,
        *READING,
    ),
)

LINKS = Table(
    name="links",
    row="one link element",
    description="Every link in posts and comments, and around them.",
    key=("link_id",),
    order=("post_id", "comment_id", "position", "link_id"),
    columns=(
        BLOG_ID,
        required("link_id", TEXT, "Hash of place and target."),
        Column("post_id", TEXT, "Post that holds it; null outside posts."),
        Column("comment_id", TEXT, "Comment that holds it."),
        required("target_url", TEXT, "Where it leads, absolute."),
        Column("target_surtkey", TEXT, "Sort-friendly URI key."),
        Column("target_host", TEXT, "Host."),
        Column("target_registered_domain", TEXT, "Domain under a public suffix."),
        Column("anchor_text", TEXT, "Words of the link."),
        Column("rel", TEXT, "Its rel attribute."),
        Column(
            "context",
            TEXT,
            "Where it stands.",
            values=(
                "body", "comment", "comment_author", "nav", "sidebar", "blogroll", "trackback",
            ),
        ),
        Column("is_internal", BOOL, "Whether it stays on the blog's site."),
        Column("target_blog_id", TEXT, "Archived blog that it leads to."),
        Column("target_captured", BOOL, "Whether this crawl holds the target."),
        Column("position", INT32, "Place inside its context, from 1."),
        *HISTORY,
        *PROVENANCE,
        *READING,
    ),
)  # fmt: skip

MEDIA = Table(
    name="media",
    row="one use of an image, sound, film, document or embed",
    description="Every file that posts and comments show or attach.",
    key=("media_id",),
    order=("post_id", "comment_id", "position", "media_id"),
    digests=("sha256",),
    columns=(
        BLOG_ID,
        required("media_id", TEXT, "Hash of place and address."),
        required("url", TEXT, "Address of the file or embed."),
        Column("post_id", TEXT, "Post that shows it."),
        Column("comment_id", TEXT, "Comment that shows it."),
        Column(
            "kind", TEXT, "Kind.", values=("image", "audio", "video", "document", "embed")
        ),
        Column("alt_text", TEXT, "Alternative text."),
        Column("title", TEXT, "Title attribute."),
        Column("caption", TEXT, "Caption."),
        Column("filename", TEXT, "Last part of the address."),
        Column("extension", TEXT, "Extension, lower case."),
        Column("mime_type", TEXT, "Media type as sent."),
        Column("mime_detected", TEXT, "Media type by its bytes."),
        Column("bytes", INT64, "Size of the file.", "bytes"),
        Column("width", INT32, "Width as stated.", "px"),
        Column("height", INT32, "Height as stated.", "px"),
        Column("sha256", TEXT, "Hash of the file, hex."),
        required("captured", BOOL, "Whether the file is held."),
        Column("media_capture_id", TEXT, "Capture of the file."),
        Column("embed_provider", TEXT, "Service of an embed."),
        Column("embed_id", TEXT, "Id there."),
        Column("is_thumbnail_of", TEXT, "Larger image that it links to."),
        Column("position", INT32, "Place inside its post or comment, from 1."),
        *HISTORY,
        *PROVENANCE,
        *READING,
    ),
)  # fmt: skip

TABLES = {
    table.name: table
    for table in (BLOGS, CRAWLS, CAPTURES, POSTS, COMMENTS, LINKS, MEDIA, ISSUES, COVERAGE)
}
MERGED = (POSTS, COMMENTS, LINKS, MEDIA)
"""Tables whose rows have a history across crawls, key by key; `blogs` follows from them."""
