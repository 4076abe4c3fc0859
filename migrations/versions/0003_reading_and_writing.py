"""Reading positions, mutes, folds, scores, drafts for each place, uploads, and how a person reads."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("users") as batch_op:
        batch_op.add_column(sa.Column("avatar", sa.String(80)))
        batch_op.add_column(sa.Column("uses_keys", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("reading_order", sa.String(10), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("theme", sa.String(8), nullable=False, server_default=""))
    for column in ("username", "name"):
        op.create_index(f"ix_users_{column}_start", "users", [column], postgresql_ops={column: "text_pattern_ops"})
    with op.batch_alter_table("comments") as batch_op:
        batch_op.add_column(sa.Column("like_score", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("answers_id", sa.Integer()))
        batch_op.create_foreign_key(op.f("fk_comments_answers_id_comments"), "comments", ["answers_id"], ["id"])
    # What is liked already waits for its score; see marks/scoring.
    op.execute("UPDATE comments SET like_score = 1 WHERE like_count > 0")
    most_liked = sa.text("like_score DESC")
    op.create_index("ix_comments_liked", "comments", ["post_id", "depth", most_liked, "path"])
    op.create_index("ix_comments_flat_liked", "comments", ["post_id", most_liked, "id"])
    op.create_index("ix_comments_flat", "comments", ["post_id", "published_at", "id"])
    op.create_index("ix_comments_children_by", "comments", ["parent_id", "author_id", "rank"])
    op.drop_index("ix_comments_people", "comments")
    op.create_index("ix_comments_people", "comments", ["post_id", "author_id", "state", "published_at"])
    _drafts()
    _marks()
    _uploads()
    _site_changes()


def _drafts():
    with op.batch_alter_table("drafts") as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("saved_at", sa.DateTime(timezone=True)))
        batch_op.add_column(sa.Column("earlier", sa.Text()))
    # Of two for one place the newer stays: the older could no longer be reached.
    op.execute(
        "DELETE FROM drafts WHERE user_id IS NOT NULL AND EXISTS (SELECT 1 FROM drafts AS newer"
        " WHERE newer.user_id = drafts.user_id AND newer.post_id = drafts.post_id"
        " AND COALESCE(newer.parent_id, 0) = COALESCE(drafts.parent_id, 0) AND newer.id > drafts.id)"
    )
    op.execute("UPDATE drafts SET saved_at = created_at")
    with op.batch_alter_table("drafts") as batch_op:
        batch_op.alter_column("saved_at", existing_type=sa.DateTime(timezone=True), nullable=False)
    op.create_index("uq_drafts_place", "drafts", ["user_id", "post_id", sa.text("coalesce(parent_id, 0)")], unique=True)


def _marks():
    op.create_table(
        "reading_positions",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True)),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        _to("reading_positions", "user_id", "users"),
        _to("reading_positions", "post_id", "posts"),
        sa.PrimaryKeyConstraint("user_id", "post_id", name=op.f("pk_reading_positions")),
    )
    op.create_index(op.f("ix_reading_positions_post_id"), "reading_positions", ["post_id"])
    op.create_table(
        "mutes",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("muted_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _to("mutes", "user_id", "users"),
        _to("mutes", "muted_id", "users"),
        sa.PrimaryKeyConstraint("user_id", "muted_id", name=op.f("pk_mutes")),
    )
    op.create_table(
        "folds",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _to("folds", "user_id", "users"),
        _to("folds", "comment_id", "comments"),
        sa.PrimaryKeyConstraint("user_id", "comment_id", name=op.f("pk_folds")),
    )


def _uploads():
    op.create_table(
        "uploads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unused_since", sa.DateTime(timezone=True)),
        _to("uploads", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
        sa.UniqueConstraint("name", name=op.f("uq_uploads_name")),
    )
    op.create_index(op.f("ix_uploads_user_id"), "uploads", ["user_id"])
    op.create_index(op.f("ix_uploads_unused_since"), "uploads", ["unused_since"])
    op.create_table(
        "upload_uses",
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("ref_id", sa.Integer(), nullable=False),
        _to("upload_uses", "upload_id", "uploads"),
        sa.PrimaryKeyConstraint("upload_id", "kind", "ref_id", name=op.f("pk_upload_uses")),
    )
    op.create_index("ix_upload_uses_place", "upload_uses", ["kind", "ref_id"])


# Whose changes guests see; of users only these columns. forum/foundation/changes.py says what for.
_SEEN = ("posts", "post_authors", "post_tags", "tags", "series", "comments", "decisions", "users")
_SEEN_OF_USERS = (
    " OF id, username, username_key, name, email, confirmed_at, is_author, is_moderator, is_admin, bio, role,"
    " organisation, avatar, created_at"
)


def _site_changes():
    op.create_table(
        "site_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_changes")),
    )
    if op.get_bind().dialect.name == "postgresql":
        _count_on_postgresql()
    else:
        _count_on_sqlite()


def _count_on_sqlite():
    op.execute("INSERT INTO site_changes (id, number) VALUES (1, 0)")
    for table in _SEEN:
        for act in ("INSERT", "UPDATE", "DELETE"):
            columns = _SEEN_OF_USERS if table == "users" and act == "UPDATE" else ""
            name = f"site_changes_{table}_{act.lower()}"
            rise = "BEGIN UPDATE site_changes SET number = number + 1; END"
            op.execute(f"CREATE TRIGGER {name} AFTER {act}{columns} ON {table} {rise}")


def _count_on_postgresql():
    op.execute("""
        CREATE FUNCTION note_site_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF coalesce(current_setting('forum.is_noted', true), '') <> 'yes' THEN
            UPDATE site_changes SET number = number + 1
              WHERE id = (SELECT id FROM site_changes LIMIT 1 FOR UPDATE SKIP LOCKED);
            IF NOT FOUND THEN
              INSERT INTO site_changes (number) VALUES (1);
            END IF;
            PERFORM set_config('forum.is_noted', 'yes', true);
          END IF;
          RETURN NULL;
        END $$
    """)
    for table in _SEEN:
        columns = _SEEN_OF_USERS if table == "users" else ""
        op.execute(
            f"CREATE TRIGGER site_changes_{table} AFTER INSERT OR DELETE OR UPDATE{columns} "
            f"ON {table} FOR EACH STATEMENT EXECUTE FUNCTION note_site_change()"
        )


def _do_not_count():
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION note_site_change() CASCADE")
    else:
        for table in _SEEN:
            for act in ("insert", "update", "delete"):
                op.execute(f"DROP TRIGGER site_changes_{table}_{act}")
    op.drop_table("site_changes")


def _to(table, column, other):
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete="CASCADE"
    )


def downgrade():
    _do_not_count()
    for table in ("upload_uses", "uploads", "folds", "mutes", "reading_positions"):
        op.drop_table(table)
    op.drop_index("uq_drafts_place", "drafts")
    op.drop_index("ix_comments_people", "comments")
    op.create_index("ix_comments_people", "comments", ["post_id", "author_id"])
    for name in ("ix_comments_children_by", "ix_comments_flat", "ix_comments_flat_liked", "ix_comments_liked"):
        op.drop_index(name, "comments")
    with op.batch_alter_table("drafts") as batch_op:
        batch_op.drop_column("earlier")
        batch_op.drop_column("saved_at")
        batch_op.drop_column("version")
    with op.batch_alter_table("comments") as batch_op:
        batch_op.drop_constraint(op.f("fk_comments_answers_id_comments"), type_="foreignkey")
        batch_op.drop_column("answers_id")
        batch_op.drop_column("like_score")
    for column in ("username", "name"):
        op.drop_index(f"ix_users_{column}_start", "users")
    with op.batch_alter_table("users") as batch_op:
        for name in ("theme", "reading_order", "uses_keys", "avatar"):
            batch_op.drop_column(name)
