package io.patina.imports.mtree;

import com.google.protobuf.ByteString;
import io.patina.facts.Escaped;
import io.patina.facts.FactKey;
import io.patina.imports.BoundedInput;
import io.patina.imports.Gathering;
import io.patina.imports.Imported;
import io.patina.imports.ImportedPath;
import io.patina.imports.InvalidImportException;
import io.patina.imports.Limits;
import io.patina.scope.Scope;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads mtree(5) as NetBSD's, FreeBSD's, libarchive's and go-mtree's writers write it: {@code /set}
 * and {@code /unset}, names relative to the directory that was entered or full paths, vis(3)
 * escapes, continued lines. Sources: mtree(5) of NetBSD 10 and FreeBSD 14; go-mtree's {@code
 * keywords.go} for {@code xattr.NAME}.
 */
public final class MtreeReader {

  /** What a file of this kind does not say. */
  public static final List<String> CANNOT_KNOW =
      List.of(
          "packages, units, kernel, mounts and os-release: mtree(5) states files only",
          "capabilities, labels and other extended attributes, unless written as xattr.NAME",
          "access control lists");

  private static final ByteString UP = ByteString.copyFromUtf8("..");
  private static final ByteString SLASH = ByteString.copyFromUtf8("/");

  private final Lines lines;
  private final Gathering gathering;
  private final Map<String, ByteString> defaults = new TreeMap<>();
  private final Deque<ByteString> directories = new ArrayDeque<>();

  private MtreeReader(InputStream in, Gathering gathering) {
    this.lines = new Lines(in);
    this.gathering = gathering;
  }

  /**
   * Reads a whole file.
   *
   * @throws InvalidImportException naming the line
   */
  public static Imported read(InputStream in, Scope scope, Limits limits)
      throws IOException, InvalidImportException {
    Gathering gathering = new Gathering(scope, limits);
    InputStream bounded =
        new BufferedInputStream(new BoundedInput(in, limits.unpackedBytes(), "the file"), 1 << 16);
    new MtreeReader(bounded, gathering).run();
    return gathering.finish(CANNOT_KNOW);
  }

  private void run() throws IOException, InvalidImportException {
    for (Optional<List<ByteString>> line = lines.next(); line.isPresent(); line = lines.next()) {
      List<ByteString> words = line.get();
      String first = words.getFirst().toStringUtf8();
      try {
        switch (first) {
          case "/set" -> defaults.putAll(keywords(words));
          case "/unset" -> unset(words);
          case ".." -> leave();
          default -> entry(words);
        }
      } catch (IllegalArgumentException e) {
        throw new InvalidImportException(where() + ": " + e.getMessage(), e);
      }
    }
  }

  private void unset(List<ByteString> words) {
    for (ByteString word : words.subList(1, words.size())) {
      if (word.equals(ByteString.copyFromUtf8("all"))) {
        defaults.clear();
      } else {
        defaults.remove(word.toStringUtf8());
      }
    }
  }

  private void leave() throws InvalidImportException {
    if (directories.isEmpty()) {
      throw new InvalidImportException(where() + ": .. leads out of the root");
    }
    directories.pop();
  }

  private void entry(List<ByteString> words) throws InvalidImportException {
    ByteString written = words.getFirst();
    ByteString name = Vis.decode(written);
    boolean full = hasSlash(written);
    if (!full && (name.equals(UP) || hasSlash(name))) {
      throw new InvalidImportException(where() + ": an escaped name that is a path");
    }
    ByteString above = full || directories.isEmpty() ? ByteString.EMPTY : directories.peek();
    FactKey key = ImportedPath.key(above.concat(SLASH).concat(name), where());
    if (!full && hasPattern(written)) {
      gathering.count("names with *, ? or [, taken as they stand and not as patterns");
    }
    Map<String, ByteString> keywords = new TreeMap<>(defaults);
    keywords.putAll(keywords(words));
    // A file's own type decides, not the default of /set, whether the next lines are below it.
    boolean directory =
        keywords.getOrDefault("type", ByteString.EMPTY).equals(ByteString.copyFromUtf8("dir"));
    if (directory && !full) {
      directories.push(key.name());
    }
    Keywords stated = Keywords.of(keywords);
    stated.dropped().forEach(k -> gathering.count("entries with a keyword not compared, " + k));
    stated.unknown().forEach(k -> gathering.count("entries with an unknown keyword, " + k));
    if (stated.optional()) {
      gathering.count("entries marked optional, left out: being there or not is both right");
      return;
    }
    if (stated.ignored()) {
      gathering.count("directories marked ignore: what is below them is not stated");
    }
    gathering.add(key, stated.attributes(), where());
  }

  private static Map<String, ByteString> keywords(List<ByteString> words) {
    Map<String, ByteString> out = new TreeMap<>();
    for (ByteString word : words.subList(1, words.size())) {
      int equals = 0;
      while (equals < word.size() && word.byteAt(equals) != '=') {
        equals++;
      }
      String name = word.substring(0, equals).toStringUtf8();
      if (!name.matches("[A-Za-z0-9._@:+/\\\\-]{1,300}")) {
        throw new IllegalArgumentException("not a keyword: " + Escaped.text(name));
      }
      out.put(
          name, equals == word.size() ? ByteString.EMPTY : word.substring(equals + 1, word.size()));
    }
    return out;
  }

  private String where() {
    return "line " + lines.number();
  }

  private static boolean hasSlash(ByteString text) {
    for (int i = 0; i < text.size(); i++) {
      if (text.byteAt(i) == '/') {
        return true;
      }
    }
    return false;
  }

  private static boolean hasPattern(ByteString text) {
    for (int i = 0; i < text.size(); i++) {
      byte b = text.byteAt(i);
      if ((b == '*' || b == '?' || b == '[') && (i == 0 || text.byteAt(i - 1) != '\\')) {
        return true;
      }
    }
    return false;
  }
}
