package io.patina.engine.catalogue;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;

/** Reads the catalogue within a transaction; reads tables only when the revision has changed. */
@Singleton
public final class CatalogueReader {

  private final TrustedKeys keys;
  private volatile Catalogue last = Catalogue.NONE;

  public CatalogueReader(TrustedKeys keys) {
    this.keys = keys;
  }

  /** What is active as this transaction sees it. */
  public Catalogue read(Connection connection) throws SQLException {
    long revision = BaselineTable.revision(connection);
    Catalogue known = last;
    if (known.revision() == revision) {
      return known;
    }
    Catalogue read = BaselineTable.read(connection, revision, keys.now());
    last = read;
    return read;
  }
}
