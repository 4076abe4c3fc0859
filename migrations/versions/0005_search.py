"""The database notes what the search has to learn; the most liked comments in order."""

from typing import Final, NamedTuple

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_LIKED = sa.text("like_count > 0")


def upgrade():
    order = [sa.text("like_score DESC"), "id"]
    op.create_index("ix_comments_favourites", "comments", order, sqlite_where=_LIKED, postgresql_where=_LIKED)
    for trigger in _TRIGGERS:
        for statement in (_for_postgresql if _is_postgresql() else _for_sqlite)(trigger):
            op.execute(statement)


def downgrade():
    for trigger in _TRIGGERS:
        if _is_postgresql():
            op.execute(f"DROP TRIGGER {_name(trigger)} ON {trigger.table}")
            op.execute(f"DROP FUNCTION {_name(trigger)}()")
        else:
            op.execute(f"DROP TRIGGER {_name(trigger)}")
    op.drop_index("ix_comments_favourites", "comments")


def _is_postgresql():
    return op.get_bind().dialect.name == "postgresql"


class _Trigger(NamedTuple):
    """After this act on this table (of an UPDATE: of these columns), if the condition holds, run these statements."""

    table: str
    act: str
    columns: str
    condition: str
    statements: tuple[str, ...]


def _note(kind: str, numbers: str) -> str:
    """A note for each of the numbers that a SELECT finds; where there is one, it rises."""
    return (
        f"INSERT INTO search_pending (kind, thing_id, version) SELECT DISTINCT '{kind}', {numbers} "
        "ON CONFLICT (kind, thing_id) DO UPDATE SET version = search_pending.version + 1"
    )


def _only(row: str) -> str:
    """Whether this comment is the only public one of its writer: with it they come, and go."""
    return (
        "NOT EXISTS (SELECT 1 FROM comments AS other JOIN posts ON posts.id = other.post_id"  # noqa: S608 (OLD or NEW)
        f" WHERE other.author_id = {row}.author_id AND other.state = 'published' AND other.id <> {row}.id"
        " AND posts.state = 'published')"
    )


_MOVED = "(NEW.state <> OLD.state OR NEW.author_id <> OLD.author_id OR NEW.post_id <> OLD.post_id)"
_COMMENTS_BELOW = "comments WHERE comments.post_id = NEW.id AND comments.state = 'published'"
_TRIGGERS: Final = (
    _Trigger(
        "comments", "INSERT", "", "NEW.state = 'published'",
        (_note("comment", "NEW.id, 1 WHERE true"), _note("person", f"NEW.author_id, 1 WHERE {_only('NEW')}")),
    ),
    _Trigger(
        "comments", "UPDATE", "state, body_html, lang, author_id, post_id, created_at",
        "NEW.state = 'published' OR OLD.state = 'published'",
        (
            _note("comment", "NEW.id, 1 WHERE true"),
            _note("person", f"OLD.author_id, 1 WHERE {_MOVED} AND {_only('OLD')}"),
            _note("person", f"NEW.author_id, 1 WHERE {_MOVED} AND {_only('NEW')}"),
        ),
    ),
    _Trigger(
        "comments", "DELETE", "", "OLD.state = 'published'",
        (_note("comment", "OLD.id, 1 WHERE true"), _note("person", f"OLD.author_id, 1 WHERE {_only('OLD')}")),
    ),
    _Trigger("posts", "INSERT", "", "NEW.state = 'published'", (_note("post", "NEW.id, 1 WHERE true"),)),
    _Trigger(
        "posts", "UPDATE", "state, title, standfirst, body_html, question, lang, published_at, owner_id",
        "NEW.state = 'published' OR OLD.state = 'published'",
        (
            _note("post", "NEW.id, 1 WHERE true"),
            _note("comment", f"comments.id, 1 FROM {_COMMENTS_BELOW} AND NEW.state <> OLD.state"),
            _note("person", f"comments.author_id, 1 FROM {_COMMENTS_BELOW} AND NEW.state <> OLD.state"),
            _note(
                "person",
                "post_authors.user_id, 1 FROM post_authors WHERE post_authors.post_id = NEW.id"
                " AND post_authors.user_id IS NOT NULL AND NEW.state <> OLD.state",
            ),
        ),
    ),
    _Trigger("posts", "DELETE", "", "OLD.state = 'published'", (_note("post", "OLD.id, 1 WHERE true"),)),
    *(
        _Trigger(
            "post_authors", act, "", "",
            tuple(
                statement
                for row in rows
                for statement in (
                    _note("post", f"{row}.post_id, 1 WHERE true"),
                    _note("person", f"{row}.user_id, 1 WHERE {row}.user_id IS NOT NULL"),
                )
            ),
        )
        for act, rows in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",)))
    ),
    _Trigger(
        "users", "UPDATE", "username, name, role, organisation, bio, email, confirmed_at", "",
        (_note("person", "NEW.id, 1 WHERE true"),),
    ),
    _Trigger("users", "DELETE", "", "", (_note("person", "OLD.id, 1 WHERE true"),)),
)  # fmt: skip


def _for_sqlite(trigger: _Trigger) -> list[str]:
    condition = f" WHEN {trigger.condition}" if trigger.condition else ""
    return [f"CREATE TRIGGER {_head(trigger)}{condition} BEGIN {'; '.join(trigger.statements)}; END"]


def _for_postgresql(trigger: _Trigger) -> list[str]:
    name = _name(trigger)
    condition = f" WHEN ({trigger.condition})" if trigger.condition else ""
    body = f"BEGIN {'; '.join(trigger.statements)}; RETURN NULL; END"
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
        f"CREATE TRIGGER {_head(trigger)} FOR EACH ROW{condition} EXECUTE FUNCTION {name}()",
    ]


def _head(trigger: _Trigger) -> str:
    columns = f" OF {trigger.columns}" if trigger.columns else ""
    return f"{_name(trigger)} AFTER {trigger.act}{columns} ON {trigger.table}"


def _name(trigger: _Trigger) -> str:
    return f"search_notes_{trigger.table}_{trigger.act.lower()}"
