package io.patina.comparison;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.FactKey;
import io.patina.manifest.Digest;
import io.patina.versions.VersionOrder;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A constraint made ready to be held against values. */
final class ValueTest {

  /** What became of a value. */
  sealed interface Outcome {}

  /** It is as it must be. */
  record Holds() implements Outcome {}

  /**
   * It is not.
   *
   * @param expected what it must be, as bytes of the attribute or as a sentence
   */
  record Fails(ByteString expected) implements Outcome {}

  /** It cannot be judged. */
  record Unknown(String reason) implements Outcome {}

  /** Longest sentence that stands for what was expected, in bytes. */
  private static final int MAX_SAID = 4096;

  private static final Holds HOLDS = new Holds();

  private final Constraint constraint;
  private final String reason;
  // Compiled once unless a label is in it.
  private final @Nullable BoundedPattern pattern;

  ValueTest(Constraint constraint, String reason) {
    this.constraint = constraint;
    this.reason = reason;
    this.pattern =
        constraint instanceof Constraint.Matches m && !LabelText.refers(m.pattern())
            ? BoundedPattern.of(m.pattern())
            : null;
  }

  /** Why, for people. */
  String reason() {
    return reason;
  }

  /** Holds a value against it. */
  Outcome test(FactKey key, String attribute, ByteString value, Map<String, String> labels) {
    Optional<String> unassigned = unassigned(labels);
    if (unassigned.isPresent()) {
      return new Unknown(Comparison.Unproven.UNASSIGNED_LABEL + unassigned.get());
    }
    try {
      return holds(key, attribute, value, labels) ? HOLDS : new Fails(expected(attribute, labels));
    } catch (IllegalArgumentException e) {
      // A pattern was checked when it was read; only a label's value can make it too large.
      return new Unknown(Comparison.Unproven.UNUSABLE_LABEL);
    }
  }

  private boolean holds(
      FactKey key, String attribute, ByteString value, Map<String, String> labels) {
    return switch (constraint) {
      case Constraint.Exactly e -> value.equals(bytes(attribute, e.value(), labels));
      case Constraint.OneOf o ->
          o.values().stream().anyMatch(v -> value.equals(bytes(attribute, v, labels)));
      case Constraint.Matches m -> pattern(m, labels).matches(value);
      case Constraint.AtLeast a ->
          order(key)
                  .compare(
                      newest(key, value.toStringUtf8()), LabelText.resolved(a.version(), labels))
              >= 0;
      case Constraint.Content c ->
          c.texts().stream().anyMatch(t -> value.equals(digest(t, labels)));
    };
  }

  /** What the value must be; labels that are not assigned stay as references. */
  ByteString expected(String attribute, Map<String, String> labels) {
    ByteString whole = unbounded(attribute, labels);
    return whole.size() <= Attributes.MAX_VALUE ? whole : whole.substring(0, Attributes.MAX_VALUE);
  }

  private ByteString unbounded(String attribute, Map<String, String> labels) {
    boolean open = unassigned(labels).isPresent();
    return switch (constraint) {
      case Constraint.Exactly e ->
          open ? ByteString.copyFromUtf8(e.value()) : bytes(attribute, e.value(), labels);
      case Constraint.OneOf o ->
          Attributes.isBinary(attribute)
              ? bytes(attribute, o.values().getFirst(), labels)
              : said("one of " + String.join(", ", shown(o.values(), labels, open)));
      case Constraint.Matches m -> said("matches " + m.pattern());
      case Constraint.AtLeast a ->
          said("at least " + (open ? a.version() : LabelText.resolved(a.version(), labels)));
      case Constraint.Content c ->
          open ? said("content " + c.texts().getFirst()) : digest(c.texts().getFirst(), labels);
    };
  }

  private Optional<String> unassigned(Map<String, String> labels) {
    return switch (constraint) {
      case Constraint.Exactly e -> LabelText.unassigned(e.value(), labels);
      case Constraint.OneOf o -> unassigned(o.values(), labels);
      case Constraint.Matches m -> LabelText.unassigned(m.pattern(), labels);
      case Constraint.AtLeast a -> LabelText.unassigned(a.version(), labels);
      case Constraint.Content c -> unassigned(c.texts(), labels);
    };
  }

  private static Optional<String> unassigned(List<String> texts, Map<String, String> labels) {
    return texts.stream().flatMap(t -> LabelText.unassigned(t, labels).stream()).findFirst();
  }

  private static List<String> shown(List<String> texts, Map<String, String> labels, boolean open) {
    return open ? texts : texts.stream().map(t -> LabelText.resolved(t, labels)).toList();
  }

  private BoundedPattern pattern(Constraint.Matches matches, Map<String, String> labels) {
    return pattern != null
        ? pattern
        : BoundedPattern.of(
            LabelText.quoted(matches.pattern(), name -> labels.getOrDefault(name, "")));
  }

  private static ByteString bytes(String attribute, String text, Map<String, String> labels) {
    String value = LabelText.resolved(text, labels);
    if (!Attributes.isBinary(attribute)) {
      return ByteString.copyFromUtf8(value);
    }
    try {
      return ByteString.copyFrom(HexFormat.of().parseHex(value));
    } catch (IllegalArgumentException e) {
      // A label that is no digest equals none.
      return ByteString.copyFromUtf8(value);
    }
  }

  private static ByteString digest(String text, Map<String, String> labels) {
    return Digest.of(ByteString.copyFromUtf8(LabelText.resolved(text, labels))).bytes();
  }

  private static VersionOrder order(FactKey key) {
    if (!key.facet().equals("package")) {
      return VersionOrder.GENERAL;
    }
    String name = key.name().toStringUtf8();
    int colon = name.indexOf(':');
    return VersionOrder.ofManager(colon < 0 ? "" : name.substring(0, colon));
  }

  private static String newest(FactKey key, String versions) {
    Comparator<String> order = order(key);
    return key.facet().equals("package")
        ? java.util.Arrays.stream(versions.split(" ", -1)).max(order).orElse(versions)
        : versions;
  }

  private static ByteString said(String sentence) {
    ByteString bytes = ByteString.copyFromUtf8(sentence);
    return bytes.size() <= MAX_SAID
        ? bytes
        : ByteString.copyFromUtf8(sentence.substring(0, MAX_SAID / 4) + " ...");
  }
}
