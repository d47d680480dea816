package io.patina.collector.syscalls;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Waits by ppoll(2) for a descriptor's events, for a change of the mount table (proc_mounts(5)), or
 * to be interrupted. One thread waits, any may interrupt.
 */
final class NoticeWait {
  private static final int NON_BLOCKING_CLOEXEC = 0x80800;
  private static final int POLLIN = 1;
  private static final int POLLPRI = 2;
  private static final Abi ABI = Abi.HERE;

  private final int descriptor;
  private final int wakeup;
  private final int mounts;
  private final ByteBuffer polling = direct(64);

  private NoticeWait(int descriptor, int wakeup, int mounts) {
    this.descriptor = descriptor;
    this.wakeup = wakeup;
    this.mounts = mounts;
  }

  /** An eventfd(2) by which a wait is interrupted, or a negated errno. */
  static int openWakeup() {
    return (int) Native64.call(ABI.eventfd2(), 0, NON_BLOCKING_CLOEXEC, 0);
  }

  /**
   * Waits for this descriptor from now on, and owns what it is given.
   *
   * @param wakeup from {@link #openWakeup}
   */
  static NoticeWait on(int descriptor, int wakeup) {
    // Without /proc nobody tells of mounts; then the schedule has to.
    byte[] path = "/proc/self/mountinfo".getBytes(StandardCharsets.US_ASCII);
    int mounts = new SystemCalls().open(SystemCalls.WORKING_DIRECTORY, path, Open.READ);
    return new NoticeWait(descriptor, wakeup, mounts);
  }

  /** Whether the kernel shows its mount table here. */
  boolean tellsOfMounts() {
    return mounts >= 0;
  }

  /** Waits for events, for a change of the mount table, for {@link #interrupt}, or some time. */
  Wake await(Duration timeout) {
    polling.putInt(0, descriptor).putShort(4, (short) POLLIN).putShort(6, (short) 0);
    polling.putInt(8, wakeup).putShort(12, (short) POLLIN).putShort(14, (short) 0);
    // A negative descriptor is passed over.
    polling.putInt(16, mounts).putShort(20, (short) POLLPRI).putShort(22, (short) 0);
    polling.putLong(32, timeout.toSeconds()).putLong(40, timeout.toNanosPart());
    long at = Native64.addressOf(polling);
    long ready = Native64.call(ABI.ppoll(), at, 3, at + 32, 0, 8, 0);
    if (ready == -Errno.EINTR || ready == 0) {
      return Wake.TIMEOUT;
    }
    if (ready > 0 && polling.getShort(14) != 0) {
      Native64.call(ABI.read(), wakeup, at + 48, 8);
      return Wake.INTERRUPTED;
    }
    return ready > 0 && (polling.getShort(22) & POLLPRI) != 0 ? Wake.MOUNTS : Wake.EVENTS;
  }

  /** Makes a present or the next {@link #await} come back at once. */
  void interrupt() {
    ByteBuffer one = direct(8).putLong(0, 1);
    try {
      Native64.call(ABI.write(), wakeup, Native64.addressOf(one), 8);
    } finally {
      Reference.reachabilityFence(one);
    }
  }

  void close() {
    Native64.call(ABI.close(), descriptor);
    Native64.call(ABI.close(), wakeup);
    if (mounts >= 0) {
      Native64.call(ABI.close(), mounts);
    }
  }

  /** Memory that the kernel reads and writes, in this machine's order. */
  static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
