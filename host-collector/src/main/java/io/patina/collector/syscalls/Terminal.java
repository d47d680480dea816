package io.patina.collector.syscalls;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Whether a standard stream is a terminal; Java only tells of input and output together. */
public final class Terminal {
  public static final int OUTPUT = 1;
  public static final int ERROR = 2;

  private static final long TCGETS = 0x5401;
  private static final long TIOCGWINSZ = 0x5413;

  private Terminal() {}

  public static boolean is(int descriptor) {
    return control(descriptor, TCGETS) >= 0;
  }

  /** Columns of the terminal, or 80 where it does not say. */
  public static int columns(int descriptor) {
    long size = control(descriptor, TIOCGWINSZ);
    int columns = size < 0 ? 0 : (int) (size >>> 16) & 0xffff;
    return columns == 0 ? 80 : columns;
  }

  /** First four bytes of the answer, or a negated errno. */
  private static long control(int descriptor, long request) {
    ByteBuffer answer = ByteBuffer.allocateDirect(64).order(ByteOrder.LITTLE_ENDIAN);
    try {
      long result =
          Native64.call(Abi.HERE.ioctl(), descriptor, request, Native64.addressOf(answer));
      return result < 0 ? result : answer.getInt(0) & 0xffffffffL;
    } finally {
      Reference.reachabilityFence(answer);
    }
  }
}
