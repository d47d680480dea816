package io.patina.collector.inventory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RealPathsTest {

  private final RealPaths real =
      new RealPaths(
          path ->
              Optional.ofNullable(
                      Map.of(
                              "/bin", "usr/bin",
                              "/var/run", "/run",
                              "/run/up", "../..",
                              "/a", "/b",
                              "/b", "a")
                          .get(path.toStringUtf8()))
                  .map(ByteString::copyFromUtf8));

  private String of(String path) {
    return real.of(ByteString.copyFromUtf8(path)).toStringUtf8();
  }

  @Test
  void followsTheDirectoriesAndLeavesTheName() {
    assertEquals("/usr/bin/ls", of("/bin/ls"));
    assertEquals("/bin", of("/bin"));
    assertEquals("/run/x", of("/var/run/x"));
    assertEquals("/usr/bin", real.followed(ByteString.copyFromUtf8("/bin")).toStringUtf8());
  }

  @Test
  void nothingLeadsOutOfTheRoot() {
    assertEquals("/etc/passwd", of("/run/up/etc/passwd"));
    assertEquals("/x", of("/../../x"));
    assertEquals("/", of("/."));
    assertEquals("/usr/x", of("//usr/./x/"));
  }

  @Test
  void aLoopOfLinksEnds() {
    assertEquals("c", of("/a/c").substring(of("/a/c").length() - 1));
  }
}
