package io.patina.facts;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.patina.wire.v1.Attribute;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One fact or one gap of a manifest, with its canonical bytes as they were made or received.
 *
 * <p>Canonical form: the protobuf message {@code patina.v1.Entry} with fields in number order,
 * attributes strictly ascending by name (UTF-16 code units, as Java compares), every string valid
 * UTF-8, no unknown fields. Fingerprints and manifest digests cover these bytes; they are never
 * made again from the parsed form.
 *
 * @param key the fact's key, or the gap's
 * @param canonical the bytes
 */
public record Entry(FactKey key, ByteString canonical) {

  /** Largest entry accepted, in bytes. */
  public static final int MAX_BYTES = 256 * 1024;

  /** Tag of the field {@code gap}: number 4, length-delimited. */
  private static final int GAP_TAG = 4 << 3 | 2;

  /**
   * The entry of a fact. One that would be over {@link #MAX_BYTES}, as a file with many large
   * extended attributes, is a gap with the reason {@link Gap#LIMIT} instead: nobody would read it.
   */
  public static Entry of(FactKey key, Attributes attributes) {
    io.patina.wire.v1.Entry.Builder wire =
        io.patina.wire.v1.Entry.newBuilder().setFacet(key.facet()).setKey(key.name());
    for (Map.Entry<String, ByteString> a : attributes.values().entrySet()) {
      wire.addAttributes(Attribute.newBuilder().setName(a.getKey()).setValue(a.getValue()));
    }
    ByteString canonical = wire.build().toByteString();
    return canonical.size() > MAX_BYTES
        ? of(new Gap(key, false, Gap.LIMIT))
        : new Entry(key, canonical);
  }

  public static Entry of(Fact fact) {
    return of(fact.key(), fact.attributes());
  }

  /** The entry of a gap. */
  public static Entry of(Gap gap) {
    return new Entry(
        gap.key(),
        io.patina.wire.v1.Entry.newBuilder()
            .setFacet(gap.key().facet())
            .setKey(gap.key().name())
            .setGap(gap.reason())
            .setPrefix(gap.prefix())
            .build()
            .toByteString());
  }

  /**
   * Reads an entry from bytes that may be hostile.
   *
   * @throws IllegalArgumentException if they are not a canonical entry; the message says why
   */
  public static Entry decode(ByteString canonical) {
    io.patina.wire.v1.Entry wire = parse(canonical);
    FactKey key = new FactKey(wire.getFacet(), wire.getKey());
    if (!wire.getGap().isEmpty()) {
      if (wire.getAttributesCount() > 0) {
        throw new IllegalArgumentException(key + ": a gap states no attributes");
      }
      var unused = new Gap(key, wire.getPrefix(), wire.getGap());
    } else {
      if (wire.getPrefix()) {
        throw new IllegalArgumentException(key + ": only a gap can stand for a prefix");
      }
      var unused = Fact.of(key, attributes(wire));
    }
    // Fields in another order or an unusual varint would give one fact two fingerprints.
    if (!wire.toByteString().equals(canonical)) {
      throw new IllegalArgumentException(key + ": not in canonical form");
    }
    return new Entry(key, canonical);
  }

  /** Whether this is a gap. Reads only the head of the entry: a gap states no attributes. */
  public boolean isGap() {
    try {
      CodedInputStream in = canonical.newCodedInput();
      in.skipField(in.readTag());
      in.skipField(in.readTag());
      return in.readTag() == GAP_TAG;
    } catch (IOException e) {
      throw new IllegalStateException("an entry that was accepted is unreadable", e);
    }
  }

  /** The gap, if it is one. */
  public Optional<Gap> gap() {
    if (!isGap()) {
      return Optional.empty();
    }
    io.patina.wire.v1.Entry wire = parse(canonical);
    return Optional.of(new Gap(key, wire.getPrefix(), wire.getGap()));
  }

  /** What is stated; nothing for a gap. */
  public Attributes attributes() {
    return attributes(parse(canonical));
  }

  /** The typed fact; empty for a gap. */
  public Optional<Fact> fact() {
    io.patina.wire.v1.Entry wire = parse(canonical);
    return wire.getGap().isEmpty() ? Optional.of(Fact.of(key, attributes(wire))) : Optional.empty();
  }

  private static Attributes attributes(io.patina.wire.v1.Entry wire) {
    TreeMap<String, ByteString> values = new TreeMap<>();
    String previous = "";
    for (Attribute a : wire.getAttributesList()) {
      if (a.getName().compareTo(previous) <= 0) {
        throw new IllegalArgumentException(
            "attributes are not strictly ascending at " + Escaped.text(a.getName()));
      }
      if (!a.getUnknownFields().asMap().isEmpty()) {
        throw new IllegalArgumentException("an attribute with fields this version does not know");
      }
      previous = a.getName();
      values.put(a.getName(), a.getValue());
    }
    return new Attributes(values);
  }

  private static io.patina.wire.v1.Entry parse(ByteString bytes) {
    if (bytes.size() > MAX_BYTES) {
      throw new IllegalArgumentException("an entry of " + bytes.size() + " bytes is too large");
    }
    try {
      io.patina.wire.v1.Entry wire = io.patina.wire.v1.Entry.parseFrom(bytes);
      if (!wire.getUnknownFields().asMap().isEmpty()) {
        throw new IllegalArgumentException("an entry with fields this version does not know");
      }
      return wire;
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("not an entry: " + e.getMessage(), e);
    }
  }
}
