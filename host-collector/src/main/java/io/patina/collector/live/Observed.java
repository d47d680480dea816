package io.patina.collector.live;

import io.patina.collector.files.RootDirectory;
import io.patina.collector.mounts.MountTable;
import io.patina.facts.Attributes;
import io.patina.scope.Scope;
import java.util.List;
import java.util.function.Supplier;

/**
 * What is observed, and through what.
 *
 * @param mounts reads the mount table as seen from the root
 * @param readers of the facets in scope, other than files
 */
public record Observed(
    RootDirectory root, Scope scope, Supplier<MountTable> mounts, List<FacetReader> readers) {
  public Observed {
    readers = List.copyOf(readers);
  }

  /** Whether MD5 is observed of any file. */
  boolean readsMd5() {
    return scope.attributes().stream().anyMatch(r -> r.names().contains(Attributes.MD5));
  }
}
