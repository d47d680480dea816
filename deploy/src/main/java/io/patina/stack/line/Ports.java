package io.patina.stack.line;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;

/**
 * The ports of one line, all on 127.0.0.1.
 *
 * <p>Only the page's port matters to a person: the one given with {@code --port}, else the one of
 * the last run, else {@value #DEFAULT_PAGE}. The others are remembered from the last run and
 * replaced by free ones where something else has taken them meanwhile.
 *
 * @param page the engine's pages, API, health and metrics
 * @param broker Kafka, for clients
 * @param controller Kafka, for itself
 * @param database PostgreSQL
 * @param collector the collector's metrics
 */
public record Ports(int page, int broker, int controller, int database, int collector) {
  public static final int DEFAULT_PAGE = 8420;

  /** Chooses ports for a start; the page's port is not checked, see {@link #isFree}. */
  public static Ports choose(Path file, OptionalInt wanted) throws IOException {
    Properties last = new Properties();
    if (Files.exists(file)) {
      try (Reader reader = Files.newBufferedReader(file)) {
        last.load(reader);
      }
    }
    return new Ports(
        wanted.orElse(remembered(last, "page").orElse(DEFAULT_PAGE)),
        free(last, "broker"),
        free(last, "controller"),
        free(last, "database"),
        free(last, "collector"));
  }

  /** The ports of the last start; empty if there was none. */
  public static Optional<Ports> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Properties last = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      last.load(reader);
    }
    return Optional.of(
        new Ports(
            remembered(last, "page").orElse(0),
            remembered(last, "broker").orElse(0),
            remembered(last, "controller").orElse(0),
            remembered(last, "database").orElse(0),
            remembered(last, "collector").orElse(0)));
  }

  /**
   * The same, with other free ports for a part whose own were taken by somebody else after they had
   * been chosen; empty if the part has none that we choose, as the page's.
   */
  Optional<Ports> withOthersFor(String part) throws IOException {
    Properties none = new Properties();
    return switch (part) {
      case "database" ->
          Optional.of(new Ports(page, broker, controller, free(none, part), collector));
      case "broker" ->
          Optional.of(
              new Ports(page, free(none, part), free(none, "controller"), database, collector));
      case "collector" ->
          Optional.of(new Ports(page, broker, controller, database, free(none, part)));
      default -> Optional.empty();
    };
  }

  /** Remembers the ports for the next start and for whoever wants to look. */
  public void write(Path file) throws IOException {
    Properties properties = new Properties();
    properties.setProperty("page", String.valueOf(page));
    properties.setProperty("broker", String.valueOf(broker));
    properties.setProperty("controller", String.valueOf(controller));
    properties.setProperty("database", String.valueOf(database));
    properties.setProperty("collector", String.valueOf(collector));
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties.store(writer, "Ports of this line on 127.0.0.1.");
    }
  }

  /** Whether a server could be started on this port of 127.0.0.1 now. */
  public static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The next free port above one that is taken; empty if there is none. */
  public static OptionalInt freeAbove(int port) {
    for (int next = port + 1; next <= 65535; next++) {
      if (isFree(next)) {
        return OptionalInt.of(next);
      }
    }
    return OptionalInt.empty();
  }

  private static Optional<Integer> remembered(Properties last, String name) {
    String value = last.getProperty(name, "");
    return value.matches("[0-9]{1,5}") && Integer.parseInt(value) <= 65535
        ? Optional.of(Integer.valueOf(value))
        : Optional.empty();
  }

  private static int free(Properties last, String name) throws IOException {
    Optional<Integer> before = remembered(last, name).filter(Ports::isFree);
    if (before.isPresent()) {
      return before.get();
    }
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
