package io.patina.collector.shipped;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.patina.collector.inventory.ShippedDigest;
import io.patina.collector.inventory.ShippedPath;
import io.patina.collector.inventory.ShippedPath.Kind;
import io.patina.collector.inventory.ShippedPath.Trait;
import io.patina.packing.PackedRecords;
import io.patina.packing.Scratch;
import io.patina.packing.SortedRecords;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All claims of all packages, packed: some 45 bytes a path, where objects would take ten times as
 * much. Filled once, then read, sorted by path. Not safe for several threads.
 */
final class ClaimTable {

  /** The claims on one path, in the order in which they came; at least one. */
  record Claims(ByteString path, List<ShippedPath> claims) {}

  // Positions in these lists are the numbers in a record; records never leave the process.
  private static final List<Kind> KINDS = List.of(Kind.values());
  private static final List<Trait> TRAITS = List.of(Trait.values());
  private static final List<ShippedDigest.Algorithm> ALGORITHMS =
      List.of(ShippedDigest.Algorithm.values());

  private static final int MAX_PATH = 4096;
  private static final int MAX_RECORD = 3 * MAX_PATH + 256;

  /** A record begins with its path. */
  private static final SortedRecords.Keys PATHS =
      new SortedRecords.Keys() {
        @Override
        public int at(byte[] bytes, int record) {
          return record + 2;
        }

        @Override
        public int length(byte[] bytes, int record) {
          return (bytes[record] & 0xff) << 8 | (bytes[record + 1] & 0xff);
        }
      };

  private final Scratch scratch;
  private final SortedRecords unsorted;
  private final List<String> owners = new ArrayList<>();
  private final Map<String, Integer> ownerNumbers = new HashMap<>();
  // Nearly every package lists /usr and /usr/share; one such claim says as much as a thousand.
  private final Set<ByteString> plainDirectories = new HashSet<>();
  private final byte[] record = new byte[MAX_RECORD];
  private @Nullable PackedRecords sorted;

  /**
   * An empty table.
   *
   * @param scratch where the claims are kept
   */
  ClaimTable(Scratch scratch) {
    this.scratch = scratch;
    this.unsorted = new SortedRecords(PATHS, scratch);
  }

  /**
   * Takes a claim.
   *
   * @return whether it was taken; a claim longer than any path of a system is not
   */
  boolean add(ShippedPath claim) {
    boolean tooLong =
        claim.path().size() > MAX_PATH
            || (claim.target() != null && claim.target().size() > MAX_PATH)
            || (claim.capability() != null && claim.capability().size() > MAX_PATH);
    if (tooLong) {
      return false;
    }
    if (claim.equals(ShippedPath.bare(claim.path(), claim.owner(), Kind.DIRECTORY))
        && !plainDirectories.add(claim.path())) {
      return true;
    }
    if (sorted != null) {
      throw new IllegalStateException("the claims were read already");
    }
    ByteBuffer out = ByteBuffer.wrap(record);
    write(out, claim);
    unsorted.add(UnsafeByteOperations.unsafeWrap(record, 0, out.position()));
    return true;
  }

  /** The claims path by path, ascending by the path's unsigned bytes. */
  Iterator<Claims> iterator() {
    Iterator<ByteString> records = sorted().from(0);
    return new Iterator<>() {
      private @Nullable ShippedPath ahead = step();

      private @Nullable ShippedPath step() {
        return records.hasNext() ? read(records.next()) : null;
      }

      @Override
      public boolean hasNext() {
        return ahead != null;
      }

      @Override
      public Claims next() {
        ShippedPath first = ahead;
        if (first == null) {
          throw new NoSuchElementException();
        }
        List<ShippedPath> same = new ArrayList<>(List.of(first));
        ShippedPath next = step();
        while (next != null && next.path().equals(first.path())) {
          same.add(next);
          next = step();
        }
        ahead = next;
        return new Claims(first.path(), same);
      }
    };
  }

  /** Whether a package claims something below this directory. */
  boolean claimsBelow(ByteString directory) {
    ByteString start = directory.concat(ByteString.copyFromUtf8("/"));
    return firstFrom(start).filter(path -> path.startsWith(start)).isPresent();
  }

  /** Whether a package claims this very path. */
  boolean claims(ByteString path) {
    return firstFrom(path).filter(path::equals).isPresent();
  }

  private Optional<ByteString> firstFrom(ByteString path) {
    PackedRecords all = sorted();
    int at =
        all.position(
            record -> ByteString.unsignedLexicographicalComparator().compare(path(record), path));
    return at < all.size() ? Optional.of(path(all.get(at))) : Optional.empty();
  }

  private PackedRecords sorted() {
    PackedRecords all = sorted;
    if (all == null) {
      PackedRecords.Builder builder = new PackedRecords.Builder(scratch);
      unsorted.drain().forEachRemaining(builder::add);
      plainDirectories.clear();
      all = builder.build();
      sorted = all;
    }
    return all;
  }

  private static ByteString path(ByteString record) {
    int length = (record.byteAt(0) & 0xff) << 8 | (record.byteAt(1) & 0xff);
    return record.substring(2, 2 + length);
  }

  private void write(ByteBuffer out, ShippedPath claim) {
    put(out, claim.path());
    out.putInt(
        ownerNumbers.computeIfAbsent(
            claim.owner(),
            owner -> {
              owners.add(owner);
              return owners.size() - 1;
            }));
    out.put((byte) KINDS.indexOf(claim.kind()));
    int traits = 0;
    for (Trait trait : claim.traits()) {
      traits |= 1 << TRAITS.indexOf(trait);
    }
    out.put((byte) traits);
    ShippedDigest digest = claim.digest();
    out.put((byte) (digest == null ? -1 : ALGORITHMS.indexOf(digest.algorithm())));
    if (digest != null) {
      digest.value().copyTo(out);
    }
    out.putInt(claim.mode() == null ? -1 : claim.mode());
    out.putLong(claim.uid() == null ? -1 : claim.uid());
    out.putLong(claim.gid() == null ? -1 : claim.gid());
    out.putLong(claim.size() == null ? -1 : claim.size());
    put(out, claim.target());
    String device = claim.device();
    put(out, device == null ? null : ByteString.copyFromUtf8(device));
    put(out, claim.capability());
  }

  private ShippedPath read(ByteString record) {
    ByteBuffer in = record.asReadOnlyByteBuffer();
    ByteString path = get(in);
    String owner = owners.get(in.getInt());
    Kind kind = KINDS.get(in.get());
    int bits = in.get();
    Set<Trait> traits = EnumSet.noneOf(Trait.class);
    for (Trait trait : Trait.values()) {
      if ((bits & 1 << TRAITS.indexOf(trait)) != 0) {
        traits.add(trait);
      }
    }
    ShippedDigest digest = digest(in);
    int mode = in.getInt();
    long uid = in.getLong();
    long gid = in.getLong();
    long size = in.getLong();
    ByteString target = get(in);
    ByteString device = get(in);
    ByteString capability = get(in);
    return new ShippedPath(
        path == null ? ByteString.EMPTY : path,
        owner,
        kind,
        digest,
        mode < 0 ? null : Integer.valueOf(mode),
        uid < 0 ? null : Long.valueOf(uid),
        gid < 0 ? null : Long.valueOf(gid),
        size < 0 ? null : Long.valueOf(size),
        target,
        device == null ? null : device.toString(StandardCharsets.UTF_8),
        capability,
        traits);
  }

  private static @Nullable ShippedDigest digest(ByteBuffer in) {
    int algorithm = in.get();
    if (algorithm < 0) {
      return null;
    }
    ShippedDigest.Algorithm known = ALGORITHMS.get(algorithm);
    ByteString value = ByteString.copyFrom(in, known.bytes());
    return new ShippedDigest(known, value);
  }

  /** Length in two bytes, then the bytes; 0xffff for nothing. */
  private static void put(ByteBuffer out, @Nullable ByteString bytes) {
    if (bytes == null) {
      out.putShort((short) -1);
    } else {
      out.putShort((short) bytes.size());
      bytes.copyTo(out);
    }
  }

  private static @Nullable ByteString get(ByteBuffer in) {
    int length = in.getShort();
    return length < 0 ? null : ByteString.copyFrom(in, length);
  }
}
