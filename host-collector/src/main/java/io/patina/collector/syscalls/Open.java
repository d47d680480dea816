package io.patina.collector.syscalls;

/** Flags for opening; {@code O_CLOEXEC} is always added. */
public final class Open {
  public static final int READ = 0;
  public static final int NON_BLOCKING = 0x800;
  public static final int NO_ATIME = 0x40000;
  public static final int PATH_ONLY = 0x200000;
  public static final int DIRECTORY = Abi.HERE.directoryFlag();
  public static final int NO_FOLLOW = Abi.HERE.noFollowFlag();

  static final int CLOSE_ON_EXEC = 0x80000;

  private Open() {}
}
