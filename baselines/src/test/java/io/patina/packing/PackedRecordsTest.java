package io.patina.packing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedRecordsTest {
  private static final Comparator<ByteString> BYTES =
      ByteString.unsignedLexicographicalComparator();

  /** A record is its key. */
  private static final SortedRecords.Keys WHOLE =
      new SortedRecords.Keys() {
        @Override
        public int at(byte[] bytes, int record) {
          return record + 1;
        }

        @Override
        public int length(byte[] bytes, int record) {
          return bytes[record];
        }
      };

  @TempDir Path directory;

  private static List<ByteString> some(int count, long seed) {
    Random random = new Random(seed);
    List<ByteString> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      // Now and then longer than a block.
      int filler = i % 997 == 5 ? 40_000 : random.nextInt(60);
      byte[] bytes = new byte[filler];
      random.nextBytes(bytes);
      all.add(ByteString.copyFromUtf8(String.format("%08d", i)).concat(ByteString.copyFrom(bytes)));
    }
    return all;
  }

  @Test
  void whatWasAddedIsReadBackInOrderAtAnyPositionAndFoundByBinarySearch() throws Exception {
    for (Scratch scratch : List.of(Scratch.MEMORY, Scratch.in(directory))) {
      List<ByteString> records = some(5000, 7);
      MessageDigest over = MessageDigest.getInstance("SHA-256");
      PackedRecords.Builder builder = new PackedRecords.Builder(scratch, Optional.of(over));
      records.forEach(builder::add);
      PackedRecords packed = builder.build();
      assertEquals(records.size(), packed.size());
      List<ByteString> read = new ArrayList<>();
      packed.from(0).forEachRemaining(read::add);
      assertEquals(records, read);
      Random random = new Random(1);
      for (int i = 0; i < 2000; i++) {
        int at = random.nextInt(records.size());
        assertEquals(records.get(at), packed.get(at));
        assertEquals(at, packed.position(r -> BYTES.compare(r, records.get(at))));
      }
      assertEquals(0, packed.position(r -> 1));
      assertEquals(records.size(), packed.position(r -> -1));
      ByteArrayOutputStream stream = new ByteArrayOutputStream();
      packed.writeTo(stream);
      assertEquals(packed.bytes(), stream.size());
      assertArrayEquals(
          MessageDigest.getInstance("SHA-256").digest(stream.toByteArray()), over.digest());
      PackedRecords.Builder longer = new PackedRecords.Builder(scratch, Optional.empty());
      longer.begin(packed);
      longer.add(ByteString.copyFromUtf8("99999999"));
      PackedRecords more = longer.build();
      assertEquals(records.size() + 1, more.size());
      assertEquals(records.get(4999), more.get(4999));
      assertEquals(ByteString.copyFromUtf8("99999999"), more.get(5000));
    }
  }

  @Test
  void nothingIsAlsoSomethingThatCanBePacked() {
    PackedRecords packed = new PackedRecords.Builder(Scratch.MEMORY).build();
    assertEquals(0, packed.size());
    assertEquals(0, packed.position(r -> 1));
    assertTrue(!packed.from(0).hasNext());
  }

  @Test
  void scratchFilesHaveNoName() throws IOException {
    PackedRecords.Builder builder = new PackedRecords.Builder(Scratch.in(directory));
    some(2000, 3).forEach(builder::add);
    PackedRecords packed = builder.build();
    try (var files = Files.list(directory)) {
      assertEquals(List.of(), files.toList());
    }
    assertEquals(2000, packed.size());
    assertEquals(some(2000, 3).get(1999), packed.get(1999));
  }

  @Test
  void aDirectoryThatRefusesIsNoLoss() {
    PackedRecords.Builder builder =
        new PackedRecords.Builder(Scratch.in(directory.resolve("no/such")));
    List<ByteString> records = some(2000, 3);
    records.forEach(builder::add);
    PackedRecords packed = builder.build();
    for (int i = 0; i < records.size(); i++) {
      assertEquals(records.get(i), packed.get(i));
    }
  }

  @Test
  void recordsOfSeveralComeBackSortedAndOfEqualKeysTheEarlierFirst() {
    Random random = new Random(11);
    List<SortedRecords> parts = List.of(sorted(), sorted(), sorted());
    List<List<ByteString>> added = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i < 60_000; i++) {
      int part = random.nextInt(3);
      String key = "k" + random.nextInt(20_000);
      ByteString record =
          ByteString.copyFrom(new byte[] {(byte) key.length()})
              .concat(ByteString.copyFromUtf8(key + "=" + part + "." + i));
      parts.get(part).add(record);
      added.get(part).add(record);
    }
    List<ByteString> expected = new ArrayList<>();
    added.forEach(expected::addAll);
    expected.sort(
        (a, b) -> BYTES.compare(a.substring(1, 1 + a.byteAt(0)), b.substring(1, 1 + b.byteAt(0))));
    List<ByteString> read = new ArrayList<>();
    SortedRecords.drain(parts).forEachRemaining(read::add);
    assertEquals(expected, read);
  }

  private static SortedRecords sorted() {
    return new SortedRecords(WHOLE, Scratch.MEMORY);
  }
}
