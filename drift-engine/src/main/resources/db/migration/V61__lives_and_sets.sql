-- An installation that a person joins to a host is that host's latest life, and one that has been taken
-- out of it leaves a gap in the numbers of the others.
create or replace function number_life() returns trigger language plpgsql as $$
begin
  new.life := 1 + coalesce(
    (select max(life) from installation where host = new.host and id <> new.id), 0);
  return new;
end $$;
create trigger installation_joined before update of host on installation
  for each row when (old.host is distinct from new.host) execute function number_life();
update installation i set life = n.life from (
  select id, row_number() over (
    partition by host order by replaced_at is null, replaced_at, first_seen, id) as life
  from installation) n
where n.id = i.id and n.life <> i.life;

-- For the sweep: shares that ended long ago, and sets that no host has.
create index drift_share_ended on drift_share (closed_recorded_at) where end_latest is not null;
create index drift_share_any on drift_share (set_id);
