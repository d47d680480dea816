-- A person's word that a key is let in is by the key's name, which is what persons compare: the key itself
-- need not have been heard. And it ends.
alter table admission_grant add column key text; -- SHA-256 of the key's SubjectPublicKeyInfo, hexadecimal
update admission_grant
  set key = encode(sha256('\x302a300506032b6570032100'::bytea || public_key), 'hex');
alter table admission_grant alter column key set not null;
alter table admission_grant drop column public_key;
alter table admission_grant add column expires_at timestamptz not null default now() + interval '7 days';
alter table admission_grant alter column expires_at drop default;

-- Whoever has not said who it is is not let in by first use: its token need not be remembered.
alter table knock drop column shown;
