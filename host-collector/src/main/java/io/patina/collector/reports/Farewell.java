package io.patina.collector.reports;

import io.patina.collector.identity.HostClock;
import io.patina.collector.identity.Installation;
import io.patina.collector.spool.Outgoing;
import io.patina.manifest.Digest;
import io.patina.wire.v1.Announcement;
import io.patina.wire.v1.AnnouncementKind;
import io.patina.wire.v1.Report;
import io.patina.wire.v1.ReportKind;
import java.security.SecureRandom;

/** The last report of an installation, made when nothing observes it any more. */
public final class Farewell {
  private Farewell() {}

  /** "This host will not be heard again", as the only report of a start of its own. */
  public static Outgoing retired(
      Installation installation, Digest scope, HostClock clock, SecureRandom random) {
    Announcement content =
        Announcement.newBuilder()
            .setMoment(clock.now())
            .setKind(AnnouncementKind.RETIRED)
            .setDetail("asked for")
            // Its key may have changed since the engine heard of it last.
            .addAllHandovers(installation.handovers())
            .build();
    Report report = new Series(installation, scope, random).next(ReportKind.ANNOUNCEMENT, content);
    return new Outgoing(
        Outgoing.Destination.REPORTS, report.getInstallation(), report.toByteString());
  }
}
