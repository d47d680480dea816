package io.patina.collector.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.patina.collector.syscalls.Errno;
import io.patina.collector.syscalls.Open;
import io.patina.collector.syscalls.SystemCalls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both ways of resolving, the kernel's openat2 and our own for kernels without it. */
class RootDirectoryTest {
  @TempDir Path directory;

  @BeforeEach
  void tree() {
    Shell.run(
        directory,
        """
        printf outside > os-release
        mkdir -p root/etc root/usr/lib
        printf inside > root/usr/lib/os-release
        ln -s /usr/lib/os-release root/etc/absolute
        ln -s ../usr/lib/os-release root/etc/relative
        ln -s ../../../../../../os-release root/etc/escape
        ln -s usr/lib root/lib
        ln -s loop root/loop
        """);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void linksResolveInsideTheRoot(boolean openat2) {
    try (RootDirectory root = root(openat2)) {
      assertEquals("inside", text(root, "/etc/absolute"));
      assertEquals("inside", text(root, "/etc/relative"));
      assertEquals("inside", text(root, "/lib/os-release"));
      assertEquals("inside", text(root, "usr/lib/../lib/./os-release"));
      assertInstanceOf(Content.Absent.class, new RootFiles(root).read("/etc/escape", 100));
      assertInstanceOf(Content.Absent.class, new RootFiles(root).read("/../os-release", 100));
      assertInstanceOf(Content.Absent.class, new RootFiles(root).read("/loop", 100));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theExactWayFollowsNothing(boolean openat2) {
    SystemCalls calls = new SystemCalls();
    try (RootDirectory root = root(openat2)) {
      int file = exact(calls, root, "/usr/lib/os-release", Open.READ);
      calls.close(file);
      assertEquals(true, file >= 0);
      assertEquals(-Errno.ELOOP, exact(calls, root, "/lib/os-release", Open.READ));
      assertEquals(-Errno.ELOOP, exact(calls, root, "/etc/absolute", Open.READ | Open.NO_FOLLOW));
      assertEquals(-Errno.ENOENT, exact(calls, root, "/usr/none", Open.READ));
      int self = exact(calls, root, "/", Open.READ | Open.DIRECTORY);
      calls.close(self);
      assertEquals(true, self >= 0);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void directoriesListSortedAndLinksAreReadAsTheyStand(boolean openat2) {
    try (RootDirectory root = root(openat2)) {
      RootFiles files = new RootFiles(root);
      Names.Present names = assertInstanceOf(Names.Present.class, files.list("/etc"));
      assertEquals(
          "[absolute, escape, relative]",
          names.names().stream().map(Names.Name::text).toList().toString());
      assertEquals("usr/lib", files.link("/lib").orElseThrow().toStringUtf8());
      assertInstanceOf(Names.Absent.class, files.list("/none"));
      assertInstanceOf(Content.Unreadable.class, files.read("/usr/lib/os-release", 3));
    }
  }

  private RootDirectory root(boolean openat2) {
    return assertInstanceOf(
            RootDirectory.Opening.Ready.class,
            RootDirectory.open(directory.resolve("root").toString(), openat2))
        .root();
  }

  private static String text(RootDirectory root, String path) {
    return assertInstanceOf(Content.Present.class, new RootFiles(root).read(path, 100)).text();
  }

  private static int exact(SystemCalls calls, RootDirectory root, String path, int flags) {
    return root.openExact(calls, path.getBytes(StandardCharsets.UTF_8), flags);
  }
}
