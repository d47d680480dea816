package io.patina.endtoend.hosts;

import java.io.IOException;
import java.nio.file.Path;

/** A network of its own with nothing in it but loopback: a host reaches nobody by accident. */
final class NetworkNamespace {

  private final String name;

  private NetworkNamespace(String name) {
    this.name = name;
  }

  static NetworkNamespace create(String name) throws IOException, InterruptedException {
    String unused = Shell.must("ip", "netns", "add", name);
    String unused2 = Shell.must("ip", "-n", name, "link", "set", "lo", "up");
    return new NetworkNamespace(name);
  }

  /** The file that programs join it by. */
  Path path() {
    return Path.of("/run/netns", name);
  }

  void remove() throws IOException, InterruptedException {
    String unused = Shell.must("ip", "netns", "del", name);
  }
}
