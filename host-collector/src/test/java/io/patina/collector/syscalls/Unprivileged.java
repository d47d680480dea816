package io.patina.collector.syscalls;

/**
 * Runs something as nobody, as far as the file system is concerned: setfsuid(2) changes the calling
 * thread alone, and takes from it what lets root read everything.
 */
public final class Unprivileged {
  private static final int SETFSUID = System.getProperty("os.arch").equals("aarch64") ? 151 : 122;
  private static final int NOBODY = 65534;

  private Unprivileged() {}

  /** For what runs in the calling thread. */
  public static void run(Runnable body) {
    long before = Native64.call(SETFSUID, -1);
    if (before != 0) {
      body.run();
      return;
    }
    Native64.call(SETFSUID, NOBODY);
    try {
      body.run();
    } finally {
      Native64.call(SETFSUID, before);
    }
  }
}
