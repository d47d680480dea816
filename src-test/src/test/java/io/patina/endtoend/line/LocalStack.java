package io.patina.endtoend.line;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The commands of the local stack, run as the launcher runs them, on a directory of their own. */
public final class LocalStack {

  private final Path directory;
  private final int port;

  /**
   * How a command ended.
   *
   * @param output what it printed
   */
  public record Ended(int code, String output) {}

  public LocalStack(Path directory) throws IOException {
    this.directory = directory;
    this.port = TestLine.freePort();
  }

  /** The port that the page is to be asked on. */
  public String port() {
    return String.valueOf(port);
  }

  public Api api() {
    return new Api(URI.create("http://127.0.0.1:" + port + "/"));
  }

  /** Runs one command to its end; detached processes live on. */
  public Ended run(String command, String... arguments) throws IOException, InterruptedException {
    Path deploy = TestLine.checkout().resolve("deploy").resolve("target");
    List<String> all = new ArrayList<>();
    all.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    all.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dpatina.home=" + TestLine.checkout(),
            "-cp",
            deploy.resolve("classes") + ":" + deploy.resolve("lib") + "/*",
            "io.patina.stack.line.Line",
            command));
    all.addAll(List.of("--data", directory.toString()));
    all.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(all)
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output);
  }

  /** Stops everything and removes what it made; there may be nothing. */
  public void purge() throws IOException, InterruptedException {
    Ended ended = run("down", "--purge");
    if (ended.code() != 0) {
      throw new IOException("down --purge ended with " + ended.code() + ": " + ended.output());
    }
  }
}
