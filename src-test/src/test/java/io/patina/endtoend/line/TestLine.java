package io.patina.endtoend.line;

import io.patina.golden.BaselineStatement;
import io.patina.golden.GoldenBaseline;
import io.patina.manifest.Manifest;
import io.patina.manifest.ManifestStore;
import io.patina.signing.Envelope;
import io.patina.signing.InvalidKeyException;
import io.patina.signing.SigningKey;
import io.patina.stack.database.PostgresBinaries;
import io.patina.stack.line.DataDirectory;
import io.patina.stack.line.Part;
import io.patina.stack.line.Parts;
import io.patina.stack.line.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * One line in one directory below the build's: broker, database and engines, on free ports of
 * loopback. Parts are started one by one by the test that wants them; closing stops what runs.
 */
public final class TestLine implements AutoCloseable {

  private static final Path BUILD = Path.of("target").toAbsolutePath();
  private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();

  private final DataDirectory data;
  private final Ports ports;
  private final List<RunningPart> running = new ArrayList<>();

  private TestLine(DataDirectory data, Ports ports) {
    this.data = data;
    this.ports = ports;
  }

  /** A new line with nothing in it. */
  public static TestLine create(String name) throws IOException {
    DataDirectory data = new DataDirectory(BUILD.resolve("lines").resolve(name));
    data.purge();
    data.claim()
        .ifPresent(
            refusal -> {
              throw new IllegalStateException(refusal);
            });
    // The programs are unpacked once for all lines of this build.
    Path programs = BUILD.resolve("postgres-programs");
    PostgresBinaries unused = PostgresBinaries.unpack(programs);
    Files.createDirectories(data.data("postgres"));
    Files.createSymbolicLink(data.data("postgres").resolve("programs"), programs);
    Ports ports = Ports.choose(data.run("ports"), OptionalInt.of(freePort()));
    ports.write(data.run("ports"));
    return new TestLine(data, ports);
  }

  private static int freePort() throws IOException {
    try (var socket = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  public DataDirectory data() {
    return data;
  }

  public Parts parts() {
    return new Parts(data, ports, CHECKOUT);
  }

  public Ports ports() {
    return ports;
  }

  public static Path checkout() {
    return CHECKOUT;
  }

  /** Starts the database and waits until it answers. */
  public RunningPart database() throws IOException, InterruptedException {
    return start(parts().database(), "database", List.of()).awaitReady();
  }

  /** Starts the broker and waits until it answers and its topics exist. */
  public RunningPart broker() throws IOException, InterruptedException {
    return start(parts().broker(), "broker", List.of()).awaitReady();
  }

  /** Starts the engine and waits until it is ready. */
  public RunningPart engine(String... environment) throws IOException, InterruptedException {
    return launchEngine(environment).awaitReady();
  }

  /** Starts the engine without waiting. */
  public RunningPart launchEngine(String... environment) throws IOException, InterruptedException {
    return start(parts().engine(), "engine", List.of(environment));
  }

  /** Another replica of the engine, with an API of its own. */
  public Replica replica() throws IOException {
    Ports own =
        new Ports(
            freePort(), ports.broker(), ports.controller(), ports.database(), ports.collector());
    return new Replica(new Parts(data, own, CHECKOUT));
  }

  /** A second engine beside the first. */
  public final class Replica {
    private final Parts parts;

    private Replica(Parts parts) {
      this.parts = parts;
    }

    /** Starts it without waiting. */
    public RunningPart launch(String... environment) throws IOException, InterruptedException {
      return start(parts.engine(), "replica", List.of(environment));
    }

    public Api api() {
      return new Api(parts.page());
    }
  }

  private RunningPart start(Part part, String log, List<String> environment)
      throws IOException, InterruptedException {
    RunningPart started = RunningPart.launch(part, data.logs().resolve(log + ".log"), environment);
    running.add(started);
    return started;
  }

  public Api api() {
    return new Api(parts().page());
  }

  /** The key that the line's engine trusts; there once an engine has been prepared. */
  public SigningKey baselineKey() throws IOException, InvalidKeyException {
    return SigningKey.ofPem(Files.readString(data.data("keys").resolve("as-shipped.pem")));
  }

  /** Signs a baseline with the key that the line trusts and puts its manifest into the store. */
  public Envelope sign(GoldenBaseline baseline, Manifest manifest)
      throws IOException, InvalidKeyException {
    new ManifestStore(data.store()).put(manifest);
    return BaselineStatement.sign(baseline, baselineKey());
  }

  /** Stops what runs, last started first. */
  @Override
  public void close() throws IOException, InterruptedException {
    IOException failed = null;
    for (RunningPart each : running.reversed()) {
      try {
        each.close();
      } catch (IOException e) {
        failed = e;
      }
    }
    if (failed != null) {
      throw failed;
    }
  }
}
