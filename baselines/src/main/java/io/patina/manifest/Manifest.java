package io.patina.manifest;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.fingerprint.LtHash16;
import io.patina.packing.Scratch;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collection;
import java.util.Iterator;
import java.util.Optional;

/**
 * The complete, sorted facts and gaps of one system under one scope. Immutable, safe for threads.
 *
 * <p>Canonical bytes: a length-delimited {@code patina.v1.ManifestHeader}, then length-delimited
 * {@code patina.v1.Entry} messages strictly ascending by facet and key. In memory it is those bytes
 * and four bytes of index per entry, which is quick, or the same packed, which takes half: see
 * {@link ManifestBuilder#packed}.
 */
public final class Manifest implements Iterable<Entry> {

  /** Version of the canonical form. */
  public static final int FORM = 1;

  static final int MAX_FRAME = Entry.MAX_BYTES;

  private final Frames frames;
  private final Digest digest;
  private final Digest scope;

  Manifest(Frames frames, Digest digest, Digest scope) {
    this.frames = frames;
    this.digest = digest;
    this.scope = scope;
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
    try {
      ManifestReader reader = new ManifestReader(canonical.newCodedInput());
      FlatFrames.Index index = new FlatFrames.Index();
      while (reader.hasNext()) {
        index.add(reader.position());
        reader.next();
      }
      return new Manifest(index.over(canonical), Digest.of(canonical), reader.scope());
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory failed", e);
    }
  }

  /** The canonical bytes in one piece; of a packed manifest they are made anew. */
  public ByteString canonical() {
    ByteString.Output out = ByteString.newOutput(1 << 16);
    try {
      return frames instanceof FlatFrames flat ? flat.canonical() : written(out);
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
  }

  private ByteString written(ByteString.Output out) throws IOException {
    writeTo(out);
    return out.toByteString();
  }

  /** Writes the canonical bytes. */
  public void writeTo(OutputStream out) throws IOException {
    frames.writeTo(out);
  }

  /** The canonical bytes before the first entry, their length included. */
  public ByteString header() {
    return ManifestBuilder.framedHeader(scope);
  }

  /** Length of the canonical bytes. */
  public long bytes() {
    return frames.bytes();
  }

  /** Where it is kept, and where what is made from it belongs. */
  public Scratch scratch() {
    return frames instanceof PackedFrames packed ? packed.scratch() : Scratch.MEMORY;
  }

  Frames frames() {
    return frames;
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
    return frames.size();
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
    return entry(frames.get(position));
  }

  /** Position of the first entry whose key is not below this one; {@link #size} if none. */
  public int position(FactKey key) {
    return frames.position(frame -> key(frame).compareTo(key));
  }

  @Override
  public Iterator<Entry> iterator() {
    return from(0);
  }

  /** The entries from a position on, ascending. */
  public Iterator<Entry> from(int position) {
    Iterator<ByteString> rest = frames.from(position);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rest.hasNext();
      }

      @Override
      public Entry next() {
        return entry(rest.next());
      }
    };
  }

  private static Entry entry(ByteString frame) {
    return new Entry(key(frame), frame);
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
