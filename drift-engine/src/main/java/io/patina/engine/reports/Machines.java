package io.patina.engine.reports;

import io.patina.engine.state.Machine;
import io.patina.facts.Escaped;
import io.patina.wire.v1.HostIdentity;
import io.patina.wire.v1.Label;
import io.patina.wire.v1.Report;
import io.patina.wire.v1.Snapshot;
import java.util.Map;
import java.util.TreeMap;

/** What a host says of itself, made safe: escaped, cut, few. */
public final class Machines {

  private static final int MOST_LABELS = 64;

  /** Longest name, in characters. */
  public static final int MOST_NAME = 253;

  private static final int MOST_BYTES = 32;

  private Machines() {}

  public static Machine of(Report report, Snapshot snapshot) {
    HostIdentity host = snapshot.getHost();
    Map<String, String> labels = new TreeMap<>();
    for (Label label : host.getLabelsList()) {
      if (labels.size() < MOST_LABELS) {
        labels.put(shown(label.getName(), MOST_NAME), shown(label.getValue(), MOST_NAME));
      }
    }
    return new Machine(
        report.getScope(),
        cut(snapshot.getMoment().getBootId()),
        shown(host.getHostname(), MOST_NAME),
        labels,
        shown(host.getCollectorVersion(), MOST_NAME),
        cut(host.getMachine()));
  }

  /** Text of a host as one line that is safe to print, of at most this many characters. */
  public static String shown(String text, int most) {
    String escaped = Escaped.text(text.length() > most ? text.substring(0, most) : text);
    return escaped.length() > most ? escaped.substring(0, most) : escaped;
  }

  private static com.google.protobuf.ByteString cut(com.google.protobuf.ByteString bytes) {
    return bytes.size() > MOST_BYTES ? bytes.substring(0, MOST_BYTES) : bytes;
  }
}
