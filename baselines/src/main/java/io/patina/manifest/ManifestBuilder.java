package io.patina.manifest;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.packing.PackedRecords;
import io.patina.packing.Scratch;
import io.patina.wire.v1.ManifestHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes a manifest from entries that arrive in order. Not safe for use by several threads. */
public final class ManifestBuilder {

  private final Digest scope;
  private final Growing growing;
  private int count;
  private @Nullable FactKey previous;

  /** A manifest in one piece: quick to search. */
  public ManifestBuilder(Digest scope) {
    this(scope, new Growing.Flat(framedHeader(scope)));
  }

  private ManifestBuilder(Digest scope, Growing growing) {
    this.scope = scope;
    this.growing = growing;
  }

  /** A manifest in compressed blocks: half the memory, also while it is made. */
  public static ManifestBuilder packed(Digest scope, Scratch scratch) {
    return new ManifestBuilder(scope, packing(scope, scratch, Optional.empty()));
  }

  private static Growing packing(Digest scope, Scratch scratch, Optional<PackedRecords> first) {
    return new Growing.Packed(framedHeader(scope), scratch, first);
  }

  /** A manifest of the same scope as another and kept as that one is. */
  public static ManifestBuilder like(Manifest other) {
    return switch (other.frames()) {
      case FlatFrames flat -> new ManifestBuilder(other.scope());
      case PackedFrames packed -> packed(other.scope(), packed.scratch());
    };
  }

  /** All of a packed manifest, whose memory is shared, and what is added after it. */
  public static ManifestBuilder continuing(Manifest packed) {
    if (!(packed.frames() instanceof PackedFrames frames)) {
      throw new IllegalArgumentException("only a packed manifest can be continued");
    }
    ManifestBuilder builder =
        new ManifestBuilder(
            packed.scope(),
            packing(packed.scope(), frames.scratch(), Optional.of(frames.records())));
    builder.count = packed.size();
    builder.previous = packed.size() == 0 ? null : packed.get(packed.size() - 1).key();
    return builder;
  }

  /**
   * Appends an entry.
   *
   * @throws IllegalArgumentException if its key does not come after the previous one
   */
  public void add(Entry entry) {
    if (previous != null && previous.compareTo(entry.key()) >= 0) {
      throw new IllegalArgumentException(
          "entries must be strictly ascending: " + entry.key() + " after " + previous);
    }
    previous = entry.key();
    count++;
    growing.add(entry.canonical());
  }

  public int size() {
    return count;
  }

  public Manifest build() {
    return growing.build(scope);
  }

  /** The header, its length before it. */
  static ByteString framedHeader(Digest scope) {
    ByteString.Output out = ByteString.newOutput(64);
    frame(
        ManifestHeader.newBuilder()
            .setForm(Manifest.FORM)
            .setScope(scope.bytes())
            .build()
            .toByteString(),
        out);
    return out.toByteString();
  }

  /** Writes a length and that many bytes. */
  private static void frame(ByteString content, ByteString.Output to) {
    try {
      byte[] length = new byte[CodedOutputStream.computeUInt32SizeNoTag(content.size())];
      CodedOutputStream.newInstance(length).writeUInt32NoTag(content.size());
      to.write(length);
      content.writeTo(to);
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
  }

  /** The canonical bytes so far. */
  private sealed interface Growing {
    void add(ByteString entry);

    Manifest build(Digest scope);

    /** In one piece. */
    final class Flat implements Growing {
      private final ByteString.Output bytes = ByteString.newOutput(64 * 1024);
      private final FlatFrames.Index index = new FlatFrames.Index();

      Flat(ByteString header) {
        try {
          header.writeTo(bytes);
        } catch (IOException e) {
          throw new IllegalStateException("writing to memory failed", e);
        }
      }

      @Override
      public void add(ByteString entry) {
        index.add(bytes.size());
        frame(entry, bytes);
      }

      @Override
      public Manifest build(Digest scope) {
        ByteString canonical = bytes.toByteString();
        return new Manifest(index.over(canonical), Digest.of(canonical), scope);
      }
    }

    /** In compressed blocks, digested on the way. */
    final class Packed implements Growing {
      private final MessageDigest sha256 = Digest.sha256();
      private final PackedRecords.Builder records;
      private final ByteString header;
      private final Scratch scratch;

      Packed(ByteString header, Scratch scratch, Optional<PackedRecords> first) {
        this.header = header;
        this.scratch = scratch;
        this.records = new PackedRecords.Builder(scratch, Optional.of(sha256));
        for (ByteBuffer b : header.asReadOnlyByteBufferList()) {
          sha256.update(b);
        }
        first.ifPresent(records::begin);
      }

      @Override
      public void add(ByteString entry) {
        records.add(entry);
      }

      @Override
      public Manifest build(Digest scope) {
        PackedRecords built = records.build();
        return new Manifest(
            new PackedFrames(header, built, scratch),
            new Digest(ByteString.copyFrom(sha256.digest())),
            scope);
      }
    }
  }
}
