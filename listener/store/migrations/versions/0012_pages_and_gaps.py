"""pages are kept as they were fetched; sources rest, are removed and have gaps; posts are marked as gone"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('fetched_pages',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('source_id', sa.BigInteger(), nullable=False),
    sa.Column('external_id', sa.Text(), nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('entry', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=True),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('etag', sa.Text(), nullable=False),
    sa.Column('modified', sa.Text(), nullable=False),
    sa.Column('fetched_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('looked_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['source_id'], ['sources.id'], name=op.f('fk_fetched_pages_source_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fetched_pages'))
    )
    op.create_index('uq_fetched_pages_body', 'fetched_pages', ['source_id', 'external_id', 'digest'], unique=True)
    op.create_index(op.f('ix_fetched_pages_fetched_at'), 'fetched_pages', ['fetched_at'], unique=False)
    op.execute("ALTER TABLE fetched_pages ALTER COLUMN body SET STORAGE EXTERNAL")
    op.create_table('source_gaps',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('source_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('noticed_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('known_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['source_id'], ['sources.id'], name=op.f('fk_source_gaps_source_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_source_gaps'))
    )
    op.create_index('ix_source_gaps_source_id', 'source_gaps', ['source_id', 'since'], unique=False)
    op.add_column('sources', sa.Column('rest_until', sa.DateTime(timezone=True), nullable=True))
    op.add_column('sources', sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('source_runs', sa.Column('peak_mb', sa.Integer(), server_default='0', nullable=False))
    op.add_column('items', sa.Column('details', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False))
    op.add_column('items', sa.Column('gone_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('item_revisions', sa.Column('reading', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False))
    op.execute("INSERT INTO retention (what, days) VALUES ('raw', 30) ON CONFLICT DO NOTHING")


def downgrade() -> None:
    op.execute("DELETE FROM retention WHERE what = 'raw'")
    op.drop_column('item_revisions', 'reading')
    op.drop_column('items', 'gone_at')
    op.drop_column('items', 'details')
    op.drop_column('source_runs', 'peak_mb')
    op.drop_column('sources', 'removed_at')
    op.drop_column('sources', 'rest_until')
    op.drop_table('source_gaps')
    op.drop_table('fetched_pages')
