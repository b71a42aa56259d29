"""Feeds of articles: RSS 2.0 and Atom 1.0."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed

from marketplace.core import clock

FEEDS: Final = {"rss": Rss201rev2Feed, "atom": Atom1Feed}


def feed_of(
    request: HttpRequest, section: Any, articles: Iterable[Any], *, kind: str
) -> HttpResponse:
    """``kind``: a key of FEEDS."""
    at = request.build_absolute_uri
    feed = FEEDS[kind](
        title=section.title,
        link=at(section.url),
        description=section.introduction,
        language=section.language,
        feed_url=at(request.path),
    )
    for article in articles:
        address = at(article.url)
        feed.add_item(
            title=article.title,
            link=address,
            description=article.introduction,
            unique_id=f"{request.get_host()}:{article.translation_key}:{section.language}",
            unique_id_is_permalink=False,
            pubdate=datetime.combine(article.shown_on, time(), tzinfo=clock.VIETNAM),
            updateddate=article.last_published_at,
            author_name=article.source or None,
        )
    response = HttpResponse(content_type=feed.content_type)
    feed.write(response, "utf-8")
    return response
