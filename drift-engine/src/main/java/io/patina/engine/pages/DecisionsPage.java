package io.patina.engine.pages;

import io.patina.engine.maintenance.Maintenance;
import io.patina.engine.retirement.RetiredHost;
import io.patina.engine.waivers.Waiver;
import io.patina.facts.Escaped;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What people decided of hosts: waivers, maintenances, hosts out of service. */
record DecisionsPage(
    String now,
    String headline,
    List<WaiverRow> waivers,
    List<MaintenanceRow> maintenances,
    List<RetiredRow> retired) {

  /**
   * One waiver.
   *
   * @param soon whether it expires soon
   */
  record WaiverRow(
      String id,
      String pattern,
      String hosts,
      String state,
      boolean soon,
      String reason,
      String ticket,
      String owner,
      String approver,
      String until) {}

  /** One maintenance. */
  record MaintenanceRow(
      String id, String hosts, String reason, String ticket, String by, String until) {}

  /** One host out of service. */
  record RetiredRow(
      String name,
      String href,
      String pool,
      String by,
      String reason,
      Words.@Nullable Time since) {}

  static DecisionsPage from(
      List<Waiver> waivers,
      List<Maintenance> maintenances,
      List<RetiredHost> retired,
      Instant now) {
    long expiring = waivers.stream().filter(w -> w.state(now) == Waiver.State.EXPIRING).count();
    long waiting = waivers.stream().filter(w -> w.state(now) == Waiver.State.REQUESTED).count();
    return new DecisionsPage(
        Words.minute(now),
        headline(waivers.size(), expiring, waiting),
        waivers.stream().map(w -> waiver(w, now)).toList(),
        maintenances.stream().map(DecisionsPage::maintenance).toList(),
        retired.stream()
            .map(
                r ->
                    new RetiredRow(
                        r.name().isEmpty() ? "(no name) " + r.host() : Escaped.text(r.name()),
                        "/hosts/" + r.host(),
                        Escaped.text(r.pool()),
                        r.by() == null ? "its collector" : Escaped.text(r.by()),
                        r.reason() == null ? "" : Escaped.text(r.reason()),
                        Words.Time.of(r.retiredAt(), now)))
            .toList());
  }

  private static String headline(long waivers, long expiring, long waiting) {
    if (waivers == 0) {
      return "Nothing is waived.";
    }
    StringBuilder text = new StringBuilder(Words.counted(waivers, "waiver", "waivers"));
    if (expiring > 0) {
      text.append(", ").append(Words.counted(expiring, "expires", "expire")).append(" soon");
    }
    if (waiting > 0) {
      text.append(", ").append(Words.counted(waiting, "waits", "wait")).append(" for approval");
    }
    return text.append('.').toString();
  }

  private static WaiverRow waiver(Waiver w, Instant now) {
    return new WaiverRow(
        w.id().toString(),
        w.pattern().text(),
        w.extent().text(),
        switch (w.state(now)) {
          case REQUESTED -> "waits for approval";
          case IN_FORCE -> "in force";
          case EXPIRING -> "expires soon";
          case EXPIRED -> "expired";
          case REVOKED -> "revoked";
        },
        w.state(now) == Waiver.State.EXPIRING,
        Escaped.text(w.reason()),
        Escaped.text(w.ticket()),
        Escaped.text(w.owner()),
        w.approved().map(a -> "approved by " + Escaped.text(a.by())).orElse("not approved yet"),
        Words.minute(w.expiresAt()));
  }

  private static MaintenanceRow maintenance(Maintenance m) {
    return new MaintenanceRow(
        m.id().toString(),
        m.extent().text(),
        Escaped.text(m.reason()),
        Escaped.text(m.ticket()),
        Escaped.text(m.begunBy()),
        Words.minute(m.until()));
  }
}
