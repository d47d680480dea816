package io.patina.comparison;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.FactKey;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Compares one fact that is there, attribute by attribute. */
final class AttributeComparison {

  private final FactKey key;
  private final Ruling ruling;
  private final Map<String, String> labels;
  private final Attributes.Builder was = new Attributes.Builder();
  private final Attributes.Builder is = new Attributes.Builder();
  private boolean differs;
  private @Nullable String unproven;

  AttributeComparison(FactKey key, Ruling ruling, Map<String, String> labels) {
    this.key = key;
    this.ruling = ruling;
    this.labels = labels;
  }

  Comparison of(Attributes expected, Attributes actual) {
    for (Map.Entry<String, ByteString> stated : expected.values().entrySet()) {
      if (Attributes.isAnnotation(stated.getKey())) {
        was.bytes(stated.getKey(), stated.getValue());
      } else if (ruling.leaves(stated.getKey())) {
        stated(stated.getKey(), stated.getValue(), expected, actual);
      }
    }
    ruling.tests().forEach((name, test) -> tested(name, test, actual));
    if (differs) {
      return new Comparison.Differs(
          new Difference(key, Difference.Kind.CHANGED, was.build(), is.build()));
    }
    return unproven == null ? new Comparison.Same(key) : new Comparison.Unproven(key, unproven);
  }

  private void stated(String name, ByteString value, Attributes expected, Attributes actual) {
    Optional<ByteString> observed = actual.get(name);
    if (observed.isEmpty()) {
      if (Absence.means(name, expected, actual)) {
        differs = true;
        was.bytes(name, value);
      } else {
        unproven(Comparison.Unproven.UNOBSERVED_ATTRIBUTE);
      }
    } else if (!observed.get().equals(value)) {
      differs = true;
      was.bytes(name, value);
      is.bytes(name, observed.get());
    }
  }

  private void tested(String name, ValueTest test, Attributes actual) {
    Optional<ByteString> observed = actual.get(name);
    if (observed.isEmpty()) {
      Optional<ByteString> type = actual.get(Attributes.TYPE);
      if (type.isPresent() && Absence.means(name, type.get())) {
        fails(name, test, test.expected(name, labels));
        is.bytes(Attributes.TYPE, type.get());
      } else {
        unproven(Comparison.Unproven.UNOBSERVED_ATTRIBUTE);
      }
      return;
    }
    switch (test.test(key, name, observed.get(), labels)) {
      case ValueTest.Holds holds -> {
        // As it must be.
      }
      case ValueTest.Unknown unknown -> unproven(unknown.reason());
      case ValueTest.Fails fails -> {
        fails(name, test, fails.expected());
        is.bytes(name, observed.get());
      }
    }
  }

  private void fails(String name, ValueTest test, ByteString expected) {
    differs = true;
    // Many expectations about one fact may ask for more than one difference can hold.
    if (!was.isFull()) {
      was.bytes(name, expected);
    }
    if (!was.isFull()) {
      was.text(Attributes.EXPECTATION, test.reason());
    }
  }

  /** The first reason stands. */
  private void unproven(String reason) {
    unproven = unproven == null ? reason : unproven;
  }
}
