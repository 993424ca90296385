"""Threads of comments; conversations with people who write to the city, and the answers to them"""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("items", sa.Column("thread", sa.Text(), nullable=True))
    op.add_column("items", sa.Column("parent", sa.Text(), nullable=True))
    op.create_table(
        "talks",
        sa.Column("person_key", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("item_id", sa.BigInteger(), nullable=True),
        sa.Column("spoke_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("follows", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("follows_since", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_talks_item_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("person_key", name="pk_talks"),
    )
    op.create_index("ix_talks_item_id", "talks", ["item_id"])
    op.create_index("ix_talks_spoke_at", "talks", ["spoke_at"])
    op.create_table(
        "replies",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("person_key", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_try", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_replies"),
        sa.UniqueConstraint("key", name="uq_replies_key"),
    )
    op.create_index("ix_replies_due", "replies", ["next_try", "id"], postgresql_where=sa.text("state = 'waiting'"))
    op.create_index("ix_replies_person_key", "replies", ["person_key"])


def downgrade() -> None:
    op.drop_table("replies")
    op.drop_table("talks")
    op.drop_column("items", "parent")
    op.drop_column("items", "thread")
