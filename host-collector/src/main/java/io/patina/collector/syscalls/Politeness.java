package io.patina.collector.syscalls;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How much the calling thread stands back for others. On Linux each of these concerns one thread
 * when asked for "process 0" (setpriority(2), ioprio_set(2), sched_setscheduler(2)). Lowering needs
 * no privilege; raising again does.
 */
public final class Politeness {
  private static final Abi ABI = Abi.HERE;

  private Politeness() {}

  /** Nice value -20..19 of the calling thread; 0 or a negated errno. */
  public static int nice(int value) {
    return (int) Native64.call(ABI.setpriority(), 0, 0, value);
  }

  /** Best-effort I/O class at level 0 (first) to 7 (last); 0 or a negated errno. */
  public static int bestEffortIo(int level) {
    return ioPriority(2 << 13 | level);
  }

  /** I/O only when nobody else wants any; 0 or a negated errno. */
  public static int idleIo() {
    return ioPriority(3 << 13);
  }

  private static int ioPriority(int value) {
    return (int) Native64.call(ABI.ioprioSet(), 1, 0, value);
  }

  /** SCHED_BATCH for the calling thread: longer slices, no wake-up bonus; 0 or a negated errno. */
  public static int batch() {
    ByteBuffer parameters = ByteBuffer.allocateDirect(8).order(ByteOrder.LITTLE_ENDIAN);
    try {
      return (int) Native64.call(ABI.schedSetscheduler(), 0, 3, Native64.addressOf(parameters));
    } finally {
      Reference.reachabilityFence(parameters);
    }
  }
}
