package io.patina.collector.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Random operations on a tree, the same ones for the same seed. */
final class FileOperations {
  private final Path tree;
  private final Random random;
  private int made;

  FileOperations(Path tree, Random random) {
    this.tree = tree;
    this.random = random;
  }

  void step() throws IOException {
    List<Path> directories = new ArrayList<>();
    List<Path> others = new ArrayList<>();
    try (Stream<Path> all = Files.walk(tree)) {
      all.sorted()
          .forEach(
              p -> (Files.isDirectory(p, LinkOption.NOFOLLOW_LINKS) ? directories : others).add(p));
    }
    Path directory = directories.get(random.nextInt(directories.size()));
    Path other = others.isEmpty() ? directory : others.get(random.nextInt(others.size()));
    boolean file = Files.isRegularFile(other, LinkOption.NOFOLLOW_LINKS);
    switch (random.nextInt(13)) {
      case 0, 1, 2 -> Files.writeString(directory.resolve(name()), text());
      case 3 -> Files.createDirectories(directory.resolve(name()).resolve(name()));
      case 4, 5 -> {
        if (file) {
          Files.writeString(other, text());
        }
      }
      case 6 -> {
        if (file) {
          Files.writeString(other, text(), StandardOpenOption.APPEND);
        }
      }
      case 7 -> {
        if (file) {
          Files.setPosixFilePermissions(
              other,
              PosixFilePermissions.fromString(random.nextBoolean() ? "rw-------" : "rwxr-x--x"));
        }
      }
      case 8 -> Files.deleteIfExists(other.equals(tree) ? tree.resolve("none") : leaf(other));
      case 9 -> {
        if (!other.equals(directory) && others.contains(other)) {
          Files.move(other, directory.resolve(name()), StandardCopyOption.REPLACE_EXISTING);
        }
      }
      case 10 -> {
        Path moved = directories.get(random.nextInt(directories.size()));
        if (!moved.equals(tree) && !directory.startsWith(moved)) {
          Files.move(moved, directory.resolve(name()));
        }
      }
      case 11 -> {
        if (file) {
          Files.createLink(directory.resolve(name()), other);
        } else {
          Files.createSymbolicLink(directory.resolve(name()), Path.of(name()));
        }
      }
      default -> {
        if (!directory.equals(tree) && directories.size() > 12) {
          try (Stream<Path> all = Files.walk(directory)) {
            for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
              Files.delete(p);
            }
          }
        }
      }
    }
  }

  private static Path leaf(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) ? path.resolve("none") : path;
  }

  private String name() {
    return (random.nextInt(5) == 0 ? "with space " : "n") + ++made;
  }

  private String text() {
    return "t".repeat(random.nextInt(50)) + random.nextInt(100);
  }
}
