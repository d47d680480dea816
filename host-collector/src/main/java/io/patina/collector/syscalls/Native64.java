package io.patina.collector.syscalls;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;

/** The one native function everything here goes through: {@code syscall(2)} of the C library. */
final class Native64 {
  static {
    // The process itself already holds a C library, glibc or musl; nothing is looked up by name.
    Native.register(Native64.class, NativeLibrary.getProcess());
  }

  private Native64() {}

  private static native long syscall(long number, long a, long b, long c, long d, long e, long f);

  /** Result of the call, or the negated errno. */
  static long call(long number, long a, long b, long c, long d, long e, long f) {
    long result = syscall(number, a, b, c, d, e, f);
    // JNA keeps errno per thread, taken before the call returns into Java.
    return result == -1 ? -Native.getLastError() : result;
  }

  static long call(long number, long a, long b, long c, long d) {
    return call(number, a, b, c, d, 0, 0);
  }

  static long call(long number, long a, long b, long c) {
    return call(number, a, b, c, 0, 0, 0);
  }

  static long call(long number, long a) {
    return call(number, a, 0, 0, 0, 0, 0);
  }

  static long addressOf(ByteBuffer direct) {
    return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
  }
}
