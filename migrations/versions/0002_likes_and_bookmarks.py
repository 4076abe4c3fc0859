"""Likes and bookmarks, and how many like a comment."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("comments") as batch_op:
        batch_op.add_column(sa.Column("like_count", sa.Integer(), nullable=False, server_default="0"))
    for name in ("likes", "bookmarks"):
        op.create_table(
            name,
            sa.Column("comment_id", sa.Integer(), nullable=False),
            sa.Column("user_id", sa.Integer(), nullable=False),
            sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
            sa.ForeignKeyConstraint(
                ["comment_id"], ["comments.id"], name=op.f(f"fk_{name}_comment_id_comments"), ondelete="CASCADE"
            ),
            sa.ForeignKeyConstraint(
                ["user_id"], ["users.id"], name=op.f(f"fk_{name}_user_id_users"), ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint("comment_id", "user_id", name=op.f(f"pk_{name}")),
        )
    op.create_index(op.f("ix_likes_user_id"), "likes", ["user_id"])
    op.create_index("ix_bookmarks_newest", "bookmarks", ["user_id", "created_at"])


def downgrade():
    op.drop_table("bookmarks")
    op.drop_table("likes")
    with op.batch_alter_table("comments") as batch_op:
        batch_op.drop_column("like_count")
