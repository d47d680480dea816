-- What was pending when causes came to settle by tell_at: it settles when it was to.
update deviation set tell_at = settles_at
  where end_latest is null and cause = 'pending' and tell_at is null;
