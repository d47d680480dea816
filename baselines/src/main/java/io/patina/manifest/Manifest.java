package io.patina.manifest;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.fingerprint.LtHash16;
import io.patina.wire.v1.ManifestHeader;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The complete, sorted facts and gaps of one system under one scope. Immutable, safe for threads.
 *
 * <p>Canonical bytes: a length-delimited {@code patina.v1.ManifestHeader}, then length-delimited
 * {@code patina.v1.Entry} messages strictly ascending by facet and key. In memory it is those bytes
 * and four bytes of index per entry.
 */
public final class Manifest implements Iterable<Entry> {

  /** Version of the canonical form. */
  public static final int FORM = 1;

  private static final int MAX_FRAME = Entry.MAX_BYTES;

  private final ByteString canonical;
  private final Digest digest;
  private final Digest scope;
  private final int[] offsets;

  Manifest(ByteString canonical, Digest scope, int[] offsets) {
    this.canonical = canonical;
    this.scope = scope;
    this.offsets = offsets;
    this.digest = Digest.of(canonical);
  }

  /** A manifest of these entries, sorted here; of two with one key the later wins. */
  public static Manifest of(Digest scope, Collection<Entry> entries) {
    var sorted = new java.util.TreeMap<FactKey, Entry>();
    entries.forEach(e -> sorted.put(e.key(), e));
    ManifestBuilder builder = new ManifestBuilder(scope);
    sorted.values().forEach(builder::add);
    return builder.build();
  }

  /**
   * Reads canonical bytes that may be hostile: every entry is checked.
   *
   * @throws MalformedManifestException if they are not a manifest in canonical form
   */
  public static Manifest decode(ByteString canonical) throws MalformedManifestException {
    CodedInputStream in = canonical.newCodedInput();
    in.setSizeLimit(Integer.MAX_VALUE);
    int count = 0;
    int[] offsets = new int[1024];
    Digest scope;
    try {
      ByteString header = frame(in);
      ManifestHeader wire = ManifestHeader.parseFrom(header);
      if (wire.getForm() != FORM) {
        throw new MalformedManifestException("form " + wire.getForm() + " is not known here");
      }
      if (!wire.getUnknownFields().asMap().isEmpty() || !wire.toByteString().equals(header)) {
        throw new MalformedManifestException("the header is not in canonical form");
      }
      scope = new Digest(wire.getScope());
      Optional<FactKey> previous = Optional.empty();
      while (!in.isAtEnd()) {
        if (count == offsets.length) {
          offsets = Arrays.copyOf(offsets, count * 2);
        }
        offsets[count++] = in.getTotalBytesRead();
        Entry entry = Entry.decode(frame(in));
        if (previous.isPresent() && previous.get().compareTo(entry.key()) >= 0) {
          throw new MalformedManifestException("not in order at " + entry.key());
        }
        previous = Optional.of(entry.key());
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new MalformedManifestException("entry " + count + ": " + e.getMessage(), e);
    }
    return new Manifest(canonical, scope, Arrays.copyOf(offsets, count));
  }

  public ByteString canonical() {
    return canonical;
  }

  /** SHA-256 of the canonical bytes: the manifest's name. */
  public Digest digest() {
    return digest;
  }

  /** Digest of the scope under which it was observed. */
  public Digest scope() {
    return scope;
  }

  /** Number of entries, gaps included. */
  public int size() {
    return offsets.length;
  }

  /** The set hash over all entries. A new, independent accumulator; linear in the size. */
  public LtHash16 hash() {
    LtHash16 hash = new LtHash16();
    for (Entry e : this) {
      hash.add(e.canonical());
    }
    return hash;
  }

  /** The entry of this key, by binary search. */
  public Optional<Entry> find(FactKey key) {
    int at = position(key);
    return at < size() && get(at).key().equals(key) ? Optional.of(get(at)) : Optional.empty();
  }

  /** The entry at a position from 0. */
  public Entry get(int position) {
    ByteString bytes = frame(offsets[position]);
    return new Entry(key(bytes), bytes);
  }

  /** Position of the first entry whose key is not below this one; {@link #size} if none. */
  public int position(FactKey key) {
    int low = 0;
    int high = size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (key(frame(offsets[middle])).compareTo(key) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @Override
  public Iterator<Entry> iterator() {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < size();
      }

      @Override
      public Entry next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return get(next++);
      }
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Manifest that && digest.equals(that.digest);
  }

  @Override
  public int hashCode() {
    return digest.hashCode();
  }

  @Override
  public String toString() {
    return "manifest " + digest + " of " + size() + " entries";
  }

  /** Reads a length and that many bytes; a length in more bytes than it needs is not canonical. */
  private static ByteString frame(CodedInputStream in)
      throws IOException, MalformedManifestException {
    int start = in.getTotalBytesRead();
    int length = in.readRawVarint32();
    int spent = in.getTotalBytesRead() - start;
    if (length < 0 || spent != CodedOutputStream.computeUInt32SizeNoTag(length)) {
      throw new MalformedManifestException("a length at byte " + start + " is not canonical");
    }
    // Asked before anything is allocated: the length is the sender's word.
    if (length > MAX_FRAME) {
      throw new MalformedManifestException("a frame of " + length + " bytes at byte " + start);
    }
    return ByteString.copyFrom(in.readRawBytes(length));
  }

  private ByteString frame(int offset) {
    int length = 0;
    int shift = 0;
    int at = offset;
    byte b;
    do {
      b = canonical.byteAt(at++);
      length |= (b & 0x7f) << shift;
      shift += 7;
    } while (b < 0);
    return canonical.substring(at, at + length);
  }

  /** Reads only the two leading fields; the entry was checked when the manifest was made. */
  static FactKey key(ByteString entry) {
    try {
      CodedInputStream in = entry.newCodedInput();
      in.readTag();
      String facet = in.readString();
      in.readTag();
      return new FactKey(facet, in.readBytes());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("an entry that was accepted is unreadable", e);
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory failed", e);
    }
  }
}
