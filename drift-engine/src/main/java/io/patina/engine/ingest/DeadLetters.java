package io.patina.engine.ingest;

import io.patina.engine.outbox.Outbox;
import io.patina.engine.outbox.Outgoing;
import io.patina.engine.reports.Arrival;
import io.patina.engine.reports.Decoded;
import io.patina.wire.Topics;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes what could not be accepted: into the outbox for the dead letters topic, key and bytes
 * untouched, the reason in headers. Beyond the quota of its source a record is only counted.
 */
@Singleton
public final class DeadLetters {

  private static final int MOST_SOURCE_BYTES = 16;

  private final int quota;

  public DeadLetters(IngestConfig config) {
    this.quota = config.deadLettersPerHour();
  }

  void write(Connection connection, int part, List<Decoded.Refused> refused) throws SQLException {
    if (refused.isEmpty()) {
      return;
    }
    List<Outgoing> letters = new ArrayList<>();
    for (Decoded.Refused letter : refused) {
      if (count(connection, letter) <= quota) {
        letters.add(letter(part, letter));
      }
    }
    Outbox.insert(connection, letters);
  }

  /** Counts a letter; the answer is how many its source has had in this hour, this one included. */
  private long count(Connection connection, Decoded.Refused letter) throws SQLException {
    Instant hour = letter.arrival().at().truncatedTo(ChronoUnit.HOURS);
    String source = source(letter.arrival());
    long before;
    try (PreparedStatement s =
        connection.prepareStatement(
            "select coalesce(sum(kept), 0) from dead_letter_count where source = ? and hour = ?")) {
      s.setString(1, source);
      s.setTimestamp(2, Timestamp.from(hour));
      try (ResultSet rows = s.executeQuery()) {
        rows.next();
        before = rows.getLong(1);
      }
    }
    boolean kept = before < quota;
    try (PreparedStatement s =
        connection.prepareStatement(
            """
            insert into dead_letter_count (source, hour, reason, kept, dropped, last_text)
            values (?, ?, ?, ?, ?, ?)
            on conflict (source, hour, reason) do update set
              kept = dead_letter_count.kept + excluded.kept,
              dropped = dead_letter_count.dropped + excluded.dropped,
              last_text = excluded.last_text
            """)) {
      s.setString(1, source);
      s.setTimestamp(2, Timestamp.from(hour));
      s.setString(3, letter.why().wireName());
      s.setInt(4, kept ? 1 : 0);
      s.setInt(5, kept ? 0 : 1);
      s.setString(6, letter.text());
      s.executeUpdate();
    }
    return before + 1;
  }

  private static Outgoing letter(int part, Decoded.Refused letter) {
    Arrival a = letter.arrival();
    Map<String, String> headers = new TreeMap<>();
    headers.put("patina-reason", letter.why().wireName());
    headers.put("patina-explanation", letter.text());
    headers.put("patina-topic", Topics.REPORTS);
    headers.put("patina-partition", String.valueOf(a.part()));
    headers.put("patina-offset", String.valueOf(a.offset()));
    headers.put("patina-appended", a.at().toString());
    return new Outgoing(
        Math.floorMod(part, Outbox.SHARDS),
        Topics.DEAD_LETTERS,
        a.key().toByteArray(),
        headers,
        a.value().toByteArray());
  }

  private static String source(Arrival arrival) {
    byte[] key = arrival.key().toByteArray();
    return HexFormat.of().formatHex(key, 0, Math.min(key.length, MOST_SOURCE_BYTES));
  }
}
