package io.patina.collector.writers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessTextTest {

  @TempDir Path directory;

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  private static String script(String program, String... arguments) {
    return ProcessText.script(bytes(program), bytes(String.join("\0", arguments) + "\0"))
        .toStringUtf8();
  }

  @Test
  void aNameMayHoldParentheses() {
    ByteString stat = bytes("12 (a) S 9 (b) S 34 1 1");
    assertEquals(34, ProcessText.parent(stat));
    assertEquals("a) S 9 (b", ProcessText.command(stat).toStringUtf8());
    assertEquals(0, ProcessText.parent(bytes("nothing of the kind")));
    assertEquals(0, ProcessText.parent(bytes("1 (x) S -4 0")));
  }

  @Test
  void onlyTheScriptOfAnInterpreterIsReadAndNoOtherArgument() {
    assertEquals(
        "/t/AnsiballZ_copy.py",
        script("/usr/bin/python3.13", "python3", "/t/AnsiballZ_copy.py", "secret"));
    assertEquals("", script("/usr/bin/python3", "python3", "-c", "/secret"));
    assertEquals("", script("/usr/bin/mysql", "mysql", "/secret"));
    assertEquals("", script("sh", "sh"));
  }

  @Test
  void ancestorsAreNamedByTheirScriptsAndTheRootOnlyWhereItIsAnother() throws Exception {
    describe(30, "sed", 20, "sed\0-i\0", "/");
    describe(20, "python3", 10, "python3\0/r/AnsiballZ_command.py\0", "/");
    describe(10, "sshd", 1, "sshd: root", "/");
    describe(40, "vi", 10, "vi\0", "/host");
    Processes processes = new Processes(directory.toString(), Processes.Detail.PROCESS, directory);
    assertEquals(
        List.of("AnsiballZ_command.py", "sshd"),
        processes.writer(30).ancestors().stream().map(ByteString::toStringUtf8).toList());
    assertEquals("", processes.writer(30).root().toStringUtf8());
    assertEquals("/host", processes.writer(40).root().toStringUtf8());
  }

  @Test
  void aLoopOfAncestorsEnds() throws Exception {
    describe(50, "a", 51, "", "/");
    describe(51, "b", 50, "", "/");
    Writer writer =
        new Processes(directory.toString(), Processes.Detail.PROCESS, directory).writer(50);
    assertEquals(Writer.MOST_ANCESTORS, writer.ancestors().size());
  }

  @Test
  void aPodIsNamedByTheDirectoryOfItsLogsAndElseByItsUid() throws Exception {
    String uid = "9f1b2c3d-0000-4000-8000-00000000abcd";
    Pods pods = new Pods(directory);
    assertEquals(uid, pods.name(uid));
    Files.createDirectory(directory.resolve("kube-system_agent-x_" + uid));
    assertEquals("kube-system/agent-x", pods.name(uid));
    assertEquals("", pods.name(""));
    assertEquals("u", new Pods(directory.resolve("none")).name("u"));
  }

  private void describe(int pid, String comm, int parent, String commandLine, String root)
      throws Exception {
    Path process = Files.createDirectory(directory.resolve(String.valueOf(pid)));
    Files.writeString(process.resolve("comm"), comm + "\n");
    Files.writeString(process.resolve("cgroup"), "0::/\n");
    Files.writeString(process.resolve("cmdline"), commandLine);
    Files.writeString(process.resolve("stat"), pid + " (" + comm + ") S " + parent + " 1 1");
    Files.createSymbolicLink(process.resolve("root"), Path.of(root));
  }
}
