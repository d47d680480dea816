package io.patina.engine.catalogue;

import io.patina.engine.life.Signatures;
import io.patina.golden.BaselineStatement;
import io.patina.golden.MalformedBaselineException;
import io.patina.manifest.Digest;
import io.patina.signing.Envelope;
import io.patina.signing.TrustRoots;
import io.patina.signing.UntrustedException;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.Optional;

/** Verifies stored envelopes with the trust roots of now, as reading the catalogue does. */
@Singleton
public final class StoredSignatures implements Signatures {

  private final TrustedKeys keys;

  public StoredSignatures(TrustedKeys keys) {
    this.keys = keys;
  }

  @Override
  public Optional<String> refused(Connection connection, Digest statement, boolean approval)
      throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            "select envelope, approved_at from baseline where statement = ?")) {
      s.setBytes(1, statement.bytes().toByteArray());
      try (ResultSet rows = s.executeQuery()) {
        if (!rows.next()) {
          return Optional.of("it is not there");
        }
        Timestamp approved = rows.getTimestamp(2);
        TrustRoots now = keys.now();
        TrustRoots then = approval || approved == null ? now : now.at(approved.toInstant());
        try {
          var unused = BaselineStatement.verify(Envelope.ofJson(rows.getString(1)), then);
          return Optional.empty();
        } catch (UntrustedException | MalformedBaselineException e) {
          return Optional.of(String.valueOf(e.getMessage()));
        }
      }
    }
  }
}
