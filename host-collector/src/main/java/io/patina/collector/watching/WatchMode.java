package io.patina.collector.watching;

import io.patina.collector.files.RootDirectory;
import io.patina.collector.syscalls.Errno;
import io.patina.collector.syscalls.Fanotify;
import io.patina.collector.writers.Processes;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How changes are to be noticed. What a kernel or a container refuses is found out by trying. */
public enum WatchMode {
  /** fanotify where it is to be had, inotify for the rest, polling where that is refused too. */
  AUTO,
  /** The same, but without fanotify there is no start. */
  FANOTIFY,
  INOTIFY,
  POLLING;

  private static final Logger LOG = LoggerFactory.getLogger(WatchMode.class);

  /** What became of opening. */
  public sealed interface Opening {
    /** To be started. */
    record Ready(Watching watching) implements Opening {}

    /** Only for {@link #FANOTIFY}. */
    record Refused(String errno) implements Opening {}
  }

  public Opening open(RootDirectory root, Processes.Detail detail) {
    return switch (this) {
      case POLLING -> new Opening.Ready(new NotWatching());
      case INOTIFY -> new Opening.Ready(InotifyWatching.open(root));
      case AUTO, FANOTIFY ->
          switch (Fanotify.open()) {
            case Fanotify.Opening.Ready ready ->
                new Opening.Ready(
                    new FanotifyWatching(
                        ready.fanotify(),
                        root,
                        new Processes("/proc", detail, Path.of(root.path()))));
            case Fanotify.Opening.Refused refused -> refused(root, Errno.name(refused.errno()));
          };
    };
  }

  private Opening refused(RootDirectory root, String errno) {
    if (this == FANOTIFY) {
      return new Opening.Refused(errno);
    }
    LOG.info(
        "event=fanotify-refused errno={}: inotify stands in; who wrote stays unknown (needs"
            + " CAP_SYS_ADMIN and Linux 5.9)",
        errno);
    return new Opening.Ready(InotifyWatching.open(root));
  }
}
