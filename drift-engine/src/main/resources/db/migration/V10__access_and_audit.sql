-- Who may ask what, and what people decided.

-- What people and their machines decided: appended to, never changed.
create table audit (
  id      bigint      generated always as identity primary key,
  at      timestamptz not null default now(),
  subject text        not null,               -- as authenticated
  means   text        not null,               -- by what: token, oidc, token-file, signature, migration
  action  text        not null,               -- token.made, baseline.approved, ...
  thing   text        not null,               -- token ID, baseline NAME VERSION
  why     text        not null default '',
  data    jsonb       not null default '{}'
);
create index audit_thing on audit (thing, id);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is appended to only', tg_table_name using errcode = '23001';
end $$;
create trigger audit_stays before update or delete on audit
  for each row execute function refuse_change();
create trigger audit_stays_whole before truncate on audit
  for each statement execute function refuse_change();

-- Bearer tokens. Their text is 32 random bytes, so that one SHA-256 without salt cannot be guessed.
create table access_token (
  id         uuid        primary key,
  digest     bytea       not null unique,
  subject    text        not null,            -- whose actions its holder's are
  roles      text[]      not null,
  note       text        not null default '',
  created_by text        not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  revoked_by text
);

-- Who handed a statement in by the API, as authenticated: may not approve it. Null: the topic brought it.
alter table baseline add column submitted_by text;
