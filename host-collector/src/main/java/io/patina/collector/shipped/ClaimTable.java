package io.patina.collector.shipped;

import com.google.protobuf.ByteString;
import io.patina.collector.inventory.ShippedDigest;
import io.patina.collector.inventory.ShippedPath;
import io.patina.collector.inventory.ShippedPath.Kind;
import io.patina.collector.inventory.ShippedPath.Trait;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All claims of all packages, as bytes in large chunks: some 100 bytes a path, where objects would
 * take five times as much. Filled once, then sorted by path. Not safe for several threads.
 */
final class ClaimTable {

  /** The claims on one path, in the order in which they came; at least one. */
  record Claims(ByteString path, List<ShippedPath> claims) {}

  // Positions in these lists are the numbers in a record; records never leave the process.
  private static final List<Kind> KINDS = List.of(Kind.values());
  private static final List<Trait> TRAITS = List.of(Trait.values());
  private static final List<ShippedDigest.Algorithm> ALGORITHMS =
      List.of(ShippedDigest.Algorithm.values());

  private static final int CHUNK = 1 << 20;
  private static final int MAX_PATH = 4096;
  private static final int MAX_RECORD = 3 * MAX_PATH + 256;

  private final List<ByteBuffer> chunks = new ArrayList<>();
  private final List<String> owners = new ArrayList<>();
  private final Map<String, Integer> ownerNumbers = new HashMap<>();
  // Nearly every package lists /usr and /usr/share; one such claim says as much as a thousand.
  private final Set<ByteString> plainDirectories = new HashSet<>();
  private long[] index = new long[4096];
  private int count;
  private boolean sorted;

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
    if (chunks.isEmpty() || chunks.getLast().remaining() < MAX_RECORD) {
      chunks.add(ByteBuffer.allocate(CHUNK));
    }
    if (count == index.length) {
      index = Arrays.copyOf(index, count + (count >> 1));
    }
    ByteBuffer out = chunks.getLast();
    index[count++] = ((long) (chunks.size() - 1) << 32) | out.position();
    write(out, claim);
    sorted = false;
    return true;
  }

  int size() {
    return count;
  }

  /** The claims path by path, ascending by the path's unsigned bytes. */
  Iterator<Claims> iterator() {
    sort();
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < count;
      }

      @Override
      public Claims next() {
        if (next >= count) {
          throw new NoSuchElementException();
        }
        ShippedPath first = read(index[next]);
        List<ShippedPath> same = new ArrayList<>(List.of(first));
        int start = next++;
        while (next < count && compare(index[start], index[next]) == 0) {
          same.add(read(index[next++]));
        }
        return new Claims(first.path(), same);
      }
    };
  }

  /** Whether a package claims something below this directory. */
  boolean claimsBelow(ByteString directory) {
    sort();
    ByteString start = directory.concat(ByteString.copyFromUtf8("/"));
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ByteString.unsignedLexicographicalComparator().compare(path(index[middle]), start) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < count && path(index[low]).startsWith(start);
  }

  /** Whether a package claims this very path. */
  boolean claims(ByteString path) {
    sort();
    int low = 0;
    int high = count - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = ByteString.unsignedLexicographicalComparator().compare(path(index[middle]), path);
      if (order == 0) {
        return true;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return false;
  }

  /** A merge sort over the index, stable; the records stay where they are. */
  private void sort() {
    if (sorted) {
      return;
    }
    long[] from = Arrays.copyOf(index, count);
    long[] to = new long[count];
    for (int width = 1; width < count; width *= 2) {
      for (int start = 0; start < count; start += 2 * width) {
        int middle = Math.min(start + width, count);
        int end = Math.min(middle + width, count);
        int left = start;
        int right = middle;
        for (int i = start; i < end; i++) {
          boolean takeLeft =
              right == end || (left < middle && compare(from[left], from[right]) <= 0);
          to[i] = takeLeft ? from[left++] : from[right++];
        }
      }
      long[] swap = from;
      from = to;
      to = swap;
    }
    index = from;
    sorted = true;
    plainDirectories.clear();
  }

  private int compare(long a, long b) {
    byte[] x = chunks.get((int) (a >>> 32)).array();
    byte[] y = chunks.get((int) (b >>> 32)).array();
    int xAt = (int) a;
    int yAt = (int) b;
    return Arrays.compareUnsigned(
        x, xAt + 2, xAt + 2 + length(x, xAt), y, yAt + 2, yAt + 2 + length(y, yAt));
  }

  private static int length(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
  }

  private ByteString path(long at) {
    byte[] bytes = chunks.get((int) (at >>> 32)).array();
    return ByteString.copyFrom(bytes, (int) at + 2, length(bytes, (int) at));
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

  private ShippedPath read(long at) {
    ByteBuffer in = chunks.get((int) (at >>> 32)).duplicate().position((int) at);
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
