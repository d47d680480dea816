-- What people decided about baselines is told on patina.decisions.v1, so that an engine that starts with
-- an empty database, or an older one, takes its catalogue up again.

-- When a person last decided; empty if only a signature did.
alter table baseline add column decided_at timestamptz;

-- What the topic told, the latest for each statement; it may come before its statement.
create table told_decision (
  statement  bytea       primary key,
  decided_at timestamptz not null,
  decision   jsonb       not null
);

-- Decisions from before are told once, and so are statements that came by the API alone.
update baseline set decided_at = coalesce(active_since, approved_at, recorded_at)
where submitted_by is not null or coalesce(approved_by, 'signature') <> 'signature'
  or state = 'retired';

insert into outbox (shard, topic, key, payload)
select 0, 'patina.baselines.v1', statement, convert_to(envelope, 'UTF8')
from baseline where submitted_by is not null;

insert into outbox (shard, topic, key, payload)
select 0, 'patina.decisions.v1', statement, convert_to(jsonb_strip_nulls(jsonb_build_object(
  'kind', 'baseline', 'statement', encode(statement, 'hex'), 'name', name, 'version', version,
  'stage', state, 'precedence', precedence, 'submittedBy', submitted_by, 'approvedBy', approved_by,
  'approvedAt', to_char(approved_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  'activeSince', to_char(active_since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  'decidedAt', to_char(decided_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  'subject', coalesce(approved_by, submitted_by, 'unknown'), 'means', 'migration',
  'why', 'decided before decisions were told'))::text, 'UTF8')
from baseline where decided_at is not null;
