package io.patina.promotion;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.manifest.Digest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/**
 * Finds the assigned label from which a value that differs from host to host follows: the value is
 * the label's, with a text before and after it that is the same everywhere; or the content of a
 * file is, with or without an end of line, which shows in its digest.
 */
final class FromLabels {

  /**
   * What a value is made of is looked for on so many hosts: the first may be the one that deviates.
   */
  private static final int TRIED = 5;

  private static final int LONGEST = 1000;
  private static final String CONTENT = "content";

  /**
   * What the attribute is.
   *
   * @param attribute for an expectation: {@code content} stands for the digest and what follows
   * @param text with <code>&#36;{label:NAME}</code> in it
   * @param others hosts on which it is something else
   */
  record Reference(String attribute, String text, Set<String> others) {}

  private final Map<String, Map<String, String>> labels;
  private final Set<String> names = new TreeSet<>();
  private final int share;

  /**
   * @param labels assigned labels by host, name to value
   * @param share how many of a hundred hosts must have the value
   */
  FromLabels(Map<String, Map<String, String>> labels, int share) {
    this.labels = labels;
    this.share = share;
    labels.values().forEach(l -> names.addAll(l.keySet()));
  }

  /** The reference for values that are not alike, by host; empty if no label gives them. */
  Optional<Reference> of(String attribute, Map<String, ByteString> values) {
    boolean digest = attribute.equals(Attributes.SHA256);
    if (Attributes.isBinary(attribute) && !digest) {
      return Optional.empty();
    }
    for (String name : names) {
      Optional<Reference> found = digest ? content(name, values) : text(attribute, name, values);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private Optional<Reference> content(String name, Map<String, ByteString> values) {
    for (String end : List.of("\n", "")) {
      Optional<Set<String>> others =
          others(
              name,
              values,
              (label, value) ->
                  Digest.of(ByteString.copyFromUtf8(label + end)).bytes().equals(value));
      if (others.isPresent()) {
        return Optional.of(new Reference(CONTENT, reference(name) + end, others.get()));
      }
    }
    return Optional.empty();
  }

  private Optional<Reference> text(String attribute, String name, Map<String, ByteString> values) {
    Set<List<String>> tried = new java.util.HashSet<>();
    for (Map.Entry<String, ByteString> e : new TreeMap<>(values).entrySet()) {
      String label = label(e.getKey(), name);
      String value = e.getValue().toStringUtf8();
      int at = label.isEmpty() || value.length() > LONGEST ? -1 : value.indexOf(label);
      if (at < 0 || !e.getValue().isValidUtf8()) {
        continue;
      }
      String before = value.substring(0, at);
      String after = value.substring(at + label.length());
      if (!tried.add(List.of(before, after))) {
        continue;
      }
      Optional<Set<String>> others =
          others(name, values, (l, v) -> ByteString.copyFromUtf8(before + l + after).equals(v));
      if (others.isPresent()) {
        return Optional.of(
            new Reference(
                attribute, literal(before) + reference(name) + literal(after), others.get()));
      }
      if (tried.size() == TRIED) {
        break;
      }
    }
    return Optional.empty();
  }

  /** The hosts on which it does not hold, if it holds on enough of them. */
  private Optional<Set<String>> others(
      String name, Map<String, ByteString> values, BiPredicate<String, ByteString> holds) {
    Set<String> others = new TreeSet<>();
    values.forEach(
        (host, value) -> {
          String label = label(host, name);
          if (label.isEmpty() || !holds.test(label, value)) {
            others.add(host);
          }
        });
    int alike = values.size() - others.size();
    return 100L * alike >= (long) share * values.size() ? Optional.of(others) : Optional.empty();
  }

  private String label(String host, String name) {
    return labels.getOrDefault(host, Map.of()).getOrDefault(name, "");
  }

  private static String reference(String name) {
    return "${label:" + name + "}";
  }

  private static String literal(String text) {
    return text.replace("${label:", "$${label:");
  }
}
