package io.patina.collector.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * aide on the files of a benchmark, told to observe what the collector observes: aide.conf(5) with
 * mode, owner, group, size, type, link target and SHA-256.
 */
public final class Aide {
  private final Path config;

  private Aide(Path config) {
    this.config = config;
  }

  /**
   * Writes its configuration.
   *
   * @param work directory for configuration and database
   * @param tree what it reads
   */
  public static Aide configured(Path work, Path tree) throws IOException {
    Path config = work.resolve("aide.conf");
    Path database = work.resolve("aide.db");
    Files.writeString(
        config,
        "database_in=file:"
            + database
            + "\ndatabase_out=file:"
            + database
            + "\ngzip_dbout=no\nlog_level=error\n"
            + tree
            + " p+u+g+s+ftype+l+sha256\n");
    return new Aide(config);
  }

  /** The first scan, as a command of words. */
  public List<String> init() {
    return List.of("aide", "--init", "--config=" + config);
  }

  /** The first scan, for a race. */
  public Contestant initContestant() {
    return new Contestant("aide --init", Shell.line(init()), "");
  }

  /** A scan of what has not changed, for a race; after {@link #init} was run. */
  public Contestant checkContestant() {
    return new Contestant(
        "aide --check", Shell.line(List.of("aide", "--check", "--config=" + config)), "");
  }
}
