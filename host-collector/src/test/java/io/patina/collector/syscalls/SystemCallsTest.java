package io.patina.collector.syscalls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemCallsTest {
  @TempDir Path directory;
  private final SystemCalls calls = new SystemCalls();

  @Test
  void aFileIsOpenedStatedReadAndClosed() throws IOException {
    Files.writeString(directory.resolve("file"), "hello");
    int parent =
        calls.open(SystemCalls.WORKING_DIRECTORY, bytes(directory.toString()), Open.PATH_ONLY);
    int file = calls.open(parent, bytes("file"), Open.READ);
    Stat stat = new Stat();
    assertEquals(0, calls.stat(file, stat));
    assertEquals(5, stat.size());
    assertTrue(stat.isRegular());
    assertEquals(1, stat.links());
    Stat again = new Stat();
    assertEquals(0, calls.stat(parent, bytes("file"), again));
    assertTrue(stat.sameVersion(again));
    byte[] buffer = new byte[10];
    assertEquals(5, calls.read(file, buffer, 10));
    assertEquals("hello", new String(buffer, 0, 5, StandardCharsets.UTF_8));
    calls.close(file);
    assertEquals(-Errno.EBADF, calls.read(file, buffer, 10));
    calls.close(parent);
  }

  @Test
  void expectedErrorsAreValues() {
    Stat stat = new Stat();
    assertEquals(-Errno.ENOENT, calls.stat(SystemCalls.WORKING_DIRECTORY, bytes("/none"), stat));
    assertEquals(
        -Errno.ENAMETOOLONG, calls.stat(SystemCalls.WORKING_DIRECTORY, new byte[5000], stat));
    assertEquals(
        -Errno.EINVAL, calls.stat(SystemCalls.WORKING_DIRECTORY, new byte[] {'a', 0, 'b'}, stat));
    assertEquals("ENOENT", Errno.name(Errno.ENOENT));
  }

  @Test
  void aDirectoryIsListedWithoutDots() throws IOException {
    Files.createFile(directory.resolve("a"));
    Files.createDirectory(directory.resolve("b"));
    int open =
        calls.open(SystemCalls.WORKING_DIRECTORY, bytes(directory.toString()), Open.DIRECTORY);
    List<String> names = new ArrayList<>();
    while (calls.list(
            open, (inode, type, name) -> names.add(type + new String(name, StandardCharsets.UTF_8)))
        > 0) {}
    calls.close(open);
    assertEquals(List.of("4b", "8a"), names.stream().sorted().toList());
  }

  @Test
  void extendedAttributesAreRawBytes() throws IOException {
    Path file = Files.createFile(directory.resolve("x"));
    var view =
        Files.getFileAttributeView(
            file, java.nio.file.attribute.UserDefinedFileAttributeView.class);
    assumeTrue(
        Files.getFileStore(file).supportsFileAttributeView("user"),
        "the file system of the temporary directory keeps no user attributes");
    view.write("patina", java.nio.ByteBuffer.wrap(new byte[] {1, 0, (byte) 0xff}));
    int parent =
        calls.open(SystemCalls.WORKING_DIRECTORY, bytes(directory.toString()), Open.PATH_ONLY);
    byte[] name = bytes("x");
    int length = calls.listAttributes(parent, name);
    assertEquals("user.patina\0", new String(calls.taken(length), StandardCharsets.UTF_8));
    assertEquals(3, calls.attribute(parent, name, "user.patina"));
    assertEquals(-1, calls.taken(3)[2]);
    assertEquals(-Errno.ENODATA, calls.attribute(parent, name, "user.none"));
    int open = calls.open(parent, name, Open.READ);
    assertEquals(length, calls.listAttributes(open));
    assertEquals(3, calls.attribute(open, "user.patina"));
    calls.close(open);
    calls.close(parent);
  }

  @Test
  void onlyLinuxOnTwoArchitecturesIsKnown() {
    assertEquals(437, Abi.of("Linux", "aarch64").openat2());
    assertThrows(UnsupportedOperationException.class, () -> Abi.of("Linux", "s390x"));
    assertThrows(UnsupportedOperationException.class, () -> Abi.of("Mac OS X", "aarch64"));
  }

  @Test
  void aThreadCanStandBack() throws InterruptedException {
    List<Integer> answers = new ArrayList<>();
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  answers.add(Politeness.nice(10));
                  answers.add(Politeness.bestEffortIo(7));
                  answers.add(Politeness.batch());
                });
    thread.join();
    assertEquals(List.of(0, 0, 0), answers);
  }

  @Test
  void aNotificationNeedsAnAddress() {
    assertEquals(-Errno.EINVAL, ServiceNotification.send("relative", "READY=1"));
    assertTrue(ServiceNotification.send(directory + "/none", "READY=1") < 0);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
