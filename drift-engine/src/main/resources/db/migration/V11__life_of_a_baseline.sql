-- draft -> approved -> rolling-out -> active -> superseded -> retired. Every step is in the audit history.

alter table baseline drop constraint baseline_state_check;
alter table baseline add constraint baseline_state_check
  check (state in ('draft', 'approved', 'rolling-out', 'active', 'superseded', 'retired'));

-- From when on hosts are held against it; approving and activating were one step before.
alter table baseline add column active_since timestamptz;
update baseline set active_since = approved_at where state = 'active';

-- Which one goes first where several select a host; the higher. From the selector, or given on approval.
alter table baseline add column precedence int not null default 0;
update baseline set precedence = case when selector ? 'installation' then 1000 else 0 end
  + (select count(*) from jsonb_object_keys(coalesce(selector -> 'labels', '{}')));

create index baseline_rank on baseline (precedence, (selector ->> 'installation'))
  where state in ('approved', 'rolling-out', 'active');

-- What was approved before there was an audit history, as far as it is known.
insert into audit (at, subject, means, action, thing, why)
select approved_at, coalesce(approved_by, 'unknown'), 'migration', 'baseline.approved',
  'baseline ' || name || ' ' || version, 'approved before there was an audit history'
from baseline where approved_at is not null order by approved_at;

-- What was signed stays as it was signed.
create function refuse_other_content() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or (new.statement, new.name, new.version, new.manifest, new.policy, new.selector,
      new.author, new.created_at, new.signer, new.envelope)
    is distinct from (old.statement, old.name, old.version, old.manifest, old.policy, old.selector,
      old.author, old.created_at, old.signer, old.envelope) then
    raise exception 'the content of a baseline never changes' using errcode = '23001';
  end if;
  return new;
end $$;
create trigger baseline_content_stays before update or delete on baseline
  for each row execute function refuse_other_content();
