package io.patina.collector.bench;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Words for sh(1), whatever is in them. */
public final class Shell {
  private Shell() {}

  /** A path as one word. */
  public static String quoted(Path path) {
    return quoted(path.toString());
  }

  /** A text as one word. */
  public static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./=:,+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /** A command as one line. */
  public static String line(List<String> words) {
    return words.stream().map(Shell::quoted).collect(Collectors.joining(" "));
  }

  /** Whether the search path has such a program. */
  public static boolean installed(String program) {
    String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
    return Stream.of(path.split(File.pathSeparator, -1))
        .anyMatch(d -> Files.isExecutable(Path.of(d, program)));
  }
}
