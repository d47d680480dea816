package io.patina.engine.ingest;

import com.google.protobuf.ByteString;
import io.patina.engine.history.Event;
import io.patina.engine.judge.JudgeConfig;
import io.patina.engine.reports.Content;
import io.patina.engine.reports.Continuity;
import io.patina.engine.reports.Continuity.Answer;
import io.patina.engine.reports.Decoded;
import io.patina.engine.reports.Decoded.Accepted;
import io.patina.engine.reports.Refusal;
import io.patina.engine.retirement.RetirementConfig;
import io.patina.engine.state.Conflict;
import io.patina.engine.state.Contact;
import io.patina.engine.state.Installation;
import io.patina.engine.state.InstallationTable;
import io.patina.engine.state.SnapshotParts;
import io.patina.engine.state.Starts;
import io.patina.wire.v1.AnnouncementKind;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Decides whether a report is the next word of the one machine that an installation is. */
@Singleton
public final class Identities {

  private final Duration conflictQuiet;
  private final Duration retirementGrace;

  public Identities(JudgeConfig config, RetirementConfig retirement) {
    this.retirementGrace = retirement.grace();
    this.conflictQuiet = config.conflictQuiet();
  }

  /**
   * Takes note of a report.
   *
   * @return how many reports are missing before it; empty if it must not be applied
   */
  Optional<Long> admit(Host host, Accepted report, SliceWork work) throws SQLException {
    Installation i = host.installation();
    Contact c = i.contact();
    ByteString signature = report.report().getSignature();
    Optional<Long> replacedAt =
        report.incarnation().equals(c.incarnation())
            ? Optional.empty()
            : InstallationTable.superseded(work.connection(), i.id(), report.incarnation());
    return switch (Continuity.of(c, report, replacedAt)) {
      case Answer.Next next -> {
        heard(i, report, Continuity.remember(c.recent(), signature));
        yield Optional.of(0L);
      }
      case Answer.Gap gap -> {
        heard(i, report, Continuity.remember(signature));
        yield Optional.of(gap.missing());
      }
      case Answer.Started started -> {
        restarted(host, report, work);
        heard(i, report, Continuity.remember(signature));
        yield Optional.of(started.missing());
      }
      case Answer.Duplicate duplicate -> {
        work.report("duplicate");
        yield Optional.empty();
      }
      case Answer.Replayed replayed -> {
        work.refuse(
            new Decoded.Refused(
                report.arrival(),
                Refusal.REPLAYED,
                "an earlier start of the collector reported this before"));
        yield Optional.empty();
      }
      case Answer.Contradiction contradiction -> {
        conflict(host, report, contradiction.reason(), work);
        yield Optional.empty();
      }
    };
  }

  /**
   * Brings a retired host back if it is there after all: its collector has started anew, or goes on
   * for longer than somebody needs to switch the host off.
   *
   * @param before the contact before this report
   */
  void comesBack(Host host, Accepted report, Contact before, SliceWork work) {
    Installation i = host.installation();
    Optional<Installation.Announced> retired = i.announced();
    boolean farewell =
        report.content() instanceof Content.Announced a
            && a.message().getKind() == AnnouncementKind.RETIRED;
    if (!i.isRetired() || retired.isEmpty() || farewell) {
      return;
    }
    boolean anew = !report.incarnation().equals(before.incarnation());
    if (anew || report.arrival().at().isAfter(retired.get().at().plus(retirementGrace))) {
      i.returned();
      host.mustBeJudged();
      work.event(
          EventData.report(i, report, Event.HOST_RETURNED, "since", retired.get().at().toString()));
    }
  }

  private static void heard(Installation i, Accepted report, ByteString recent) {
    Instant at = report.arrival().at();
    Contact before = i.contact();
    i.contact(
        new Contact(
            at.isAfter(before.lastSeen()) ? at : before.lastSeen(),
            report.reportedAt(),
            // What is missing or not proven says nothing of what is: HostReports moves it.
            before.seenAt(),
            report.incarnation(),
            report.sequence(),
            recent,
            before.intervalSeconds()));
  }

  private void restarted(Host host, Accepted report, SliceWork work) throws SQLException {
    Installation i = host.installation();
    Contact before = i.contact();
    InstallationTable.supersede(
        work.connection(), i.id(), before.incarnation(), before.sequence(), report.arrival().at());
    SnapshotParts.clear(work.connection(), i.id());
    work.event(EventData.restarted(i, report, before.lastSeen()));
    Optional<Conflict> conflict = i.conflict();
    if (conflict.isPresent()
        && !report.arrival().at().isBefore(conflict.get().at().plus(conflictQuiet))) {
      i.conflict(Optional.empty());
      host.mustBeJudged();
      work.event(
          EventData.report(i, report, Event.IDENTITY_CLEARED, "reason", conflict.get().reason()));
    }
  }

  private static void conflict(Host host, Accepted report, String reason, SliceWork work) {
    work.refuse(new Decoded.Refused(report.arrival(), Refusal.IDENTITY_CONFLICT, reason));
    suspect(host, report, reason, work);
  }

  /**
   * Takes note of how often the state directory has been started on. A count that falls, or that
   * another start has claimed, means that the directory is a copy or was put back: a conflict, but
   * the reports are taken, because this may be the one machine that is left.
   */
  void counted(Host host, Accepted report, long starts, SliceWork work) {
    Installation i = host.installation();
    Starts before = i.starts();
    if (starts <= 0) {
      return;
    }
    boolean same = report.incarnation().equals(before.incarnation());
    if (!same && starts <= before.count()) {
      suspect(
          host,
          report,
          "its state directory is a copy, or was put back to an earlier state: start "
              + starts
              + " after start "
              + before.count(),
          work);
    }
    i.starts(new Starts(starts, report.incarnation()));
  }

  private static void suspect(Host host, Accepted report, String reason, SliceWork work) {
    Installation i = host.installation();
    Instant at = report.arrival().at();
    work.touch(host);
    if (i.conflict().isEmpty()) {
      host.mustBeJudged();
      work.event(EventData.report(i, report, Event.IDENTITY_CONFLICT, "reason", reason));
    }
    i.conflict(Optional.of(new Conflict(i.conflict().map(Conflict::since).orElse(at), at, reason)));
  }
}
