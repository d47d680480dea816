package io.patina.collector.inventory;

import com.google.protobuf.ByteString;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Names each shipped path by the one name it has on the system: links among its directories are
 * followed inside the root, the last component is not. On a merged-usr system {@code /bin/ls}
 * becomes {@code /usr/bin/ls}, and {@code /bin} stays {@code /bin}.
 *
 * <p>Keeps what it learnt about directories, about 150 bytes each. Not safe for many threads.
 */
public final class RealPaths {

  private static final ByteString ROOT = ByteString.copyFromUtf8("/");
  private static final int MAX_LINKS = 40;

  private final Function<ByteString, Optional<ByteString>> links;
  private final Map<ByteString, ByteString> directories = new HashMap<>();

  /**
   * @param links target of the link at a path, empty where there is none; asked for real paths only
   */
  public RealPaths(Function<ByteString, Optional<ByteString>> links) {
    this.links = links;
  }

  /** The path with its directories resolved; absolute, no empty or dot component, no last slash. */
  public ByteString of(ByteString path) {
    ByteString clean = clean(path);
    int slash = lastSlash(clean);
    if (slash < 0 || clean.size() == 1) {
      return ROOT;
    }
    ByteString parent = directory(clean.substring(0, Math.max(slash, 1)), 0);
    return join(parent, clean.substring(slash + 1));
  }

  /** The directory that a path leads to, its last component resolved too. */
  public ByteString followed(ByteString path) {
    return directory(clean(path), 0);
  }

  private ByteString directory(ByteString path, int depth) {
    if (path.size() <= 1) {
      return ROOT;
    }
    ByteString known = directories.get(path);
    if (known != null) {
      return known;
    }
    int slash = lastSlash(path);
    ByteString parent = directory(path.substring(0, Math.max(slash, 1)), depth);
    ByteString name = path.substring(slash + 1);
    ByteString real = join(parent, name);
    if (name.toStringUtf8().equals("..")) {
      real = parent.size() == 1 ? ROOT : parent.substring(0, Math.max(lastSlash(parent), 1));
    } else if (depth < MAX_LINKS) {
      Optional<ByteString> target = links.apply(real);
      if (target.isPresent() && !target.get().isEmpty()) {
        ByteString to = target.get();
        ByteString whole = to.byteAt(0) == '/' ? to : join(parent, to);
        real = directory(clean(whole), depth + 1);
      }
    }
    directories.put(path, real);
    return real;
  }

  private static ByteString join(ByteString parent, ByteString name) {
    return parent.size() == 1 ? parent.concat(name) : parent.concat(ROOT).concat(name);
  }

  private static int lastSlash(ByteString path) {
    for (int i = path.size() - 1; i >= 0; i--) {
      if (path.byteAt(i) == '/') {
        return i;
      }
    }
    return -1;
  }

  /** Makes it absolute and drops empty components, dots and a last slash; keeps {@code ..}. */
  static ByteString clean(ByteString path) {
    byte[] out = new byte[path.size() + 1];
    int length = 0;
    int from = 0;
    for (int i = 0; i <= path.size(); i++) {
      if (i == path.size() || path.byteAt(i) == '/') {
        boolean dot = i == from + 1 && path.byteAt(from) == '.';
        if (i > from && !dot) {
          out[length++] = '/';
          for (int j = from; j < i; j++) {
            out[length++] = path.byteAt(j);
          }
        }
        from = i + 1;
      }
    }
    return length == 0 ? ROOT : ByteString.copyFrom(out, 0, length);
  }
}
