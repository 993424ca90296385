"""A random public id of every item; the sender's choice of topic and link"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

RANDOM_ID = "upper(right(replace(gen_random_uuid()::text, '-', ''), 16))"


def upgrade() -> None:
    op.add_column("items", sa.Column("public_id", sa.Text(), server_default=sa.text(RANDOM_ID), nullable=False))
    op.create_unique_constraint("uq_items_public_id", "items", ["public_id"])
    op.add_column("items", sa.Column("chosen_topic", sa.Text(), nullable=True))
    op.add_column("items", sa.Column("media_url", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("items", "media_url")
    op.drop_column("items", "chosen_topic")
    op.drop_constraint("uq_items_public_id", "items")
    op.drop_column("items", "public_id")
