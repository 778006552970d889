"""Spells, verifications, wages, risks, services, claims and the ledger."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from libs.common.messaging_tables import create_plumbing, drop_plumbing

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_plumbing(op.get_bind(), "retention")
    op.create_table('introduction',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('county', sa.Text(), nullable=False),
        sa.Column('city', sa.Text(), nullable=False),
        sa.Column('vacancy', sa.Uuid(), nullable=True),
        sa.Column('person', sa.Uuid(), nullable=True),
        sa.Column('guest', sa.Uuid(), nullable=True),
        sa.Column('employer_uscc', sa.Text(), nullable=True),
        sa.Column('occupation', sa.Text(), nullable=True),
        sa.Column('hired_on', sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint('id'),
        schema='retention'
    )
    op.create_index('introduction_person', 'introduction', ['person'], unique=False, schema='retention')
    op.create_table('ledger',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('person', sa.Uuid(), nullable=False),
        sa.Column('policy', sa.Text(), nullable=False),
        sa.Column('period', sa.Text(), nullable=False),
        sa.Column('region', sa.Text(), nullable=False),
        sa.Column('claim', sa.Uuid(), nullable=False),
        sa.Column('amount_fen', sa.Integer(), nullable=False),
        sa.Column('on', sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('person', 'policy', 'period', name='ledger_once'),
        schema='retention'
    )
    op.create_table('person',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('township', sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint('id'),
        schema='retention'
    )
    op.create_table('service',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('county', sa.Text(), nullable=False),
        sa.Column('region', sa.Text(), nullable=False),
        sa.Column('person', sa.Uuid(), nullable=True),
        sa.Column('introduction', sa.Uuid(), nullable=True),
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('topic', sa.Text(), nullable=True),
        sa.Column('hours', sa.Integer(), nullable=True),
        sa.Column('on', sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint('id'),
        schema='retention'
    )
    op.create_index('service_on', 'service', ['county', 'on'], unique=False, schema='retention')
    op.create_table('statement',
        sa.Column('division', sa.Text(), nullable=False),
        sa.Column('as_of', sa.Date(), nullable=False),
        sa.Column('figures', postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint('division', 'as_of'),
        schema='retention'
    )
    op.create_table('vacancy',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('city', sa.Text(), nullable=False),
        sa.Column('employer_uscc', sa.Text(), nullable=True),
        sa.Column('employer_name', sa.Text(), nullable=False),
        sa.Column('title', sa.Text(), nullable=False),
        sa.Column('occupation', sa.Text(), nullable=True),
        sa.Column('wage', sa.Integer(), nullable=False),
        sa.Column('openings_left', sa.Integer(), nullable=False),
        sa.Column('withdrawn', sa.Boolean(), server_default=sa.text('false'), nullable=False),
        sa.PrimaryKeyConstraint('id'),
        schema='retention'
    )
    op.create_table('claim',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('county', sa.Text(), nullable=False),
        sa.Column('region', sa.Text(), nullable=False),
        sa.Column('person', sa.Uuid(), nullable=True),
        sa.Column('introduction', sa.Uuid(), nullable=False),
        sa.Column('policy', sa.Text(), nullable=False),
        sa.Column('rule', sa.Text(), nullable=False),
        sa.Column('period', sa.Text(), nullable=False),
        sa.Column('amount_fen', sa.Integer(), nullable=True),
        sa.Column('state', sa.Text(), nullable=False),
        sa.Column('on', sa.Date(), nullable=False),
        sa.Column('decided_on', sa.Date(), nullable=True),
        sa.Column('reason', sa.Text(), nullable=True),
        sa.Column('earlier_region', sa.Text(), nullable=True),
        sa.Column('earlier_period', sa.Text(), nullable=True),
        sa.Column('version', sa.Integer(), server_default=sa.text('1'), nullable=False),
        sa.ForeignKeyConstraint(['introduction'], ['retention.introduction.id'], ),
        sa.PrimaryKeyConstraint('id'),
        schema='retention'
    )
    op.create_table('finding',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('introduction', sa.Uuid(), nullable=False),
        sa.Column('quarter', sa.Text(), nullable=False),
        sa.Column('node', sa.Text(), nullable=False),
        sa.Column('outcome', sa.Text(), nullable=False),
        sa.Column('grade', sa.Text(), nullable=True),
        sa.Column('on', sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(['introduction'], ['retention.introduction.id'], ),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('introduction', 'node', 'on', name='finding_once'),
        schema='retention'
    )
    op.create_table('spell',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('introduction', sa.Uuid(), nullable=False),
        sa.Column('county', sa.Text(), nullable=False),
        sa.Column('city', sa.Text(), nullable=False),
        sa.Column('vacancy', sa.Uuid(), nullable=False),
        sa.Column('employer_uscc', sa.Text(), nullable=True),
        sa.Column('occupation', sa.Text(), nullable=True),
        sa.Column('start', sa.Date(), nullable=False),
        sa.Column('wage_fen', sa.Integer(), nullable=False),
        sa.Column('assisted', sa.Boolean(), nullable=False),
        sa.Column('previous', sa.Uuid(), nullable=True),
        sa.Column('end', sa.Date(), nullable=True),
        sa.Column('reason', sa.Text(), nullable=True),
        sa.Column('returned_home', sa.Boolean(), server_default=sa.text('false'), nullable=False),
        sa.Column('version', sa.Integer(), server_default=sa.text('1'), nullable=False),
        sa.ForeignKeyConstraint(['introduction'], ['retention.introduction.id'], ),
        sa.PrimaryKeyConstraint('id'),
        schema='retention'
    )
    op.create_index('spell_employer', 'spell', ['employer_uscc'], unique=False, schema='retention')
    op.create_index('spell_introduction', 'spell', ['introduction'], unique=False, schema='retention')
    op.create_index('spell_open', 'spell', ['introduction'], unique=True, schema='retention', postgresql_where=sa.text('"end" IS NULL'))
    op.create_table('verification',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('introduction', sa.Uuid(), nullable=False),
        sa.Column('quarter', sa.Text(), nullable=False),
        sa.Column('owner', sa.Text(), nullable=False),
        sa.Column('moved_on', sa.Date(), nullable=False),
        sa.Column('outcome', sa.Text(), nullable=True),
        sa.Column('grade', sa.Text(), nullable=True),
        sa.Column('answered_on', sa.Date(), nullable=True),
        sa.Column('version', sa.Integer(), server_default=sa.text('1'), nullable=False),
        sa.ForeignKeyConstraint(['introduction'], ['retention.introduction.id'], ),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('introduction', 'quarter', name='verification_quarter'),
        schema='retention'
    )
    op.create_index('verification_list', 'verification', ['quarter', 'id'], unique=False, schema='retention')
    op.create_table('evidence',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('claim', sa.Uuid(), nullable=False),
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('month', sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column('on', sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(['claim'], ['retention.claim.id'], ),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('claim', 'kind', 'month', name='evidence_once'),
        schema='retention'
    )
    op.create_table('risk',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('spell', sa.Uuid(), nullable=False),
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('on', sa.Date(), nullable=False),
        sa.Column('last_day', sa.Date(), nullable=False),
        sa.Column('deadline', sa.Date(), nullable=False),
        sa.Column('answered_on', sa.Date(), nullable=True),
        sa.Column('answer', sa.Text(), nullable=True),
        sa.Column('answer_spell', sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(['spell'], ['retention.spell.id'], ),
        sa.PrimaryKeyConstraint('id'),
        schema='retention'
    )
    op.create_index('risk_open', 'risk', ['spell'], unique=True, schema='retention', postgresql_where=sa.text('answer IS NULL'))
    op.create_table('wage',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('spell', sa.Uuid(), nullable=False),
        sa.Column('month', sa.Text(), nullable=False),
        sa.Column('amount_fen', sa.Integer(), nullable=False),
        sa.Column('evidence', sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(['spell'], ['retention.spell.id'], ),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('spell', 'month', name='wage_month'),
        schema='retention'
    )


def downgrade() -> None:
    op.drop_table('wage', schema='retention')
    op.drop_index('risk_open', table_name='risk', schema='retention', postgresql_where=sa.text('answer IS NULL'))
    op.drop_table('risk', schema='retention')
    op.drop_table('evidence', schema='retention')
    op.drop_index('verification_list', table_name='verification', schema='retention')
    op.drop_table('verification', schema='retention')
    op.drop_index('spell_open', table_name='spell', schema='retention', postgresql_where=sa.text('"end" IS NULL'))
    op.drop_index('spell_introduction', table_name='spell', schema='retention')
    op.drop_index('spell_employer', table_name='spell', schema='retention')
    op.drop_table('spell', schema='retention')
    op.drop_table('finding', schema='retention')
    op.drop_table('claim', schema='retention')
    op.drop_table('vacancy', schema='retention')
    op.drop_table('statement', schema='retention')
    op.drop_index('service_on', table_name='service', schema='retention')
    op.drop_table('service', schema='retention')
    op.drop_table('person', schema='retention')
    op.drop_table('ledger', schema='retention')
    op.drop_index('introduction_person', table_name='introduction', schema='retention')
    op.drop_table('introduction', schema='retention')
    drop_plumbing(op.get_bind(), "retention")
