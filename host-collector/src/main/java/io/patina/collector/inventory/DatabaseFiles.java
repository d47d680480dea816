package io.patina.collector.inventory;

import com.google.protobuf.ByteString;
import io.patina.collector.files.Names.Name;
import io.patina.collector.files.RootFiles;
import io.patina.facts.Gap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The files of package databases inside the observed root. What is not there is empty; what cannot
 * be read is noted, once, in {@link #unreadable}. For one thread.
 */
public final class DatabaseFiles {

  /** Longest file that is read whole. */
  private static final int MAX_BYTES = 128 << 20;

  private final RootFiles files;
  private final List<Unreadable> unreadable = new ArrayList<>();

  public DatabaseFiles(RootFiles files) {
    this.files = files;
  }

  /** What could not be read so far. */
  public List<Unreadable> unreadable() {
    return unreadable;
  }

  /** Notes a part that could not be read or understood. */
  public void note(String source, String reason, String sentence) {
    Unreadable note = new Unreadable(source, reason, sentence);
    if (!unreadable.contains(note)) {
      unreadable.add(note);
    }
  }

  /** The content of a file; empty if it is not there or cannot be read, the latter is noted. */
  public Optional<ByteString> read(String path) {
    return switch (files.read(path, MAX_BYTES)) {
      case io.patina.collector.files.Content.Present present -> Optional.of(present.bytes());
      case io.patina.collector.files.Content.Absent _ -> Optional.empty();
      case io.patina.collector.files.Content.Unreadable why -> {
        note(path, why.reason(), path + " cannot be read");
        yield Optional.empty();
      }
    };
  }

  /** The same, with no bytes for a file that is not there. */
  public ByteString content(String path) {
    return read(path).orElse(ByteString.EMPTY);
  }

  /** Names in a directory, sorted; none if it is not there or cannot be read, which is noted. */
  public List<String> names(String directory) {
    return switch (files.list(directory)) {
      case io.patina.collector.files.Names.Present present ->
          present.names().stream().map(Name::text).toList();
      case io.patina.collector.files.Names.Absent _ -> List.of();
      case io.patina.collector.files.Names.Unreadable why -> {
        note(directory, why.reason(), directory + " cannot be listed");
        yield List.of();
      }
    };
  }

  /** Whether something is at the path, links followed; true also if that may not be known. */
  public boolean exists(String path) {
    return files.exists(path);
  }

  /** The same for a path of raw bytes. */
  public boolean exists(ByteString path) {
    return files.exists(path);
  }

  /** Target of the link at this path; empty if there is none. */
  public Optional<ByteString> link(ByteString path) {
    return files.link(path);
  }

  /** A resolver of the root's links that remembers what it has seen. */
  public RealPaths realPaths() {
    return new RealPaths(this::link);
  }

  /** Where a path of the root lies as this process sees it, all links resolved inside the root. */
  public Path outside(String path) {
    String real = realPaths().followed(ByteString.copyFromUtf8(path)).toStringUtf8();
    return Path.of(files.root().path(), real);
  }

  /** Users and groups of the root. */
  public Accounts accounts() {
    return Accounts.parse(content("/etc/passwd"), content("/etc/group"));
  }

  /** A malformed part. */
  public void malformed(String source, String sentence) {
    note(source, Gap.MALFORMED, sentence);
  }
}
