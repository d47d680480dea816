package io.patina.collector.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files that Kafka's settings name: key stores, and credentials in {@code ${file:...}} and
 * {@code ${directory:...}}. Their content tells when credentials were rotated, also where a secret
 * is a link that is turned to another directory.
 */
final class ReferredFiles {
  /** An absolute path inside a setting ends where no path of a credential goes on. */
  private static final Pattern PATH = Pattern.compile("(?<![A-Za-z0-9.])/[^\\s:;,\"'}]+");

  /** Credentials are small; of what is not, the beginning will do. */
  private static final int MOST_BYTES = 1 << 20;

  private static final int MOST_IN_DIRECTORY = 64;

  private final List<Path> paths;

  private ReferredFiles(Collection<Path> paths) {
    this.paths = List.copyOf(paths);
  }

  static ReferredFiles in(Collection<String> values) {
    TreeSet<Path> found = new TreeSet<>();
    for (String value : values) {
      Matcher m = PATH.matcher(value);
      while (m.find()) {
        path(m.group()).ifPresent(found::add);
      }
    }
    return new ReferredFiles(found);
  }

  /** Empty for text that only looks like one; Kafka itself says what it thinks of it. */
  private static Optional<Path> path(String text) {
    try {
      return Optional.of(Path.of(text));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** What they hold now, as a digest: equal as long as nothing was rotated. */
  String stamp() {
    MessageDigest sha256 = sha256();
    for (Path path : paths) {
      sha256.update(path.toString().getBytes(StandardCharsets.UTF_8));
      for (Path file : filesAt(path)) {
        sha256.update(file.toString().getBytes(StandardCharsets.UTF_8));
        sha256.update(content(file));
      }
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  private static List<Path> filesAt(Path path) {
    if (Files.isRegularFile(path)) {
      return List.of(path);
    }
    List<Path> files = new ArrayList<>();
    if (Files.isDirectory(path)) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(path)) {
        for (Path each : all) {
          if (Files.isRegularFile(each) && files.size() < MOST_IN_DIRECTORY) {
            files.add(each);
          }
        }
      } catch (IOException e) {
        // As if nothing were there; the producer will say what it misses.
        return List.of();
      }
      files.sort(null);
    }
    return files;
  }

  private static byte[] content(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(MOST_BYTES);
    } catch (IOException e) {
      // In the middle of being replaced: another state than before and after.
      return new byte[0];
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
