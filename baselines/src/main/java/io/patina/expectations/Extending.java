package io.patina.expectations;

import com.google.protobuf.ByteString;
import io.patina.comparison.Expectation;
import io.patina.facts.Escaped;
import io.patina.manifest.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Reads a file of expectations with all that it extends. Its own expectations come first, then
 * those of the files that it extends, in their order, each with what it extends itself.
 */
public final class Extending {

  /** Most files that may extend one another in a row. */
  public static final int MAX_DEPTH = 8;

  /** Most files read for one. */
  public static final int MAX_FILES = 64;

  /** Most expectations together. */
  public static final int MAX_EXPECTATIONS = 10_000;

  private final List<Path> library;
  private final Deque<Path> open = new ArrayDeque<>();
  private final List<Expectation> found = new ArrayList<>();
  private int files;

  private Extending(List<Path> library) {
    this.library = library;
  }

  /**
   * Reads a file and what it extends.
   *
   * @param library directories in which a base by name is looked for, as {@code NAME.yaml} or
   *     {@code NAME/expectations.yaml}; the directory of the file that extends it goes first
   * @return the expectations in the order that decides
   * @throws InvalidExpectationsException naming the file, the line and what to write instead
   * @throws IOException if a file cannot be read
   */
  public static List<Expectation> read(Path file, List<Path> library)
      throws IOException, InvalidExpectationsException {
    Extending extending = new Extending(List.copyOf(library));
    extending.take(file, bytes(file));
    return List.copyOf(extending.found);
  }

  private void take(Path file, ByteString content)
      throws IOException, InvalidExpectationsException {
    Path real = file.toRealPath();
    if (open.contains(real)) {
      throw at(file, "it extends itself, by way of " + names(real));
    }
    if (open.size() == MAX_DEPTH) {
      throw at(file, "more than " + MAX_DEPTH + " files extend one another; merge some");
    }
    if (++files > MAX_FILES) {
      throw at(file, "more than " + MAX_FILES + " files are extended; merge some");
    }
    ExpectationsFile.Document document;
    try {
      document = ExpectationsFile.parse(content.toStringUtf8());
    } catch (InvalidExpectationsException e) {
      throw at(file, String.valueOf(e.getMessage()));
    }
    found.addAll(document.expectations());
    if (found.size() > MAX_EXPECTATIONS) {
      throw at(file, "more than " + MAX_EXPECTATIONS + " expectations together");
    }
    open.addLast(real);
    for (ExpectationsFile.Base base : document.bases()) {
      Path path = path(file, base);
      ByteString bytes = bytes(path);
      String digest = Digest.of(bytes).hex();
      if (base.sha256().filter(wanted -> !wanted.equals(digest)).isPresent()) {
        throw at(
            file,
            "it extends "
                + Escaped.text(path.toString())
                + " as sha256 "
                + base.sha256().get()
                + ", but that file is "
                + digest);
      }
      take(path, bytes);
    }
    open.removeLast();
  }

  private Path path(Path file, ExpectationsFile.Base base) throws InvalidExpectationsException {
    Path directory = file.toAbsolutePath().getParent();
    if (base.file().isPresent()) {
      return inside(file, base.file().get());
    }
    String name = base.name().orElseThrow();
    List<Path> places = new ArrayList<>();
    if (directory != null) {
      places.add(directory);
    }
    places.addAll(library);
    for (Path place : places) {
      for (String candidate : List.of(name + ".yaml", name + "/expectations.yaml")) {
        Path path = place.resolve(candidate);
        if (Files.isRegularFile(path)) {
          return path;
        }
      }
    }
    throw at(
        file,
        "it extends "
            + name
            + ", and there is no "
            + name
            + ".yaml or "
            + name
            + "/expectations.yaml beside it or in a library directory");
  }

  private static Path inside(Path file, String relative) throws InvalidExpectationsException {
    try {
      Path path = file.resolveSibling(relative);
      if (!Path.of(relative).isAbsolute() && Files.isRegularFile(path)) {
        return path;
      }
    } catch (InvalidPathException e) {
      throw at(file, "it extends what is no file name: " + Escaped.text(relative));
    }
    throw at(
        file,
        "it extends "
            + Escaped.text(relative)
            + ", and there is no such file; write its path relative to this file");
  }

  private String names(Path real) {
    List<String> way = new ArrayList<>();
    open.stream()
        .dropWhile(p -> !p.equals(real))
        .forEach(p -> way.add(Escaped.text(String.valueOf(p.getFileName()))));
    return String.join(", ", way);
  }

  private static ByteString bytes(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      // A character has up to four bytes; the reader refuses what is too long with its own words.
      return ByteString.copyFrom(in.readNBytes(4 * ExpectationsFile.MAX_FILE + 1));
    }
  }

  private static InvalidExpectationsException at(Path file, String what) {
    return new InvalidExpectationsException(Escaped.text(file.toString()) + ": " + what);
  }
}
