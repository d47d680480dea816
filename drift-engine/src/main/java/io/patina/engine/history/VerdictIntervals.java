package io.patina.engine.history;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.patina.engine.state.Installation;
import io.patina.engine.state.Standing;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;

/** SQL of verdicts over time. */
public final class VerdictIntervals {

  private static final ObjectMapper JSON = new ObjectMapper();

  private VerdictIntervals() {}

  /**
   * Ends the interval before the current verdict of each installation and begins the current.
   *
   * @param tipped by installation, since when it is artisanal and what tipped it
   */
  public static void begin(
      Connection connection, Collection<Installation> installations, Map<UUID, String> tipped)
      throws SQLException {
    if (installations.isEmpty()) {
      return;
    }
    try (PreparedStatement end =
            connection.prepareStatement(
                """
                update verdict_interval set ended_at = ?
                where installation = ? and number < ? and ended_at is null
                """);
        PreparedStatement begin =
            connection.prepareStatement(
                """
                insert into verdict_interval (installation, number, host, verdict, score,
                    recommendation, sentence, reasons, baseline, catalogue_revision, observed_at,
                    breakdown, tipped)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing
                """)) {
      for (Installation i : installations) {
        Standing v = i.standing();
        end.setTimestamp(1, Timestamp.from(v.since()));
        end.setObject(2, i.id());
        end.setLong(3, v.number());
        end.addBatch();
        ArrayNode reasons = JSON.createArrayNode();
        v.reasons().forEach(reasons::add);
        begin.setObject(1, i.id());
        begin.setLong(2, v.number());
        begin.setObject(3, i.host());
        begin.setString(4, v.verdict().wireName());
        begin.setInt(5, v.score());
        begin.setString(6, v.recommendation().wireName());
        begin.setString(7, v.sentence());
        begin.setObject(8, reasons.toString(), Types.OTHER);
        var baseline = i.compared().baseline();
        begin.setBytes(9, baseline == null ? null : baseline.bytes().toByteArray());
        begin.setLong(10, i.compared().revision());
        begin.setTimestamp(11, Timestamp.from(v.since()));
        begin.setObject(12, JSON.valueToTree(v.breakdown()).toString(), Types.OTHER);
        begin.setString(13, tipped.get(i.id()));
        begin.addBatch();
      }
      end.executeBatch();
      begin.executeBatch();
    }
  }
}
