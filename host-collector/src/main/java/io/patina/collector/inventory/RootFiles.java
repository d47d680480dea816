package io.patina.collector.inventory;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.patina.facts.Gap;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Reads the files of package databases inside the observed root. Links are followed inside it,
 * absolute ones and {@code ..} included; nothing leads out. Safe for use by many threads.
 */
public final class RootFiles {

  /** A file read whole, or why not. */
  public sealed interface Content {
    /** The bytes. */
    record Present(ByteString bytes) implements Content {}

    /** No such file. */
    record Absent() implements Content {}

    /** It is there, or may be, but cannot be read. */
    record Failed(Unreadable why) implements Content {}
  }

  /** The names in a directory, or why not. */
  public sealed interface Names {
    /** Sorted; names that are not text in this process's encoding are left out. */
    record Present(List<String> names) implements Names {}

    /** No such directory. */
    record Absent() implements Names {}

    /** It is there but cannot be listed. */
    record Failed(Unreadable why) implements Names {}
  }

  /** Whether something is at a path. */
  public sealed interface Presence {
    /**
     * Something is there.
     *
     * @param at where, as this process sees it
     */
    record Present(Path at) implements Presence {}

    /** Nothing is there. */
    record Absent() implements Presence {}

    /** That cannot be found out. */
    record Failed(Unreadable why) implements Presence {}
  }

  /** Longest file that is read whole. */
  public static final int MAX_BYTES = 256 << 20;

  private static final int MAX_LINKS = 40;

  private final Path root;

  public RootFiles(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  /** Finds out whether something is at this path, links followed. */
  public Presence stat(String path) {
    try {
      return locate(path).<Presence>map(Presence.Present::new).orElseGet(Presence.Absent::new);
    } catch (IOException | InvalidPathException e) {
      return new Presence.Failed(unreadable(path, e));
    }
  }

  /** Reads a regular file whole. */
  public Content read(String path) {
    try {
      Optional<Path> found = locate(path);
      if (found.isEmpty()) {
        return new Content.Absent();
      }
      if (!Files.isRegularFile(found.get(), LinkOption.NOFOLLOW_LINKS)) {
        return new Content.Failed(new Unreadable(path, Gap.MALFORMED, path + " is no file"));
      }
      try (InputStream in = Files.newInputStream(found.get(), LinkOption.NOFOLLOW_LINKS)) {
        byte[] bytes = in.readNBytes(MAX_BYTES + 1);
        return bytes.length > MAX_BYTES
            ? new Content.Failed(new Unreadable(path, Gap.LIMIT, path + " is too large"))
            : new Content.Present(UnsafeByteOperations.unsafeWrap(bytes));
      }
    } catch (NoSuchFileException e) {
      return new Content.Absent();
    } catch (IOException | InvalidPathException e) {
      return new Content.Failed(unreadable(path, e));
    }
  }

  /** Lists a directory. */
  public Names list(String path) {
    try {
      Optional<Path> found = locate(path);
      if (found.isEmpty()) {
        return new Names.Absent();
      }
      List<String> names = new ArrayList<>();
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(found.get())) {
        for (Path entry : entries) {
          names.add(entry.getFileName().toString());
        }
      }
      Collections.sort(names);
      return new Names.Present(names);
    } catch (NoSuchFileException e) {
      return new Names.Absent();
    } catch (IOException | InvalidPathException e) {
      return new Names.Failed(unreadable(path, e));
    }
  }

  /**
   * Where a path of the root lies as this process sees it, every link resolved inside the root.
   *
   * @return empty if nothing is there
   */
  private Optional<Path> locate(String path) throws IOException {
    Deque<String> ahead = new ArrayDeque<>();
    components(path).forEach(ahead::addLast);
    Path here = root;
    int links = 0;
    while (!ahead.isEmpty()) {
      String name = ahead.removeFirst();
      if (name.equals("..")) {
        Path parent = here.getParent();
        here = here.equals(root) || parent == null ? root : parent;
        continue;
      }
      Path next = here.resolve(name);
      if (Files.isSymbolicLink(next)) {
        if (++links > MAX_LINKS) {
          return Optional.empty();
        }
        String target = Files.readSymbolicLink(next).toString();
        if (target.startsWith("/")) {
          here = root;
        }
        List<String> parts = components(target);
        Collections.reverse(parts);
        parts.forEach(ahead::addFirst);
      } else {
        here = next;
      }
    }
    return Files.exists(here, LinkOption.NOFOLLOW_LINKS) ? Optional.of(here) : Optional.empty();
  }

  /**
   * Target of the link at this path; the path itself is not resolved.
   *
   * @return empty if it is no link or cannot be read
   */
  public Optional<ByteString> link(ByteString path) {
    try {
      Path at = root.resolve("./" + path.toStringUtf8());
      return Files.isSymbolicLink(at)
          ? Optional.of(ByteString.copyFromUtf8(Files.readSymbolicLink(at).toString()))
          : Optional.empty();
    } catch (NotLinkException | NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static List<String> components(String path) {
    List<String> parts = new ArrayList<>();
    for (String part : path.split("/", -1)) {
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return parts;
  }

  private static Unreadable unreadable(String path, Exception e) {
    String reason = e instanceof AccessDeniedException ? Gap.PERMISSION : Gap.IO_ERROR;
    return new Unreadable(path, reason, "cannot read " + path + ": " + e.getMessage());
  }
}
