-- What changes all the time is one interval with a count.
alter table deviation add column unrest int not null default 0;    -- changes of the fact since unrest_since
alter table deviation add column unrest_since timestamptz;         -- the first of them
alter table deviation add column unrest_last timestamptz;          -- the last of them
alter table deviation add column volatile_since timestamptz;       -- null: it is not volatile
alter table deviation add column as_expected boolean not null default false; -- volatile, and just now as expected
