package io.patina.stack.broker;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.LogManager;

/**
 * The broker's own process.
 *
 * <p>Arguments: log directory, client port, controller port, ready file. The ready file appears,
 * holding this process's id, when the node accepts requests and every topic exists. SIGTERM shuts
 * the node down in order.
 */
public final class BrokerMain {
  private static final String LOGGING =
      """
      handlers = java.util.logging.ConsoleHandler
      .level = WARNING
      java.util.logging.ConsoleHandler.level = ALL
      java.util.logging.ConsoleHandler.formatter = java.util.logging.SimpleFormatter
      java.util.logging.SimpleFormatter.format = %1$tFT%1$tT.%1$tL%1$tz %4$s %3$s: %5$s%6$s%n
      """;

  private BrokerMain() {}

  /** See the class comment. */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length != 4) {
      System.err.println("usage: BrokerMain LOG-DIRECTORY PORT CONTROLLER-PORT READY-FILE");
      System.exit(2);
    }
    LogManager.getLogManager()
        .readConfiguration(new ByteArrayInputStream(LOGGING.getBytes(StandardCharsets.UTF_8)));
    int port = Integer.parseInt(args[1]);
    try {
      Broker broker = Broker.start(Path.of(args[0]), port, Integer.parseInt(args[2]));
      Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "shutdown"));
      TopicSettings.create("127.0.0.1:" + port);
      Files.writeString(Path.of(args[3]), ProcessHandle.current().pid() + "\n");
      broker.awaitShutdown();
    } catch (IOException | RuntimeException e) {
      e.printStackTrace();
      // Kafka's threads are not daemons: without this a failed start would leave a process behind.
      Runtime.getRuntime().halt(1);
    }
  }
}
