-- Which process made what a deviation is about, as the host told when it opened: text that is safe
-- to show. Null: nobody knows.
alter table deviation add column written_by jsonb;
