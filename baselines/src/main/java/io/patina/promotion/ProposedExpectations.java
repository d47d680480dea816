package io.patina.promotion;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.patina.facts.FactKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Writes what differs per host as a file of expectations: a proposal, for people to edit. */
public final class ProposedExpectations {

  /**
   * The file, and what cannot be in it.
   *
   * @param yaml empty if nothing differs
   * @param unwritable facts whose names are not text
   */
  public record Written(String yaml, List<FactKey> unwritable) {
    public Written {
      unwritable = List.copyOf(unwritable);
    }
  }

  private ProposedExpectations() {}

  public static Written of(Promotion promotion) {
    StringBuilder out = new StringBuilder();
    List<FactKey> unwritable = new ArrayList<>();
    for (Map.Entry<FactKey, Set<String>> e : promotion.differing().entrySet()) {
      if (!e.getKey().name().isValidUtf8()) {
        unwritable.add(e.getKey());
        continue;
      }
      out.append(out.isEmpty() ? "expectations:\n" : "");
      out.append("  - facet: ").append(e.getKey().facet()).append('\n');
      out.append("    glob: ").append(quoted(literal(e.getKey().name().toStringUtf8())));
      out.append("\n    ignored: [");
      List<String> names =
          new TreeSet<>(e.getValue()).stream().map(ProposedExpectations::quoted).toList();
      out.append(String.join(", ", names)).append("]\n");
      out.append("    reason: differs from host to host; proposed, look at it\n");
    }
    return new Written(out.toString(), unwritable);
  }

  /** A glob that matches exactly this. */
  private static String literal(String name) {
    return name.replaceAll("[\\\\?*\\[\\]{},!]", "\\\\$0");
  }

  /** JSON is YAML. */
  private static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }
}
