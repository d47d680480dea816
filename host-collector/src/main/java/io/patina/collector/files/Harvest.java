package io.patina.collector.files;

import com.google.protobuf.ByteString;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.packing.Scratch;
import io.patina.packing.SortedRecords;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * The entries that a walk gathered: kept as their canonical bytes in compressed runs, because a
 * hundred thousand objects would cost ten times the memory, and given once, in the order of a
 * manifest.
 */
public final class Harvest {
  /**
   * Canonical bytes of a file's entry: field 1 with "file", the tag of field 2, a length, the key.
   */
  private static final SortedRecords.Keys PATHS =
      new SortedRecords.Keys() {
        private static final int LENGTH_AT = 7;

        @Override
        public int at(byte[] bytes, int record) {
          // A varint of one byte or two.
          return record + LENGTH_AT + (bytes[record + LENGTH_AT] < 0 ? 2 : 1);
        }

        @Override
        public int length(byte[] bytes, int record) {
          int at = record + LENGTH_AT;
          return bytes[at] < 0 ? (bytes[at] & 0x7f) | bytes[at + 1] << 7 : bytes[at];
        }
      };

  private final List<SortedRecords> parts;
  private final int size;

  private Harvest(List<SortedRecords> parts) {
    this.parts = parts;
    this.size = parts.stream().mapToInt(SortedRecords::size).sum();
  }

  /** What one worker adds to. */
  public static final class Basket implements Gathering {
    private final SortedRecords records;

    public Basket(Scratch scratch) {
      this.records = new SortedRecords(PATHS, scratch);
    }

    @Override
    public void present(Entry fact, long version) {
      records.add(fact.canonical());
    }

    @Override
    public void missed(Entry gap) {
      records.add(gap.canonical());
    }

    @Override
    public void unchanged(ByteString path) {
      throw new IllegalStateException("a harvest is of everything: nothing is known before it");
    }
  }

  /** Takes over what workers gathered; they must not be used afterwards. */
  public static Harvest of(Collection<Basket> baskets) {
    return new Harvest(baskets.stream().map(b -> b.records).toList());
  }

  /** Number of entries gathered. */
  public int size() {
    return size;
  }

  /**
   * Gives the entries strictly ascending by key, and lets go of the memory on the way: a harvest
   * can be brought in once.
   */
  public void drainTo(Consumer<? super Entry> sink) {
    ByteString previous = ByteString.EMPTY;
    for (Iterator<ByteString> all = SortedRecords.drain(parts); all.hasNext(); ) {
      ByteString canonical = all.next();
      byte[] bytes = canonical.toByteArray();
      int at = PATHS.at(bytes, 0);
      ByteString key = canonical.substring(at, at + PATHS.length(bytes, 0));
      // A name that a directory listed twice while it was being changed: the first look stands.
      if (!key.equals(previous)) {
        previous = key;
        sink.accept(new Entry(FactKey.file(key), canonical));
      }
    }
  }
}
