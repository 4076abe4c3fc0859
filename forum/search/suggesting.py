"""What somebody may look for who has typed the beginning: searches, discussions, series, tags, people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from slugify import slugify
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import load_only

from forum.accounts import queries as account_queries
from forum.accounts.models import User
from forum.foundation import clock
from forum.foundation.db import db
from forum.foundation.errors import Refused
from forum.posts.models import PUBLISHED, Post, PostTag, Series, Tag
from forum.search import analysis, documents, language, meaning, site_index, stale, turns
from forum.search.asked import Asked
from forum.search.engine import POST, NotReady, Query, Term, Wish
from forum.search.language import LONGEST, Reading
from forum.search.wording import SHORTEST_PREFIX

# Fewer letters begin everything.
SHORTEST: Final = 2
# Of each kind.
MOST: Final = 5
# Discussions looked at for words that go on as the last one begins.
LOOKED_AT: Final = 20
# Accounts whose name begins so; not all of them have said something that may be read.
PEOPLE_LOOKED_AT: Final = 40


@dataclass(frozen=True)
class Suggestions:
    """`searches` are what was typed, with its last word completed."""

    searches: Sequence[str] = ()
    posts: Sequence[Post] = ()
    series: Sequence[Series] = ()
    tags: Sequence[Tag] = ()
    people: Sequence[User] = ()


def suggest(typed: str) -> Suggestions:
    """The same for everybody: what a guest may read. At most nine queries and one question to the engine.

    Never raises for what somebody types.
    """
    typed = analysis.clean(typed).lstrip()
    if not SHORTEST <= len(typed.strip()) <= LONGEST:
        return Suggestions()
    posts = _discussions(typed)
    # A space ends a word; more follow, and no name of anything begins with it.
    beginning = typed.strip()
    return Suggestions(_completed(typed, posts), posts[:MOST], _series(beginning), _tags(beginning), _people(beginning))


def _discussions(typed: str) -> Sequence[Post]:
    """Discussions that have all the words, the last of them begun only. They are looked up as they are now."""
    hidden = stale.keys()
    query = _query(typed)
    if hidden is None or query is None:
        return []
    try:
        hits = turns.take(site_index.engine().find, query, LOOKED_AT, hidden).hits
    except NotReady:
        return []
    told = load_only(Post.slug, Post.title, Post.standfirst, Post.lang, Post.comment_count, Post.state)
    found = select(Post).where(Post.id.in_([hit.id for hit in hits]), Post.state == PUBLISHED).options(told)
    by_id = {post.id: post for post in db.session.scalars(found)}
    posts = [by_id[hit.id] for hit in hits if hit.id in by_id]
    # The engine does not know where a begun word stands.
    return sorted(posts, key=lambda post: not _stands_in(_last_word(typed), post.title))


def _stands_in(beginning: str, text: str) -> bool:
    return any(word.text.startswith(beginning) for word in analysis.words(analysis.clean(text)))


def _query(typed: str) -> Query | None:
    try:
        reading = language.read(typed, today=clock.now().date(), has_person=False)
    except Refused:
        return None
    if not reading.wishes:
        return None
    query = meaning.of(reading, Asked(typed), None).query
    wishes = tuple(replace(wish, is_needed=True) for wish in _begun(reading))
    return replace(query, wishes=wishes, kinds=frozenset({POST}), favourites=())


def _begun(reading: Reading) -> Iterable[Wish]:
    """What is looked for; the word that is being typed may go on."""
    last = _last_word(reading.typed)
    for wish in reading.wishes:
        if wish.terms == (Term((last,)),) and len(last) >= SHORTEST_PREFIX:
            yield Wish((*wish.terms, Term((last,), is_prefix=True)))
        else:
            yield wish


def _last_word(typed: str) -> str:
    """The word that is being typed, as it is compared; empty after a space or another sign."""
    words = list(analysis.words(typed))
    return words[-1].text if words and words[-1].end == len(typed) else ""


def _completed(typed: str, posts: Iterable[Post]) -> list[str]:
    """Searches with the last word as it stands in these discussions: those that most of them have come first.

    The index has more words, but whether somebody may read them would have to be asked of each.
    """
    last = _last_word(typed)
    if len(last) < SHORTEST:
        return []
    counts: Counter[str] = Counter()
    for post in posts:
        text = analysis.clean(f"{post.title} {post.standfirst}")
        counts.update({text[w.start : w.end].lower() for w in analysis.words(text) if _goes_on(w.text, last)})
    kept = typed[: len(typed) - _length_of_last(typed)]
    longest = LONGEST - len(kept)
    ordered = sorted(counts, key=lambda word: (-counts[word], word))
    return [kept + word for word in ordered if len(word) <= longest][:MOST]


def _goes_on(word: str, beginning: str) -> bool:
    return word.startswith(beginning) and word != beginning


def _length_of_last(typed: str) -> int:
    *_others, last = analysis.words(typed)
    return last.end - last.start


def _series(beginning: str) -> Sequence[Series]:
    """Those with something to read, whose name begins so: the largest first."""
    count = func.count(Post.id)
    found = select(Series).join(Post, Post.series_id == Series.id).where(Post.state == PUBLISHED)
    return _named(found.group_by(Series.id).order_by(count.desc(), Series.slug), Series.slug, beginning)


def _tags(beginning: str) -> Sequence[Tag]:
    """The same for tags."""
    count = func.count(Post.id)
    found = (
        select(Tag)
        .join(PostTag, PostTag.tag_id == Tag.id)
        .join(Post, Post.id == PostTag.post_id)
        .where(Post.state == PUBLISHED)
    )
    return _named(found.group_by(Tag.id).order_by(count.desc(), Tag.slug), Tag.slug, beginning)


def _named(found: Any, slug: Any, beginning: str) -> Sequence[Any]:
    start = slugify(beginning)
    return db.session.scalars(found.where(slug.startswith(start)).limit(MOST)).all() if start else []


def _people(beginning: str) -> list[User]:
    """Those who have said something that may be read."""
    begin = [person.id for person in account_queries.beginning_with(beginning.removeprefix("@"), PEOPLE_LOOKED_AT)]
    if not begin:
        return []
    public: ColumnElement[bool] = documents.is_public_person()
    found = select(User).where(User.id.in_(begin), public).order_by(User.username).limit(MOST)
    return list(db.session.scalars(found))
