"""clocks and moves"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0004'
down_revision = '0002'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table('office_clocks',
    sa.Column('department_code', sa.Text(), nullable=False),
    sa.Column('hours', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('days', postgresql.ARRAY(sa.BigInteger()), nullable=False),
    sa.Column('waiting_days', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('department_code', name=op.f('pk_office_clocks'))
    )
    op.create_table('rejected_pairs',
    sa.Column('first_id', sa.BigInteger(), nullable=False),
    sa.Column('second_id', sa.BigInteger(), nullable=False),
    sa.Column('rejected_at', MOMENT, server_default=sa.text('now()'), nullable=False),
    sa.ForeignKeyConstraint(['first_id'], ['items.id'], name=op.f('fk_rejected_pairs_first_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['second_id'], ['items.id'], name=op.f('fk_rejected_pairs_second_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('first_id', 'second_id', name=op.f('pk_rejected_pairs'))
    )
    op.add_column('assignments', sa.Column('paused_at', MOMENT, nullable=True))
    op.add_column('assignments', sa.Column('paused_hours', sa.Double(), server_default='0', nullable=False))
    op.add_column('assignments', sa.Column('asked_hours', sa.Integer(), nullable=True))
    op.add_column('assignments', sa.Column('asked_reason', sa.Text(), nullable=True))
    op.add_column('assignments', sa.Column('extended_hours', sa.Integer(), server_default='0', nullable=False))
    op.add_column('assignments', sa.Column('extended_reason', sa.Text(), nullable=True))
    op.add_column('assignments', sa.Column('next_warning_at', MOMENT, nullable=True))
    op.create_index('ix_assignments_next_warning_at', 'assignments', ['next_warning_at'], postgresql_where=sa.text('active'))
    op.create_index('ix_assignments_coordinating', 'assignments', ['coordinating'], postgresql_using='gin')
    # Desks that were given out before the ladder of warnings: the next look decides what is due to be said.
    op.execute("UPDATE assignments SET next_warning_at = now() WHERE active AND state IN ('assigned', 'accepted')")
    op.add_column('items', sa.Column('waiting_until', MOMENT, nullable=True))
    op.add_column('items', sa.Column('merged_into', sa.BigInteger(), nullable=True))
    op.add_column('items', sa.Column('public_at', MOMENT, nullable=True))
    op.add_column('items', sa.Column('public_text', sa.Text(), nullable=True))
    op.create_index(op.f('ix_items_waiting_until'), 'items', ['waiting_until'])
    op.create_index(op.f('ix_items_merged_into'), 'items', ['merged_into'])
    op.create_index(op.f('ix_items_public_at'), 'items', ['public_at'])
    op.create_foreign_key(op.f('fk_items_merged_into'), 'items', 'items', ['merged_into'], ['id'], ondelete='SET NULL')


def downgrade() -> None:
    op.drop_constraint(op.f('fk_items_merged_into'), 'items', type_='foreignkey')
    for name in ('ix_items_public_at', 'ix_items_merged_into', 'ix_items_waiting_until'):
        op.drop_index(op.f(name), table_name='items')
    for name in ('public_text', 'public_at', 'merged_into', 'waiting_until'):
        op.drop_column('items', name)
    for name in ('ix_assignments_coordinating', 'ix_assignments_next_warning_at'):
        op.drop_index(name, table_name='assignments')
    for name in ('next_warning_at', 'extended_reason', 'extended_hours', 'asked_reason', 'asked_hours', 'paused_hours', 'paused_at'):
        op.drop_column('assignments', name)
    op.drop_table('rejected_pairs')
    op.drop_table('office_clocks')
