"""copies are found by runs of words and put into groups; a post is known by its canonical address"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from classifiers.text.sameness import runs
from listener.canonical import canonical

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

BATCH = 1000


def upgrade() -> None:
    op.drop_index('ix_items_bands', table_name='items')
    op.drop_column('items', 'bands')
    op.drop_column('items', 'signature')
    op.add_column('items', sa.Column('runs', postgresql.ARRAY(sa.Integer()), nullable=True))
    op.add_column('items', sa.Column('address', sa.Text(), nullable=True))
    op.add_column('items', sa.Column('copy_group', sa.BigInteger(), nullable=True))
    _fill()
    op.create_index('ix_items_runs', 'items', ['runs'], unique=False, postgresql_using='gin', postgresql_with={'fastupdate': 'off'})
    op.create_index('uq_items_address', 'items', ['address'], unique=True, postgresql_where=sa.text('address IS NOT NULL'))
    op.create_index('ix_items_copy_group', 'items', ['copy_group'], unique=False, postgresql_where=sa.text('copy_group IS NOT NULL'))


def _fill() -> None:
    """Runs and addresses of what is there; of several items of one address the first has it. Stories were copies so far."""
    connection, last, seen = op.get_bind(), 0, set()
    wanted = sa.text("SELECT id, title, text, url, channel, is_report FROM items WHERE id > :last ORDER BY id LIMIT :most")
    change = sa.text("UPDATE items SET runs = :runs, address = :address WHERE id = :id")
    while rows := connection.execute(wanted, {"last": last, "most": BATCH}).all():
        for item_id, title, text, url, channel, is_report in rows:
            address = canonical(url) if channel == "news" and not is_report else None
            address = None if address in seen else address
            seen.add(address)
            body = f"{title}\n{text}" if title else text
            connection.execute(change, {"id": item_id, "runs": runs(body), "address": address})
        last = rows[-1].id
    connection.execute(sa.text(
        "UPDATE items SET copy_group = story.first FROM story_items AS member JOIN"
        " (SELECT story_id, min(item_id) AS first FROM story_items GROUP BY story_id HAVING count(*) > 1) AS story"
        " ON story.story_id = member.story_id WHERE member.item_id = items.id"
    ))


def downgrade() -> None:
    op.drop_index('ix_items_copy_group', table_name='items')
    op.drop_index('uq_items_address', table_name='items')
    op.drop_index('ix_items_runs', table_name='items')
    op.drop_column('items', 'copy_group')
    op.drop_column('items', 'address')
    op.drop_column('items', 'runs')
    op.add_column('items', sa.Column('signature', postgresql.ARRAY(sa.BigInteger()), nullable=True))
    op.add_column('items', sa.Column('bands', postgresql.ARRAY(sa.BigInteger()), nullable=True))
    op.create_index('ix_items_bands', 'items', ['bands'], unique=False, postgresql_using='gin')
