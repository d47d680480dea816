package io.patina.collector.shipped;

import io.patina.collector.files.Content;
import io.patina.collector.files.Names;
import io.patina.collector.files.RootFiles;
import io.patina.scope.Glob;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which units the distribution enables, by systemd.preset(5). Only rules that name a unit count: a
 * unit that no rule mentions would be enabled by systemd too, but then every unit that a person
 * enabled would pass.
 */
final class Presets {

  private record Rule(boolean enable, Glob units) {}

  private static final int MAX_BYTES = 1 << 20;

  private final List<Rule> rules = new ArrayList<>();
  private int unusable;

  /** Parses preset files in the order of their names; the first rule that matches a unit counts. */
  static Presets parse(List<String> files) {
    Presets presets = new Presets();
    for (String file : files) {
      for (String line : file.split("\n", -1)) {
        String[] words = line.strip().split("\\s+", -1);
        boolean rule =
            words.length >= 2 && (words[0].equals("enable") || words[0].equals("disable"));
        if (rule && !words[1].isEmpty() && !words[1].equals("*")) {
          try {
            presets.rules.add(new Rule(words[0].equals("enable"), Glob.of(words[1])));
          } catch (IllegalArgumentException e) {
            // systemd also passes over a rule that it cannot use; it then enables nothing here.
            presets.unusable++;
          }
        }
      }
    }
    return presets;
  }

  /** Reads the presets of the vendor; {@code /etc} is left out, it is not shipped. */
  static Presets read(RootFiles files) {
    Map<String, String> byName = new TreeMap<>();
    String home = "/usr/lib/systemd/system-preset";
    if (files.list(home) instanceof Names.Present present) {
      for (Names.Name name : present.names()) {
        if (name.text().endsWith(".preset")
            && files.read(home + "/" + name.text(), MAX_BYTES) instanceof Content.Present content) {
          byName.put(name.text(), content.text());
        }
      }
    }
    return parse(List.copyOf(byName.values()));
  }

  /** Number of rules that are no patterns. */
  int unusable() {
    return unusable;
  }

  /** Whether a rule enables the unit, an instance by its template. */
  boolean enable(String unit) {
    int at = unit.indexOf('@');
    int dot = unit.lastIndexOf('.');
    String template = at >= 0 && dot > at ? unit.substring(0, at + 1) + unit.substring(dot) : unit;
    for (Rule rule : rules) {
      if (rule.units().matches(com.google.protobuf.ByteString.copyFromUtf8(unit))
          || rule.units().matches(com.google.protobuf.ByteString.copyFromUtf8(template))) {
        return rule.enable();
      }
    }
    return false;
  }
}
