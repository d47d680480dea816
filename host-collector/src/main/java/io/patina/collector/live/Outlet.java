package io.patina.collector.live;

import io.patina.collector.identity.HostClock;
import io.patina.collector.identity.Installation;
import io.patina.collector.reports.Reference;
import io.patina.collector.spool.Spool;
import io.patina.wire.v1.HostIdentity;

/** Where reports go, and in whose name. */
public record Outlet(
    Installation installation,
    HostIdentity host,
    HostClock clock,
    Spool spool,
    Reference reference) {}
