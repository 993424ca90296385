"""the audit becomes a chain, identities know their key, requests of persons have a queue, retention has a table"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from listener.store.audit import chain_existing

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


# Erasing a person's data changes histories, and says so for its transaction first. The audit is never changed at all.
TRIGGERS = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME <> 'audit' AND current_setting('listener.erasing', true) = 'on' THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_never_emptied BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


def upgrade() -> None:
    op.create_table('audit_checks',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('checked_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('rows', sa.BigInteger(), nullable=False),
    sa.Column('head', sa.Text(), nullable=False),
    sa.Column('broken_id', sa.BigInteger(), nullable=True),
    sa.Column('problem', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_checks'))
    )
    op.create_table('data_requests',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('item_id', sa.BigInteger(), nullable=False),
    sa.Column('code_hash', sa.Text(), nullable=False),
    sa.Column('whole_person', sa.Boolean(), nullable=False),
    sa.Column('state', sa.Text(), server_default='new', nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('answer_due', sa.DateTime(timezone=True), nullable=False),
    sa.Column('erase_due', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.BigInteger(), nullable=True),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('proof', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
    sa.ForeignKeyConstraint(['decided_by'], ['accounts.id'], name=op.f('fk_data_requests_decided_by')),
    sa.ForeignKeyConstraint(['item_id'], ['items.id'], name=op.f('fk_data_requests_item_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_data_requests'))
    )
    op.create_index(op.f('ix_data_requests_code_hash'), 'data_requests', ['code_hash'], unique=False)
    op.create_table('retention',
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('days', sa.Integer(), nullable=False),
    sa.Column('last_run', sa.DateTime(timezone=True), nullable=True),
    sa.Column('purged', sa.Integer(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('what', name=op.f('pk_retention'))
    )
    op.execute("INSERT INTO retention (what, days) VALUES ('author', 180)")
    op.add_column('items', sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index('ix_items_author_key', 'items', ['author_key'], unique=False, postgresql_where=sa.text('author_key IS NOT NULL'))
    op.add_column('senders', sa.Column('key_id', sa.Text(), server_default='', nullable=False))
    op.create_index(op.f('ix_senders_key_id'), 'senders', ['key_id'], unique=False)
    _chain_audit()


def _chain_audit() -> None:
    op.execute("DROP TRIGGER audit_append_only ON audit")
    op.execute("LOCK TABLE audit IN EXCLUSIVE MODE")
    op.add_column('audit', sa.Column('previous', sa.Text(), nullable=True))
    op.add_column('audit', sa.Column('hash', sa.Text(), nullable=True))
    chain_existing(op.get_bind())
    op.alter_column('audit', 'previous', nullable=False)
    op.alter_column('audit', 'hash', nullable=False)
    op.create_unique_constraint(op.f('uq_audit_previous'), 'audit', ['previous'])
    op.create_index('ix_audit_item_id', 'audit', ['item_id'], unique=False)
    op.get_bind().connection.cursor().execute(TRIGGERS)


def downgrade() -> None:
    raise RuntimeError("a chain is not unchained: restore the database from before instead")
