"""Cases of people, undone decisions, sanctions, appeals, notes, reports; what screening knows; edits that wait."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_KINDS = "kind IN ('held', 'flagged', 'spam', 'appeal')"
_ACTIONS = (
    "action IN ('approve', 'reject', 'remove', 'restore', 'mark_spam', 'dismiss', 'uphold', 'overturn', 'warn',"
    " 'silence', 'suspend', 'lift', 'clean_up', 'propose', 'decline', 'undo')"
)

# Of a comment all columns but what its flags weigh and the digest of its text.
_SEEN_OF_COMMENTS = (
    " OF id, post_id, parent_id, answers_id, root_id, path, depth, rank, author_id, body, body_html, renderer, lang,"
    " state, version, held_for, form_token, origin, created_at, published_at, edited_at, hidden_at, next_child,"
    " next_rank, descendant_count, like_count, like_score, may_send_again"
)


def upgrade():
    # Not as a batch: SQLite would make the tables anew, and forget their triggers.
    op.add_column("users", sa.Column("silenced_until", _TIME))
    op.add_column("users", sa.Column("suspended_until", _TIME))
    op.add_column("users", sa.Column("has_warning", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("users", sa.Column("queue_mail", sa.String(8), nullable=False, server_default=""))
    op.add_column("users", sa.Column("queue_mailed_at", _TIME))
    op.add_column("users", sa.Column("flag_mail", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("posts", sa.Column("authors_moderate", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("comments", sa.Column("flag_weight", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("comments", sa.Column("may_send_again", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("comments", sa.Column("text_digest", sa.String(32)))
    op.add_column("revisions", sa.Column("lang", sa.String(12)))
    op.add_column("signals", sa.Column("weight", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_comments_same_text", "comments", ["text_digest", "created_at"])
    op.create_index("ix_comments_lately", "comments", ["author_id", "created_at", "id"])
    op.create_index("ix_signals_created", "signals", ["created_at"])
    op.create_index("ix_comments_created", "comments", ["created_at"])
    _count_comments(_SEEN_OF_COMMENTS)
    _cases()
    _decisions()
    _screening()
    _people()
    _desk()


def _cases():
    with op.batch_alter_table("cases") as batch_op:
        batch_op.drop_constraint(op.f("ck_cases_kind"), type_="check")
        batch_op.alter_column("comment_id", existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column("user_id", sa.Integer()))
        batch_op.add_column(sa.Column("priority", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("escalated_at", _TIME))
        batch_op.add_column(sa.Column("assigned_to_id", sa.Integer()))
        batch_op.create_check_constraint(op.f("ck_cases_kind"), _KINDS)
        batch_op.create_check_constraint(op.f("ck_cases_about_one"), "(comment_id IS NULL) <> (user_id IS NULL)")
        batch_op.create_foreign_key(op.f("fk_cases_user_id_users"), "users", ["user_id"], ["id"], ondelete="CASCADE")
        batch_op.create_foreign_key(
            op.f("fk_cases_assigned_to_id_users"), "users", ["assigned_to_id"], ["id"], ondelete="SET NULL"
        )
    op.create_index(op.f("ix_cases_user_id"), "cases", ["user_id"])
    op.create_index("uq_cases_open_user", "cases", ["user_id"], unique=True, **_where("closed_at IS NULL"))
    op.create_index(
        "ix_cases_first", "cases", ["closed_at", "kind", sa.text("priority DESC"), "opened_at", "id"]
    )  # fmt: skip


def _decisions():
    with op.batch_alter_table("decisions") as batch_op:
        batch_op.drop_constraint(op.f("ck_decisions_action"), type_="check")
        batch_op.alter_column("comment_id", existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column("user_id", sa.Integer()))
        batch_op.add_column(sa.Column("may_send_again", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("before", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("on_id", sa.Integer()))
        batch_op.create_check_constraint(op.f("ck_decisions_action"), _ACTIONS)
        batch_op.create_foreign_key(
            op.f("fk_decisions_user_id_users"), "users", ["user_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_foreign_key(
            op.f("fk_decisions_on_id_decisions"), "decisions", ["on_id"], ["id"], ondelete="CASCADE"
        )
    for column in ("user_id", "on_id"):
        op.create_index(op.f(f"ix_decisions_{column}"), "decisions", [column])
    op.create_index("uq_decisions_undone", "decisions", ["on_id"], unique=True, **_where("action = 'undo'"))
    # Whom they concern, and that all who were to be told have been told.
    op.execute(
        "UPDATE decisions SET user_id = (SELECT author_id FROM comments WHERE comments.id = decisions.comment_id)"
    )
    op.create_table(
        "notices",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("told_at", _TIME, nullable=False),
        _to("notices", "decision_id", "decisions"),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_notices")),
    )
    op.execute("INSERT INTO notices (decision_id, told_at) SELECT id, created_at FROM decisions")
    _count_decisions()


def _count_decisions():
    """SQLite forgets the triggers of a table that is made anew; see forum/foundation/changes.py."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("INSERT", "UPDATE", "DELETE"):
            rise = "BEGIN UPDATE site_changes SET number = number + 1; END"
            op.execute(f"CREATE TRIGGER site_changes_decisions_{act.lower()} AFTER {act} ON decisions {rise}")


def _count_comments(columns):
    """Guests see nothing of what is not in these columns: a flag throws none of their pages away."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER site_changes_comments_update")
        rise = "BEGIN UPDATE site_changes SET number = number + 1; END"
        op.execute(f"CREATE TRIGGER site_changes_comments_update AFTER UPDATE{columns} ON comments {rise}")
    else:
        op.execute("DROP TRIGGER site_changes_comments ON comments")
        op.execute(
            f"CREATE TRIGGER site_changes_comments AFTER INSERT OR DELETE OR UPDATE{columns} "
            "ON comments FOR EACH STATEMENT EXECUTE FUNCTION note_site_change()"
        )


def _screening():
    op.create_table(
        "watched_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pattern", sa.String(100), nullable=False),
        sa.Column("lang", sa.String(12), nullable=False),
        sa.Column("action", sa.String(8), nullable=False),
        sa.Column("note", sa.String(300), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.Integer()),
        sa.Column("created_at", _TIME, nullable=False),
        sa.CheckConstraint("action IN ('nudge', 'flag', 'hold', 'block')", name=op.f("ck_watched_words_action")),
        _to("watched_words", "by_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watched_words")),
    )
    op.create_table(
        "check_settings",
        sa.Column("name", sa.String(30), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("numbers", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer()),
        sa.Column("changed_at", _TIME, nullable=False),
        _to("check_settings", "by_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_check_settings")),
    )
    op.create_table(
        "spam_words",
        sa.Column("word", sa.String(60), nullable=False),
        sa.Column("spam", sa.Integer(), nullable=False),
        sa.Column("honest", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_spam_words")),
    )
    op.create_table(
        "spam_lessons",
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("is_spam", sa.Boolean(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("score", sa.Double()),
        sa.Column("learned_at", _TIME, nullable=False),
        _to("spam_lessons", "comment_id", "comments"),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_spam_lessons")),
    )
    op.create_table(
        "held_edits",
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("renderer", sa.String(20), nullable=False),
        sa.Column("lang", sa.String(12), nullable=False),
        sa.Column("held_for", sa.JSON(), nullable=False),
        sa.Column("written_at", _TIME, nullable=False),
        _to("held_edits", "comment_id", "comments"),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_held_edits")),
    )


def _people():
    op.create_table(
        "blocked_addresses",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("blocked_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_blocked_addresses")),
    )
    op.create_table(
        "sanctions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("hours", sa.Integer()),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("begins_at", _TIME),
        sa.Column("ends_at", _TIME),
        sa.Column("agreed_by_id", sa.Integer()),
        sa.Column("lifted_at", _TIME),
        sa.Column("lifted_by_id", sa.Integer()),
        sa.Column("acknowledged_at", _TIME),
        sa.CheckConstraint("kind IN ('warn', 'silence', 'suspend')", name=op.f("ck_sanctions_kind")),
        _to("sanctions", "user_id", "users"),
        _to("sanctions", "decision_id", "decisions"),
        _to("sanctions", "agreed_by_id", "users", "SET NULL"),
        _to("sanctions", "lifted_by_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sanctions")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_sanctions_decision_id")),
    )
    op.create_index(op.f("ix_sanctions_user_id"), "sanctions", ["user_id"])
    op.create_table(
        "appeals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("answer_id", sa.Integer()),
        _to("appeals", "decision_id", "decisions"),
        _to("appeals", "case_id", "cases"),
        _to("appeals", "user_id", "users"),
        _to("appeals", "answer_id", "decisions", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_appeals_decision_id")),
    )
    for column in ("case_id", "user_id"):
        op.create_index(op.f(f"ix_appeals_{column}"), "appeals", [column])


def _desk():
    op.create_table(
        "moderator_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer()),
        sa.Column("case_id", sa.Integer()),
        sa.Column("by_id", sa.Integer()),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.CheckConstraint("(case_id IS NULL) <> (user_id IS NULL)", name=op.f("ck_moderator_notes_about_one")),
        _to("moderator_notes", "user_id", "users"),
        _to("moderator_notes", "case_id", "cases"),
        _to("moderator_notes", "by_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderator_notes")),
    )
    for column in ("user_id", "case_id"):
        op.create_index(op.f(f"ix_moderator_notes_{column}"), "moderator_notes", [column])
    op.create_table(
        "saved_replies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("lang", sa.String(12), nullable=False),
        sa.Column("by_id", sa.Integer()),
        sa.Column("created_at", _TIME, nullable=False),
        _to("saved_replies", "by_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_replies")),
    )
    op.create_table(
        "reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("signal_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("law", sa.String(500), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("told_at", _TIME),
        _to("reports", "signal_id", "signals"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint("signal_id", name=op.f("uq_reports_signal_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_reports_reference")),
    )
    op.create_table(
        "month_figures",
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("numbers", sa.JSON(), nullable=False),
        sa.Column("made_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_month_figures")),
    )


def _where(words):
    return {"sqlite_where": sa.text(words), "postgresql_where": sa.text(words)}


def _to(table, column, other, on_delete="CASCADE"):
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete=on_delete
    )


def downgrade():
    _count_comments("")
    for table in (
        "month_figures", "reports", "saved_replies", "moderator_notes", "appeals", "sanctions", "blocked_addresses",
        "held_edits", "spam_lessons", "spam_words", "check_settings", "watched_words", "notices",
    ):  # fmt: skip
        op.drop_table(table)
    # The release before knows nothing of these.
    op.execute("UPDATE decisions SET on_id = NULL")
    op.execute(
        "DELETE FROM decisions WHERE comment_id IS NULL OR action NOT IN ('approve', 'reject', 'remove', 'dismiss')"
    )
    op.execute("DELETE FROM cases WHERE comment_id IS NULL")
    op.execute("UPDATE cases SET kind = 'held' WHERE kind NOT IN ('held', 'flagged')")
    op.drop_index("uq_decisions_undone", "decisions")
    for column in ("user_id", "on_id"):
        op.drop_index(op.f(f"ix_decisions_{column}"), "decisions")
    with op.batch_alter_table("decisions") as batch_op:
        batch_op.drop_constraint(op.f("ck_decisions_action"), type_="check")
        batch_op.drop_constraint(op.f("fk_decisions_user_id_users"), type_="foreignkey")
        batch_op.drop_constraint(op.f("fk_decisions_on_id_decisions"), type_="foreignkey")
        for name in ("on_id", "before", "may_send_again", "user_id"):
            batch_op.drop_column(name)
        batch_op.alter_column("comment_id", existing_type=sa.Integer(), nullable=False)
        batch_op.create_check_constraint(
            op.f("ck_decisions_action"), "action IN ('approve', 'reject', 'remove', 'dismiss')"
        )
    _count_decisions()
    for name in ("ix_cases_first", "uq_cases_open_user", op.f("ix_cases_user_id")):
        op.drop_index(name, "cases")
    with op.batch_alter_table("cases") as batch_op:
        batch_op.drop_constraint(op.f("ck_cases_kind"), type_="check")
        batch_op.drop_constraint(op.f("ck_cases_about_one"), type_="check")
        batch_op.drop_constraint(op.f("fk_cases_user_id_users"), type_="foreignkey")
        batch_op.drop_constraint(op.f("fk_cases_assigned_to_id_users"), type_="foreignkey")
        for name in ("assigned_to_id", "escalated_at", "priority", "user_id"):
            batch_op.drop_column(name)
        batch_op.alter_column("comment_id", existing_type=sa.Integer(), nullable=False)
        batch_op.create_check_constraint(op.f("ck_cases_kind"), "kind IN ('held', 'flagged')")
    op.drop_index("ix_signals_created", "signals")
    op.drop_index("ix_comments_created", "comments")
    for name in ("ix_comments_lately", "ix_comments_same_text"):
        op.drop_index(name, "comments")
    for table, columns in {
        "signals": ["weight"],
        "revisions": ["lang"],
        "comments": ["text_digest", "may_send_again", "flag_weight"],
        "posts": ["authors_moderate"],
        "users": ["flag_mail", "queue_mailed_at", "queue_mail", "has_warning", "suspended_until", "silenced_until"],
    }.items():
        for column in columns:
            op.drop_column(table, column)
