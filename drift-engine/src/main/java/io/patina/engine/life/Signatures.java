package io.patina.engine.life;

import io.patina.manifest.Digest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** Says whether the signature of a baseline that was taken in still counts. */
public interface Signatures {
  /**
   * Why it does not; empty if it does.
   *
   * @param approval whether it is to count for an approval; later steps rest on the time of that
   */
  Optional<String> refused(Connection connection, Digest statement, boolean approval)
      throws SQLException;
}
