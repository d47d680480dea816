package io.patina.collector.watching;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.collector.files.RootDirectory;
import io.patina.collector.syscalls.Open;
import io.patina.collector.syscalls.SystemCalls;
import io.patina.collector.writers.Processes;
import io.patina.collector.writers.Writer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real file systems of different kinds, each mounted for the test. */
class FanotifyWatchingTest {
  @TempDir Path directory;
  private final Deque<String> mounted = new ArrayDeque<>();
  private final BlockingQueue<String> notices = new LinkedBlockingQueue<>();
  private Path at = Path.of("");
  private RootDirectory root = opened(Path.of("/"));
  private Watching watching = new NotWatching();

  @BeforeEach
  void open() throws IOException {
    at = Files.createDirectory(directory.resolve("at"));
    root.close();
    root = opened(directory);
    switch (WatchMode.FANOTIFY.open(root, Processes.Detail.PROCESS)) {
      case WatchMode.Opening.Ready ready -> watching = ready.watching();
      case WatchMode.Opening.Refused refused ->
          Assumptions.abort("fanotify is refused here (" + refused.errno() + "): needs root");
    }
    watching.start(new Recorder());
  }

  @AfterEach
  void close() throws Exception {
    watching.close();
    while (!mounted.isEmpty()) {
      run("umount", mounted.pop());
    }
    root.close();
  }

  private static RootDirectory opened(Path path) {
    return ((RootDirectory.Opening.Ready) RootDirectory.open(path.toString())).root();
  }

  private final class Recorder implements Watching.Listener {
    @Override
    public void touched(ByteString path, Writer writer) {
      notices.add(
          "touched " + path.toStringUtf8() + (writer.isKnown() ? " by " + writer.pid() : ""));
    }

    @Override
    public void appeared(ByteString path, Writer writer) {
      notices.add("appeared " + path.toStringUtf8());
    }

    @Override
    public void lost(String reason) {
      notices.add("lost " + reason);
    }

    @Override
    public void mounted() {
      notices.add("mounted");
    }
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
  }

  private void mount(String... arguments) throws IOException, InterruptedException {
    String[] command = new String[arguments.length + 2];
    command[0] = "mount";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    command[arguments.length + 1] = at.toString();
    Assumptions.assumeTrue(
        run(command) == 0, () -> "mount " + String.join(" ", arguments) + " is refused here");
    mounted.push(at.toString());
    await("mounted");
  }

  private void enter(Path path) {
    SystemCalls calls = new SystemCalls();
    int open =
        calls.open(
            SystemCalls.WORKING_DIRECTORY,
            path.toString().getBytes(StandardCharsets.UTF_8),
            Open.READ | Open.DIRECTORY);
    assertTrue(open >= 0);
    watching.entering(
        ByteString.copyFromUtf8(path.toString().substring(directory.toString().length())), open);
    calls.close(open);
  }

  private void await(String notice) throws InterruptedException {
    String seen;
    do {
      seen = notices.poll(20, TimeUnit.SECONDS);
      assertFalse(seen == null, () -> "no notice: " + notice);
    } while (!notice.equals(seen));
  }

  private static String self() {
    return " by " + ProcessHandle.current().pid();
  }

  @Test
  void aFileSystemThatTakesItIsMarkedWhole() throws Exception {
    mount("-t", "tmpfs", "patina-test");
    enter(at);
    assertEquals("fanotify", watching.name());
    Files.writeString(at.resolve("file"), "x");
    await("touched /at/file" + self());
    Files.createDirectory(at.resolve("below"));
    await("appeared /at/below");
    Files.writeString(at.resolve("below/unheard"), "nobody entered this directory");
    Files.delete(at.resolve("file"));
    await("touched /at/file" + self());
    assertFalse(notices.stream().anyMatch(n -> n.contains("unheard")), notices::toString);
    enter(at.resolve("below"));
    Files.writeString(at.resolve("below/heard"), "x");
    await("touched /at/below/heard" + self());
  }

  @Test
  void aBtrfsSubvolumeIsMarkedDirectoryByDirectory() throws Exception {
    Path image = directory.resolve("image");
    try (var file = new java.io.RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(128L << 20);
    }
    boolean made;
    try {
      made = run("mkfs.btrfs", "-q", image.toString()) == 0;
    } catch (IOException e) {
      made = false;
    }
    Assumptions.assumeTrue(made, "mkfs.btrfs is missing: install btrfs-progs");
    mount("-o", "loop", image.toString());
    assertEquals(
        0, run("btrfs", "subvolume", "create", at.resolve("sub").toString()), "btrfs subvolume");
    Path sub = at.resolve("sub");
    enter(sub);
    assertTrue(watching.name().startsWith("fanotify"), watching.name());
    Files.writeString(sub.resolve("file"), "x");
    await("touched /at/sub/file" + self());
    Files.createLink(sub.resolve("other"), sub.resolve("file"));
    await("touched /at/sub/other" + self());
  }

  @Test
  void whatKnowsNoHandlesIsLeftToInotify() throws Exception {
    for (String each : new String[] {"lower", "upper", "work"}) {
      Files.createDirectory(directory.resolve(each));
    }
    mount(
        "-t",
        "overlay",
        "patina-test",
        "-o",
        "lowerdir=%1$s/lower,upperdir=%1$s/upper,workdir=%1$s/work".formatted(directory));
    enter(directory);
    assertEquals("fanotify", watching.name());
    enter(at);
    assertEquals("fanotify+inotify", watching.name());
    assertTrue(watching.isComplete());
    assertTrue(watching.watches(ByteString.copyFromUtf8("/at")));
    Files.writeString(at.resolve("file"), "x");
    await("touched /at/file");
    Files.writeString(directory.resolve("file"), "x");
    await("touched /file" + self());
  }

  @Test
  void aMarkThatWentWithItsFileSystemIsMissedAndSetAnew() throws Exception {
    mount("-t", "tmpfs", "patina-test");
    enter(at);
    run("umount", mounted.pop());
    await("lost unmount");
    mount("-t", "tmpfs", "patina-test");
    enter(at);
    Files.writeString(at.resolve("again"), "x");
    await("touched /at/again" + self());
  }

  @Test
  void aFileIsKnownByItsHandleUnderAnyName() throws Exception {
    Path seen = Files.createDirectory(directory.resolve("seen"));
    Path unseen = Files.createDirectory(directory.resolve("unseen"));
    Files.writeString(seen.resolve("one"), "1");
    Files.createLink(unseen.resolve("two"), seen.resolve("one"));
    enter(seen);
    watching.watchInode(ByteString.copyFromUtf8("/seen/one"));
    Files.writeString(unseen.resolve("two"), "2");
    await("touched /seen/one" + self());
  }
}
