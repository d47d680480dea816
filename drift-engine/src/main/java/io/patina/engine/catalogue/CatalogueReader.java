package io.patina.engine.catalogue;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Reads the catalogue within a transaction; reads tables only when the revision has changed. */
@Singleton
public final class CatalogueReader {

  private static final int WAITING = 200;

  private final TrustedKeys keys;
  private volatile Catalogue last = Catalogue.NONE;

  public CatalogueReader(TrustedKeys keys) {
    this.keys = keys;
  }

  /** What waits to be active, the newest first, at most 200. */
  public List<Waiting> waiting(Connection connection) throws SQLException {
    return BaselineTable.waiting(connection, keys.now(), WAITING);
  }

  /** One baseline, whatever its stage; empty if there is none, or its signature is not trusted. */
  public Optional<Waiting> find(Connection connection, String name, String version)
      throws SQLException {
    return BaselineTable.find(connection, keys.now(), name, version);
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
