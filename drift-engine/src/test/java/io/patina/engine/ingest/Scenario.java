package io.patina.engine.ingest;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.facts.Gap;
import io.patina.manifest.Digest;
import io.patina.wire.v1.Writer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * What one host reports and what has to be said of it: one file of {@code scenarios/}, in the form
 * that its README describes. A word that is not known is an error, never ignored.
 *
 * @param sentence what the scenario shows
 * @param peers the row of the users' complaints that it answers, if it answers one
 * @param golden the facts of the baseline, which are the host's own at the beginning
 * @param expectations a file of them, if the baseline has any
 */
record Scenario(
    String sentence,
    Optional<String> peers,
    String policy,
    List<Entry> golden,
    Optional<String> expectations,
    List<Step> steps) {

  private static final Set<String> WORDS =
      Set.of("sentence", "peers", "policy", "golden", "expectations", "steps");
  private static final Pattern RANGE = Pattern.compile("\\{([0-9]+)\\.\\.([0-9]+)\\}");

  private static final Set<String> WRITER_WORDS =
      Set.of(
          "command",
          "executable",
          "unit",
          "container",
          "login",
          "pod",
          "image",
          "root",
          "script",
          "ancestors",
          "containerName",
          "inHostMounts");

  private static final Set<String> STEP_WORDS =
      Set.of(
          "at",
          "late",
          "restart",
          "snapshot",
          "set",
          "transaction",
          "by",
          "lost",
          "heartbeat",
          "announce",
          "again",
          "baseline",
          "decide",
          "forget",
          "expect");

  /**
   * One moment.
   *
   * @param at since the beginning
   * @param late how far the host's report lies behind the moment at which it arrives
   * @param set changed facts; empty where the fact is gone
   * @param by who wrote what is set, as the collector saw it
   * @param decide what people decide before the host reports, by word
   * @param forget the engine loses all that it has in memory first
   * @param expect what is asked, by word; empty if nothing is
   */
  record Step(
      Duration at,
      Duration late,
      boolean restart,
      boolean snapshot,
      Map<FactKey, Optional<Entry>> set,
      boolean transaction,
      Optional<Writer> by,
      boolean lost,
      boolean heartbeat,
      Optional<String> announce,
      boolean again,
      Optional<List<Entry>> baseline,
      Map<String, Object> decide,
      boolean forget,
      Map<String, Object> expect) {}

  static Scenario read(Path file) throws IOException {
    LoadSettings settings = LoadSettings.builder().setLabel(file.getFileName().toString()).build();
    Map<?, ?> root = map(new Load(settings).loadFromString(Files.readString(file)));
    known(root, WORDS);
    List<Step> steps = new ArrayList<>();
    for (Object step : (List<?>) required(root, "steps")) {
      steps.add(step(map(step)));
    }
    return new Scenario(
        text(required(root, "sentence")),
        Optional.ofNullable(root.get("peers")).map(Scenario::text),
        root.containsKey("policy") ? text(root.get("policy")) : "pet",
        entries(map(required(root, "golden"))),
        Optional.ofNullable(root.get("expectations")).map(Scenario::text),
        steps);
  }

  private static Step step(Map<?, ?> words) {
    known(words, STEP_WORDS);
    Map<FactKey, Optional<Entry>> set = new LinkedHashMap<>();
    if (words.containsKey("set")) {
      map(words.get("set"))
          .forEach((k, v) -> keys(k).forEach(each -> set.put(each, entry(each, v))));
    }
    return new Step(
        duration(required(words, "at")),
        words.containsKey("late") ? duration(words.get("late")) : Duration.ZERO,
        is(words, "restart"),
        is(words, "snapshot"),
        set,
        is(words, "transaction"),
        Optional.ofNullable(words.get("by")).map(by -> writer(map(by))),
        is(words, "lost"),
        is(words, "heartbeat"),
        Optional.ofNullable(words.get("announce")).map(Scenario::text),
        is(words, "again"),
        Optional.ofNullable(words.get("baseline")).map(b -> entries(map(b))),
        words(words, "decide"),
        is(words, "forget"),
        words(words, "expect"));
  }

  private static Map<String, Object> words(Map<?, ?> words, String word) {
    Map<String, Object> found = new LinkedHashMap<>();
    if (words.containsKey(word)) {
      map(words.get(word)).forEach((k, v) -> found.put(text(k), required(v)));
    }
    return found;
  }

  private static List<Entry> entries(Map<?, ?> facts) {
    List<Entry> entries = new ArrayList<>();
    facts.forEach((k, v) -> keys(k).forEach(each -> entries.add(entry(each, v).orElseThrow())));
    return entries;
  }

  /** The keys of a word: {@code {1..9}} in it stands for each of these numbers. */
  private static List<FactKey> keys(Object word) {
    Matcher range = RANGE.matcher(text(word));
    if (!range.find()) {
      return List.of(key(word));
    }
    List<FactKey> keys = new ArrayList<>();
    for (int i = Integer.parseInt(range.group(1)); i <= Integer.parseInt(range.group(2)); i++) {
      keys.add(key(range.replaceFirst(String.valueOf(i))));
    }
    return keys;
  }

  private static Writer writer(Map<?, ?> by) {
    known(by, WRITER_WORDS);
    Writer.Builder writer = Writer.newBuilder().setPid(4711);
    by.forEach(
        (name, value) -> {
          switch (text(name)) {
            case "command" -> writer.setCommand(bytes(value));
            case "executable" -> writer.setExecutable(bytes(value));
            case "unit" -> writer.setUnit(text(value));
            case "container" -> writer.setContainer(text(value));
            case "login" -> writer.setLoginUser(Integer.parseInt(text(value)));
            case "pod" -> writer.setPod(text(value));
            case "image" -> writer.setImage(text(value));
            case "root" -> writer.setRoot(bytes(value));
            case "containerName" -> writer.setContainerName(text(value));
            case "inHostMounts" -> writer.setInHostMounts((Boolean) required(value));
            case "script" -> writer.setScript(bytes(value));
            default -> ((List<?>) required(value)).forEach(a -> writer.addAncestors(bytes(a)));
          }
        });
    return writer.build();
  }

  private static ByteString bytes(@Nullable Object value) {
    return ByteString.copyFromUtf8(text(value));
  }

  /** {@code FACET KEY}. */
  private static FactKey key(Object word) {
    String[] parts = text(word).split(" ", 2);
    return new FactKey(parts[0], ByteString.copyFromUtf8(parts[1]));
  }

  /** Attributes by name; nothing for a fact that is gone; {@code {gap: REASON}} for a gap. */
  private static Optional<Entry> entry(FactKey key, @Nullable Object value) {
    if (value == null) {
      return Optional.empty();
    }
    Map<?, ?> stated = map(value);
    if (stated.containsKey("gap")) {
      return Optional.of(Entry.of(new Gap(key, false, text(stated.get("gap")))));
    }
    Attributes.Builder attributes = new Attributes.Builder();
    stated.forEach((n, v) -> attribute(attributes, text(n), text(v)));
    return Optional.of(Entry.of(key, attributes.build()));
  }

  /** Where a digest is due, any word stands for its own. */
  private static void attribute(Attributes.Builder attributes, String name, String value) {
    if (Attributes.isBinary(name)) {
      attributes.bytes(name, Digest.of(ByteString.copyFromUtf8(value)).bytes());
    } else {
      attributes.text(name, value);
    }
  }

  /** A number and {@code s}, {@code m}, {@code h} or {@code d}. */
  static Duration duration(@Nullable Object word) {
    String text = text(word);
    long number = Long.parseLong(text.substring(0, text.length() - 1));
    return switch (text.charAt(text.length() - 1)) {
      case 's' -> Duration.ofSeconds(number);
      case 'm' -> Duration.ofMinutes(number);
      case 'h' -> Duration.ofHours(number);
      case 'd' -> Duration.ofDays(number);
      default -> throw new IllegalArgumentException("no duration: " + text);
    };
  }

  private static boolean is(Map<?, ?> words, String word) {
    return words.containsKey(word) && (Boolean) required(words, word);
  }

  private static void known(Map<?, ?> words, Set<String> allowed) {
    for (Object word : words.keySet()) {
      if (!(word instanceof String) || !allowed.contains(word)) {
        throw new IllegalArgumentException("'" + word + "' is none of " + allowed);
      }
    }
  }

  static Map<?, ?> map(@Nullable Object value) {
    if (value instanceof Map<?, ?> found) {
      return found;
    }
    throw new IllegalArgumentException("not a mapping: " + value);
  }

  private static Object required(Map<?, ?> words, String word) {
    if (!words.containsKey(word)) {
      throw new IllegalArgumentException("'" + word + "' is missing");
    }
    return required(words.get(word));
  }

  private static Object required(@Nullable Object value) {
    if (value == null) {
      throw new IllegalArgumentException("a value is missing");
    }
    return value;
  }

  static String text(@Nullable Object value) {
    return required(value).toString();
  }
}
