package io.patina.collector.dpkg;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One group of update-alternatives(1), a file of {@code /var/lib/dpkg/alternatives}: mode and link;
 * pairs of slave name and slave link up to an empty line; then each choice as path, priority and
 * one line per slave (empty if it has none), up to an empty line.
 *
 * @param automatic the best choice is taken; otherwise a person chose
 * @param slaves name to link, in order
 */
record Alternatives(
    boolean automatic, ByteString link, Map<String, ByteString> slaves, List<Choice> choices) {

  /**
   * A choice.
   *
   * @param slaves path per slave in the order of the group's slaves; empty where it has none
   */
  record Choice(ByteString path, long priority, List<ByteString> slaves) {}

  Alternatives {
    slaves = new LinkedHashMap<>(slaves);
    choices = List.copyOf(choices);
  }

  /** Parses a group; empty if it is not of the form. */
  static Optional<Alternatives> parse(ByteString bytes) {
    List<ByteString> lines = new ArrayList<>();
    TextLines.each(bytes, lines::add);
    if (lines.size() < 3) {
      return Optional.empty();
    }
    String mode = TextLines.text(lines.get(0));
    if (!mode.equals("auto") && !mode.equals("manual")) {
      return Optional.empty();
    }
    Map<String, ByteString> slaves = new LinkedHashMap<>();
    int i = 2;
    while (i + 1 < lines.size() && !lines.get(i).isEmpty()) {
      slaves.put(TextLines.text(lines.get(i)), lines.get(i + 1));
      i += 2;
    }
    i++;
    List<Choice> choices = new ArrayList<>();
    while (i + 1 + slaves.size() < lines.size() && !lines.get(i).isEmpty()) {
      String priority = TextLines.text(lines.get(i + 1));
      if (!priority.matches("-?[0-9]{1,18}")) {
        return Optional.empty();
      }
      choices.add(
          new Choice(
              lines.get(i),
              Long.parseLong(priority),
              List.copyOf(lines.subList(i + 2, i + 2 + slaves.size()))));
      i += 2 + slaves.size();
    }
    return Optional.of(new Alternatives(mode.equals("auto"), lines.get(1), slaves, choices));
  }

  /**
   * The choice that should be in force.
   *
   * @param current where the group's link leads now, if anywhere
   */
  Optional<Choice> inForce(Optional<ByteString> current) {
    Optional<Choice> chosen =
        choices.stream().filter(c -> current.filter(c.path()::equals).isPresent()).findFirst();
    return automatic || chosen.isEmpty() ? best() : chosen;
  }

  /** The highest priority; the first of equals. */
  private Optional<Choice> best() {
    @Nullable Choice best = null;
    for (Choice choice : choices) {
      if (best == null || choice.priority() > best.priority()) {
        best = choice;
      }
    }
    return Optional.ofNullable(best);
  }
}
