package io.patina.collector.dpkg;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code /var/lib/dpkg/diversions}: three lines each, from, to, and the package whose own file
 * keeps the name ({@code :} for nobody's, a local diversion).
 */
final class Diversions {
  private record Diversion(ByteString to, String keeper) {}

  private final Map<ByteString, Diversion> byName = new HashMap<>();

  static Diversions parse(ByteString bytes) {
    List<ByteString> lines = new ArrayList<>();
    TextLines.each(bytes, lines::add);
    Diversions diversions = new Diversions();
    for (int i = 0; i + 2 < lines.size(); i += 3) {
      diversions.byName.put(
          lines.get(i), new Diversion(lines.get(i + 1), TextLines.text(lines.get(i + 2))));
    }
    return diversions;
  }

  /** Where the package's file of that name really lies. */
  ByteString placed(ByteString path, String packageName) {
    Diversion diversion = byName.get(path);
    return diversion == null || diversion.keeper().equals(packageName) ? path : diversion.to();
  }
}
