package io.patina.engine.state;

import com.google.protobuf.ByteString;
import java.util.Map;

/**
 * What the host says of itself, made safe to print. Asserted: for display and search only.
 *
 * @param scope digest of the scope it observes
 * @param machine digest that tells its machine-id apart from others
 */
public record Machine(
    ByteString scope,
    ByteString bootId,
    String hostname,
    Map<String, String> labels,
    String collectorVersion,
    ByteString machine) {

  public Machine {
    labels = Map.copyOf(labels);
  }
}
