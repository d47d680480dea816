package io.patina.collector.mounts;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The mounts of one mount namespace, in the order of the kernel: a mount follows what it lies on.
 */
public final class MountTable {
  /** Nothing is known to be mounted. */
  public static final MountTable EMPTY = new MountTable(List.of());

  private final List<Mount> mounts;
  private final Map<ByteString, Mount> visible = new HashMap<>();
  private final Set<ByteString> directories = new HashSet<>();

  public MountTable(List<Mount> mounts) {
    this.mounts = List.copyOf(mounts);
    Hidden hidden = new Hidden(mounts);
    // Of several on one point the last one hides the others.
    mounts.stream().filter(m -> !hidden.is(m)).forEach(m -> visible.put(m.point(), m));
    visible.keySet().forEach(p -> directories.add(parent(p)));
  }

  /**
   * Mounts that lie below a directory on which something else was mounted later. By who lies on
   * whom and not by the order of the table: what an initramfs mounted comes before the root that it
   * was moved onto.
   */
  private static final class Hidden {
    private final Map<Integer, Mount> byId = new HashMap<>();
    private final Map<Integer, Set<ByteString>> pointsOn = new HashMap<>();
    private final Map<Integer, Boolean> known = new HashMap<>();

    Hidden(List<Mount> mounts) {
      for (Mount m : mounts) {
        byId.put(m.id(), m);
        pointsOn.computeIfAbsent(m.parent(), p -> new HashSet<>()).add(m.point());
      }
    }

    boolean is(Mount mount) {
      Boolean before = known.get(mount.id());
      if (before != null) {
        return before;
      }
      // Hostile text may have mounts that lie on each other in a circle.
      known.put(mount.id(), false);
      Mount on = byId.get(mount.parent());
      boolean answer = on != null && on.id() != mount.id() && (covered(mount) || is(on));
      known.put(mount.id(), answer);
      return answer;
    }

    /** Whether a sibling lies on a directory above its point, though not on the parent's own. */
    private boolean covered(Mount mount) {
      Set<ByteString> siblings = pointsOn.getOrDefault(mount.parent(), Set.of());
      for (ByteString at = parent(mount.point()); at.size() > 1; at = parent(at)) {
        if (siblings.contains(at)) {
          return true;
        }
      }
      return false;
    }
  }

  private static ByteString parent(ByteString path) {
    int slash = path.size() - 1;
    while (slash > 0 && path.byteAt(slash) != '/') {
      slash--;
    }
    return slash <= 0 ? SLASH : path.substring(0, slash);
  }

  /** Whether something is mounted on a name directly in this directory. */
  public boolean mountedIn(ByteString directory) {
    return directories.contains(directory);
  }

  /** Parses mountinfo; a line that has not its form is left out. */
  public static MountTable parse(byte[] mountinfo) {
    List<Mount> mounts = new ArrayList<>();
    int from = 0;
    for (int i = 0; i <= mountinfo.length; i++) {
      if (i == mountinfo.length || mountinfo[i] == '\n') {
        line(Arrays.copyOfRange(mountinfo, from, i)).ifPresent(mounts::add);
        from = i + 1;
      }
    }
    return new MountTable(mounts);
  }

  private static Optional<Mount> line(byte[] line) {
    List<ByteString> fields = new ArrayList<>();
    int from = 0;
    for (int i = 0; i <= line.length; i++) {
      if (i == line.length || line[i] == ' ') {
        fields.add(unescape(line, from, i));
        from = i + 1;
      }
    }
    int dash = 6;
    while (dash < fields.size() && !fields.get(dash).equals(DASH)) {
      dash++;
    }
    if (fields.size() < dash + 4 || !isNumber(fields.getFirst()) || !isNumber(fields.get(1))) {
      return Optional.empty();
    }
    return Optional.of(
        new Mount(
            Integer.parseInt(fields.getFirst().toStringUtf8()),
            Integer.parseInt(fields.get(1).toStringUtf8()),
            fields.get(2).toStringUtf8(),
            fields.get(3),
            fields.get(4),
            options(fields.get(5)),
            fields.get(dash + 1).toStringUtf8(),
            fields.get(dash + 2),
            options(fields.get(dash + 3))));
  }

  private static final ByteString DASH = ByteString.copyFromUtf8("-");

  private static boolean isNumber(ByteString field) {
    if (field.isEmpty() || field.size() > 9) {
      return false;
    }
    for (byte b : field) {
      if (b < '0' || b > '9') {
        return false;
      }
    }
    return true;
  }

  private static List<String> options(ByteString field) {
    return Arrays.stream(field.toStringUtf8().split(",")).filter(o -> !o.isEmpty()).toList();
  }

  /** The kernel writes space, tab, newline and backslash as a backslash and three octal digits. */
  private static ByteString unescape(byte[] line, int from, int to) {
    byte[] out = new byte[to - from];
    int n = 0;
    for (int i = from; i < to; i++) {
      if (line[i] == '\\' && i + 3 < to && isOctal(line, i + 1)) {
        out[n++] =
            (byte) ((line[i + 1] - '0') << 6 | (line[i + 2] - '0') << 3 | (line[i + 3] - '0'));
        i += 3;
      } else {
        out[n++] = line[i];
      }
    }
    return ByteString.copyFrom(out, 0, n);
  }

  private static boolean isOctal(byte[] line, int at) {
    for (int i = at; i < at + 3; i++) {
      if (line[i] < '0' || line[i] > '7') {
        return false;
      }
    }
    return true;
  }

  /** All mounts, hidden ones too, in order. */
  public List<Mount> mounts() {
    return mounts;
  }

  /** The mount seen at this very point. */
  public Optional<Mount> at(ByteString point) {
    return Optional.ofNullable(visible.get(point));
  }

  /** Mounts that are seen, one per point, in order. */
  public List<Mount> visible() {
    return mounts.stream().filter(this::isSeen).toList();
  }

  private boolean isSeen(Mount mount) {
    Mount top = visible.get(mount.point());
    return top != null && top.id() == mount.id();
  }

  /**
   * Where else the files of this mount are to be seen, if it shows a directory that an earlier
   * mount of the same file system shows too (a bind mount).
   *
   * @return the path of the same directory under the earlier mount
   */
  public Optional<ByteString> sameElsewhere(Mount mount) {
    for (Mount other : mounts) {
      if (other.id() == mount.id()) {
        return Optional.empty();
      }
      if (isSeen(other)
          && other.device().equals(mount.device())
          && other.type().equals(mount.type())) {
        Optional<ByteString> rest = below(mount.fsRoot(), other.fsRoot());
        if (rest.isPresent()) {
          return Optional.of(join(other.point(), rest.get()));
        }
      }
    }
    return Optional.empty();
  }

  /** The part of a path after a directory, with its leading slash; empty bytes if they are one. */
  private static Optional<ByteString> below(ByteString path, ByteString directory) {
    if (directory.equals(SLASH)) {
      return Optional.of(path.equals(SLASH) ? ByteString.EMPTY : path);
    }
    if (path.equals(directory)) {
      return Optional.of(ByteString.EMPTY);
    }
    return path.startsWith(directory.concat(SLASH))
        ? Optional.of(path.substring(directory.size()))
        : Optional.empty();
  }

  private static final ByteString SLASH = ByteString.copyFromUtf8("/");

  private static ByteString join(ByteString point, ByteString rest) {
    return point.equals(SLASH) ? (rest.isEmpty() ? SLASH : rest) : point.concat(rest);
  }

  /**
   * What is seen of the mounts from a root: those below it, with their points shortened; those
   * outside are left out. Where the root is a directory somewhere in a mount, the part of it that
   * is the root comes first, so that binds of directories inside are recognised.
   */
  public MountTable under(ByteString root) {
    if (root.equals(SLASH)) {
      return this;
    }
    List<Mount> inside = new ArrayList<>();
    Optional<Mount> whole = visible.containsKey(root) ? Optional.empty() : around(root);
    whole.ifPresent(
        m ->
            inside.add(
                moved(
                    m,
                    m.fsRoot().equals(SLASH)
                        ? rest(root, m.point())
                        : m.fsRoot().concat(rest(root, m.point())),
                    SLASH)));
    for (Mount m : visible()) {
      below(m.point(), root)
          .ifPresent(rest -> inside.add(moved(m, m.fsRoot(), rest.isEmpty() ? SLASH : rest)));
    }
    return new MountTable(inside);
  }

  /** The mount that this directory belongs to, which is no mount point itself. */
  private Optional<Mount> around(ByteString directory) {
    for (ByteString at = parent(directory); ; at = parent(at)) {
      Optional<Mount> mount = at(at);
      if (mount.isPresent() || at.size() == 1) {
        return mount;
      }
    }
  }

  private static ByteString rest(ByteString path, ByteString point) {
    return below(path, point).orElse(SLASH);
  }

  private static Mount moved(Mount m, ByteString fsRoot, ByteString point) {
    return new Mount(
        m.id(),
        m.parent(),
        m.device(),
        fsRoot,
        point,
        m.options(),
        m.type(),
        m.source(),
        m.superOptions());
  }
}
