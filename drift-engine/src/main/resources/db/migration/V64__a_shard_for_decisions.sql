-- What people decide leaves by a shard of its own: no host's events wait behind it.
insert into outbox_shard values (16);
update outbox set shard = 16
where sent_at is null and topic in ('patina.decisions.v1', 'patina.baselines.v1');
