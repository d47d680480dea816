package io.patina.scope;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the walk over the files does where something is mounted, as far as the scope says: an
 * exclude rule first, then an enter rule, then what the walk does by itself (it enters local
 * storage, passes by memory, leaves a gap at what another machine serves).
 *
 * <p>Made-up file systems of the kernel and automount points are not entered whatever is said here.
 *
 * @param enterTypes file system types that are entered, such as {@code tmpfs} or {@code nfs4}
 * @param excludeTypes types that are out of scope; not entered, and no gap
 * @param enterPoints mount points that are entered whatever their type
 * @param excludePoints mount points that are out of scope with all that is below them
 */
public record MountRules(
    List<Glob> enterTypes,
    List<Glob> excludeTypes,
    List<Glob> enterPoints,
    List<Glob> excludePoints) {

  /** Says nothing. */
  public static final MountRules NONE = new MountRules(List.of(), List.of(), List.of(), List.of());

  /** What the scope says of one mount. */
  public enum Answer {
    ENTER,
    EXCLUDE,
    NOTHING
  }

  public MountRules {
    enterTypes = List.copyOf(enterTypes);
    excludeTypes = List.copyOf(excludeTypes);
    enterPoints = List.copyOf(enterPoints);
    excludePoints = List.copyOf(excludePoints);
  }

  /**
   * What is said of a mount.
   *
   * @param type as in mountinfo, with subtype ({@code fuse.sshfs})
   * @param point path inside the root
   */
  public Answer of(String type, ByteString point) {
    ByteString name = ByteString.copyFromUtf8(type);
    if (any(excludePoints, point) || any(excludeTypes, name)) {
      return Answer.EXCLUDE;
    }
    return any(enterPoints, point) || any(enterTypes, name) ? Answer.ENTER : Answer.NOTHING;
  }

  /** The same rules with those of types from another. */
  MountRules withTypes(MountRules other) {
    return new MountRules(other.enterTypes, other.excludeTypes, enterPoints, excludePoints);
  }

  /** The same rules with those of mount points from another. */
  MountRules withPoints(MountRules other) {
    return new MountRules(enterTypes, excludeTypes, other.enterPoints, other.excludePoints);
  }

  /** Lines of the scope's canonical text; none where nothing is said. */
  Stream<String> lines() {
    return Stream.of(
            lines("filesystem-enter ", enterTypes),
            lines("filesystem-exclude ", excludeTypes),
            lines("mount-enter ", enterPoints),
            lines("mount-exclude ", excludePoints))
        .flatMap(s -> s);
  }

  private static Stream<String> lines(String word, List<Glob> globs) {
    return globs.stream().map(g -> word + Scope.line(g));
  }

  private static boolean any(List<Glob> globs, ByteString input) {
    for (Glob g : globs) {
      if (g.matches(input)) {
        return true;
      }
    }
    return false;
  }
}
