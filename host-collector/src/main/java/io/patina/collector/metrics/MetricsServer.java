package io.patina.collector.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.HTTPServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Answers {@code /metrics} on 127.0.0.1. */
public final class MetricsServer implements AutoCloseable {
  private final HTTPServer server;

  private MetricsServer(HTTPServer server) {
    this.server = server;
  }

  /**
   * Opens the port.
   *
   * @param port 0 for any free one
   * @throws IOException if the port is taken
   */
  public static MetricsServer start(int port, CollectorMetrics metrics) throws IOException {
    CollectorRegistry registry = new CollectorRegistry();
    registry.register(metrics);
    InetSocketAddress loopback =
        new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    return new MetricsServer(new HTTPServer(loopback, registry, true));
  }

  /** The port it answers on. */
  public int port() {
    return server.getPort();
  }

  @Override
  public void close() {
    server.close();
  }
}
