-- Why: what a deviation's cause rests on, and the deviations of one cause at one time as one group.

alter table deviation add column because text not null default '';  -- evidence, safe to print
alter table deviation add column actor text not null default '';    -- whose doing: pod, login, tool
alter table deviation add column group_id uuid;                     -- null: cause pending, or from before
alter table deviation add column tell_at timestamptz;               -- cause may change until then; null: settled
create index deviation_group_open on deviation (group_id) where end_latest is null;

create table deviation_group (
  id             uuid        primary key,
  installation   uuid        not null references installation,
  host           uuid        not null references host,
  cause          text        not null,
  actor          text        not null,
  because        text        not null,
  deviations     bigint      not null,        -- that ever belonged to it, those without a row too
  onset_earliest timestamptz,                 -- of the first, as the deviation has it
  onset_latest   timestamptz not null,
  latest         timestamptz not null,        -- onset of the last
  observed_at    timestamptz not null,
  recorded_at    timestamptz not null default now(),
  told_at        timestamptz                  -- when it was notified of; null: not yet
);
create index deviation_group_host on deviation_group (host, onset_latest desc, id desc);

-- What people said of groups; the last word counts, none is forgotten.
create table group_acknowledgement (
  group_id    uuid        not null references deviation_group,
  number      int         not null,
  by_whom     text        not null,
  ticket      text        not null,
  authorised  boolean     not null,
  note        text        not null,
  recorded_at timestamptz not null default now(),
  primary key (group_id, number)
);
