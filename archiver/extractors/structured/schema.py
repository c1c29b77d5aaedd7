"""The schema.org types and relations that mean a post or a comment, however serialised."""

from __future__ import annotations

import re

POSTS = frozenset(
    {"BlogPosting", "Article", "NewsArticle", "SocialMediaPosting", "TechArticle", "Report"}
    | {"LiveBlogPosting", "OpinionNewsArticle", "ReportageNewsArticle", "ScholarlyArticle"}
    | {"AdvertiserContentArticle", "AnalysisNewsArticle", "DiscussionForumPosting"}
)
COMMENTS = frozenset({"Comment", "UserComments", "Answer"})
_COUNTED = re.compile(r"(?:UserComments|CommentAction)\D*(\d+)|^\D*(\d+)\D*$")
_NUMBER = re.compile(r"(\d+)\D*$")


def counted(words: str | None) -> str | None:
    """The number of comments that "UserComments:12" or "12" states; None for other counters."""
    found = _COUNTED.search(words or "")
    return next((part for part in found.groups() if part), None) if found else None


def number_in(address: str | None) -> str | None:
    """The number at the end of an @id or URL ("…#comment-12" → "12"), which sites use as id."""
    found = _NUMBER.search((address or "").rpartition("#")[2]) if "#" in (address or "") else None
    return found.group(1) if found else None
