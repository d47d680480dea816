package io.patina.collector.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.patina.collector.mounts.MountTable;
import io.patina.facts.Gap;
import io.patina.scope.Glob;
import io.patina.scope.MountRules;
import io.patina.scope.Scope;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real mounts below a root: what is entered, what is passed by, what stands for what. */
class MountedTreesTest {
  @TempDir Path tree;

  @BeforeEach
  void needsRoot() {
    assumeTrue(Walks.isRoot(), "mounting needs root");
    Shell.run(tree, "mkdir usr bound tmp etc; mkdir usr/lib; touch usr/lib/x etc/y tmp/z");
    assumeTrue(
        Shell.succeeds(tree, "mount --bind usr bound && umount bound"),
        "this container may not mount");
  }

  @AfterEach
  void unmount() {
    Shell.run(
        tree,
        """
        for i in 1 2 3; do
          for m in $(grep -F " $PWD/" /proc/self/mountinfo | cut -d' ' -f5 | sort -r); do
            umount "$m" || true
          done
        done
        """);
  }

  @Test
  void aBindMountIsNotVisitedTwiceAndTheEarlierPathStands() {
    Shell.run(tree, "mount --bind usr bound");
    assertEquals(
        Set.of("/", "/bound", "/etc", "/etc/y", "/tmp", "/tmp/z", "/usr", "/usr/lib", "/usr/lib/x"),
        Walks.of(tree).found.keySet());
  }

  @Test
  void aBindMountIsVisitedWhereItsOtherPathIsNotInScope() {
    Shell.run(tree, "mount --bind usr bound");
    Scope bound = Scopes.of(List.of("/bound/**"), List.of(), Scopes.ATTRIBUTES);
    assertTrue(Walks.of(tree, bound, 1).found.containsKey("/bound/lib/x"));
    // Only a part of it is in scope under the other path: that cannot stand for the whole.
    Scope part =
        Scopes.of(List.of("/bound/**", "/usr", "/usr/bin/**"), List.of(), Scopes.ATTRIBUTES);
    assertTrue(Walks.of(tree, part, 1).found.containsKey("/bound/lib/x"));
  }

  @Test
  void aBindMountWhoseOtherPathIsHiddenByALaterMountIsVisited() {
    Shell.run(tree, "mount --bind usr bound; mount -t tmpfs none usr");
    Set<String> found = Walks.of(tree).found.keySet();
    assertTrue(found.contains("/bound/lib/x"), found::toString);
    assertFalse(found.contains("/usr/lib/x"), found::toString);
  }

  @Test
  void aRootThatIsBoundIntoItselfIsNoEndlessWalk() {
    Shell.run(tree, "mount --bind . bound");
    assertEquals(
        Set.of("/", "/bound", "/etc", "/etc/y", "/tmp", "/tmp/z", "/usr", "/usr/lib", "/usr/lib/x"),
        Walks.of(tree).found.keySet());
  }

  @Test
  void aFileSystemInMemoryIsEnteredOnlyIfTheScopeSaysSo() {
    Shell.run(tree, "mount -t tmpfs none tmp; touch tmp/inside");
    assertFalse(Walks.of(tree).found.containsKey("/tmp/inside"));
    assertTrue(walk(types(List.of("tmpfs"), List.of())).found.containsKey("/tmp/inside"));
    assertTrue(walk(points(List.of("/tmp"), List.of())).found.containsKey("/tmp/inside"));
    assertFalse(
        walk(types(List.of("tmpfs"), List.of("tmp*"))).found.containsKey("/tmp/inside"),
        "exclude goes first");
  }

  @Test
  void aMountPointOrTypeThatIsExcludedIsNeitherFactNorGap() {
    Shell.run(tree, "mount --bind etc bound; mount -t tmpfs none tmp");
    Set<String> byPoint = walk(points(List.of(), List.of("/bound", "/tmp"))).found.keySet();
    assertEquals(Set.of("/", "/etc", "/etc/y", "/usr", "/usr/lib", "/usr/lib/x"), byPoint);
    Set<String> byType = walk(types(List.of(), List.of("tmpfs"))).found.keySet();
    assertFalse(byType.contains("/tmp"));
    // Without a table the type is known by its number; the directory was looked at by then.
    Set<String> untold = untold(types(List.of("tmpfs"), List.of())).found.keySet();
    assertTrue(untold.contains("/tmp"));
    assertFalse(untold(types(List.of(), List.of("tmpfs"))).found.containsKey("/tmp/inside"));
  }

  @Test
  void whereNothingIsMountedAnExcludedMountPointIsADirectoryLikeAnyOther() {
    assertTrue(walk(points(List.of(), List.of("/tmp"))).found.containsKey("/tmp/z"));
  }

  @Test
  void pseudoFileSystemsAreNotEnteredWithOrWithoutATableOrEvenIfTheScopeSaysSo() {
    Shell.run(tree, "mount -t proc proc tmp; mount -t sysfs sysfs bound");
    MountRules rules = types(List.of("*"), List.of());
    for (Walks walk :
        List.of(Walks.of(tree), walk(rules), untold(MountRules.NONE), untold(rules))) {
      assertEquals(
          Set.of("/", "/bound", "/etc", "/etc/y", "/tmp", "/usr", "/usr/lib", "/usr/lib/x"),
          walk.found.keySet());
    }
  }

  @Test
  void aFileThatIsMountedOverAFileIsTheOneThatIsSeen() {
    Shell.run(tree, "printf over > tmp/z; mount --bind tmp/z etc/y");
    assertEquals("4", Walks.of(tree).text("/etc/y", "size"));
  }

  @Test
  void aDeadUserSpaceFileSystemIsAGapAndNotAHang() {
    MountTable table =
        MountTable.parse(
            """
            1 0 8:1 / / rw - ext4 /dev/sda1 rw
            2 1 0:9 / /tmp rw - fuse.sshfs me@there: rw
            """
                .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    try (RootDirectory root = Walks.open(tree)) {
      Walks walk = Walks.of(root, Scopes.everything(), table, 1);
      assertEquals(Gap.UNSUPPORTED, walk.gap("/tmp").reason());
      Scope entering = with(types(List.of("fuse.*"), List.of()));
      assertTrue(Walks.of(root, entering, table, 1).found.containsKey("/tmp/z"));
    }
  }

  private Walks walk(MountRules rules) {
    return Walks.of(tree, with(rules), 1);
  }

  private Walks untold(MountRules rules) {
    try (RootDirectory root = Walks.open(tree)) {
      return Walks.of(root, with(rules), MountTable.EMPTY, 1);
    }
  }

  private static Scope with(MountRules rules) {
    Scope all = Scopes.everything();
    return new Scope(
        all.name(),
        all.facets(),
        all.include(),
        all.exclude(),
        all.attributes(),
        all.sysctls(),
        rules);
  }

  private static MountRules types(List<String> enter, List<String> exclude) {
    return new MountRules(globs(enter), globs(exclude), List.of(), List.of());
  }

  private static MountRules points(List<String> enter, List<String> exclude) {
    return new MountRules(List.of(), List.of(), globs(enter), globs(exclude));
  }

  private static List<Glob> globs(List<String> patterns) {
    return patterns.stream().map(Glob::of).toList();
  }
}
