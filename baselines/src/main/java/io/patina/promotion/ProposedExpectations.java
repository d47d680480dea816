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
    Set<FactKey> keys = new TreeSet<>(promotion.differing().keySet());
    keys.addAll(promotion.labelled().keySet());
    for (FactKey key : keys) {
      if (!key.name().isValidUtf8()) {
        unwritable.add(key);
        continue;
      }
      out.append(out.isEmpty() ? "expectations:\n" : "");
      Map<String, String> labelled = promotion.labelled().getOrDefault(key, Map.of());
      if (!labelled.isEmpty()) {
        List<String> values = new ArrayList<>();
        labelled.forEach((name, text) -> values.add(quoted(name) + ": " + quoted(text)));
        entry(out, key, "exactly: {" + String.join(", ", values) + "}");
        out.append("    reason: follows from a label of the host; proposed, look at it\n");
      }
      Set<String> differing = promotion.differing().getOrDefault(key, Set.of());
      if (!differing.isEmpty()) {
        List<String> names =
            new TreeSet<>(differing).stream().map(ProposedExpectations::quoted).toList();
        entry(out, key, "ignored: [" + String.join(", ", names) + "]");
        out.append("    reason: differs from host to host; proposed, look at it\n");
      }
    }
    return new Written(out.toString(), unwritable);
  }

  private static void entry(StringBuilder out, FactKey key, String said) {
    out.append("  - facet: ").append(key.facet()).append('\n');
    out.append("    glob: ").append(quoted(literal(key.name().toStringUtf8())));
    out.append("\n    ").append(said).append('\n');
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
