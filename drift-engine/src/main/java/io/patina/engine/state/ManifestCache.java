package io.patina.engine.state;

import io.patina.manifest.Digest;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Manifests in memory, least recently used first out, bounded by their canonical size. They are
 * immutable and named by content, so that losing a partition makes none of them stale. Safe for
 * threads.
 */
@Singleton
public final class ManifestCache {

  private final long bound;
  private final Map<Digest, Reference> held = new LinkedHashMap<>(16, 0.75f, true);
  private long size;

  @Inject
  public ManifestCache(StateConfig config) {
    this.bound = config.manifestCache().asLongValue();
  }

  /**
   * @param bound canonical bytes
   */
  public ManifestCache(long bound) {
    this.bound = bound;
  }

  /** The manifest of that digest, or empty if the database does not hold it. */
  public synchronized Optional<Reference> get(Connection connection, Digest digest)
      throws SQLException {
    Reference known = held.get(digest);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<Reference> read = ManifestTable.read(connection, digest);
    read.ifPresent(this::put);
    return read;
  }

  /** Keeps a manifest that has just been made. */
  public synchronized void put(Reference reference) {
    if (held.put(reference.manifest().digest(), reference) == null) {
      size += reference.manifest().bytes();
    }
    Iterator<Reference> oldest = held.values().iterator();
    // The newest stays even if it alone is over the bound: it is in use.
    while (size > bound && held.size() > 1) {
      size -= oldest.next().manifest().bytes();
      oldest.remove();
    }
  }
}
