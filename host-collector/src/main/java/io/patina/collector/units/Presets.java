package io.patina.collector.units;

import com.google.protobuf.ByteString;
import io.patina.collector.files.Content;
import io.patina.collector.files.Names;
import io.patina.collector.files.RootFiles;
import io.patina.scope.Glob;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the distribution and the administrator want enabled: systemd.preset(5). */
final class Presets {
  private static final int MOST = 1 << 20;
  private static final List<String> DIRECTORIES =
      List.of(
          "/etc/systemd/system-preset",
          "/usr/local/lib/systemd/system-preset",
          "/usr/lib/systemd/system-preset",
          "/lib/systemd/system-preset");

  private record Rule(boolean enable, Glob units) {}

  private final List<Rule> rules;

  private Presets(List<Rule> rules) {
    this.rules = rules;
  }

  static Presets of(RootFiles files) {
    Map<String, String> byName = new TreeMap<>();
    for (String directory : DIRECTORIES) {
      if (files.list(directory) instanceof Names.Present present) {
        for (Names.Name name : present.names()) {
          if (name.text().endsWith(".preset") && !byName.containsKey(name.text())) {
            byName.put(
                name.text(),
                files.read(directory + "/" + name.text(), MOST) instanceof Content.Present p
                    ? p.text()
                    : "");
          }
        }
      }
    }
    return parse(byName.values());
  }

  /** Parses files in the order of their names: the first rule that matches a unit decides. */
  static Presets parse(Iterable<String> files) {
    List<Rule> rules = new ArrayList<>();
    for (String file : files) {
      for (String line : file.split("\n", -1)) {
        String[] words = line.strip().split("\\s+", -1);
        boolean rule = words[0].equals("enable") || words[0].equals("disable");
        if (rule && words.length >= 2 && isPattern(words[1])) {
          rules.add(new Rule(words[0].equals("enable"), Glob.of(words[1])));
        }
      }
    }
    return new Presets(rules);
  }

  private static boolean isPattern(String word) {
    try {
      return !Glob.of(word).toString().isEmpty();
    } catch (IllegalArgumentException notAPattern) {
      // systemd passes over such a line as well.
      return false;
    }
  }

  /** {@code enabled} or {@code disabled}; systemd enables what no rule mentions. */
  String of(UnitName unit) {
    ByteString name = ByteString.copyFromUtf8(unit.whole());
    ByteString template = unit.template().map(t -> ByteString.copyFromUtf8(t.whole())).orElse(name);
    for (Rule rule : rules) {
      if (rule.units().matches(name) || rule.units().matches(template)) {
        return rule.enable() ? "enabled" : "disabled";
      }
    }
    return "enabled";
  }
}
