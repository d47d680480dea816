package io.patina.engine.ingest;

import io.patina.engine.decisions.DecisionTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;

/**
 * How far the hosts of one partition have followed what people decide. Not safe for use by several
 * threads.
 */
final class DecisionProgress {

  private final Deque<UUID> concerned = new ArrayDeque<>();
  private long followed = -1;
  private long towards = -1;

  /** Whether there are hosts that have to follow. */
  boolean isUnderWay() {
    return !concerned.isEmpty();
  }

  /** Looks whether something was decided, and for whom. */
  void look(Connection connection, Lane lane) throws SQLException {
    long revision = DecisionTable.revision(connection);
    if (followed < 0) {
      followed = DecisionTable.followed(connection, lane.topicId(), lane.part());
    }
    if (revision == followed) {
      return;
    }
    towards = revision;
    concerned.addAll(DecisionTable.concerned(connection, lane.part(), followed));
    if (concerned.isEmpty()) {
      // Not written: who starts anew looks once more and finds nobody either.
      followed = revision;
    }
  }

  /** The next hosts, at most so many. */
  List<UUID> next(int most) {
    return concerned.stream().limit(most).toList();
  }

  /** Notes that with these hosts all will have followed, if they are the last. */
  void write(Connection connection, Lane lane, int hosts) throws SQLException {
    if (hosts == concerned.size()) {
      DecisionTable.follow(connection, lane.topicId(), lane.part(), towards);
    }
  }

  /** So many hosts have followed. */
  void done(int hosts) {
    for (int i = 0; i < hosts; i++) {
      concerned.removeFirst();
    }
    if (concerned.isEmpty()) {
      followed = towards;
    }
  }
}
