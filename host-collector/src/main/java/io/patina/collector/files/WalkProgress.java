package io.patina.collector.files;

import java.util.concurrent.atomic.LongAdder;

/** How far a walk has come; any thread may look. */
public final class WalkProgress {
  final LongAdder entries = new LongAdder();
  final LongAdder bytes = new LongAdder();

  /** Files, directories, links looked at so far. */
  public long entries() {
    return entries.sum();
  }

  /** Bytes of file content read so far. */
  public long bytes() {
    return bytes.sum();
  }
}
