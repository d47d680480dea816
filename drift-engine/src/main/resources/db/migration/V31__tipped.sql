-- Since when a host is artisanal and what tipped it, as it was known when it became so: one sentence.
alter table verdict_interval add column tipped text;
