package io.patina.collector.live;

import io.patina.collector.mounts.Mount;
import io.patina.collector.mounts.MountTable;
import java.util.List;
import java.util.function.Supplier;

/** Whether the mount table is another than when it was read last. For one thread. */
final class MountChanges {
  private final Supplier<MountTable> table;
  private List<Mount> before;

  MountChanges(Supplier<MountTable> table) {
    this.table = table;
    this.before = table.get().mounts();
  }

  boolean haveChanged() {
    List<Mount> now = table.get().mounts();
    boolean changed = !now.equals(before);
    before = now;
    return changed;
  }
}
