package io.patina.collector.scanning;

import com.google.protobuf.ByteString;
import io.patina.collector.files.Gathering;
import io.patina.collector.reports.Finding;
import io.patina.collector.reports.KnownFacts;
import io.patina.facts.Entry;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Says what a walk saw against what is known. Memory is for the paths that were seen, 8 bytes each,
 * and for one batch of what differs. For a walk with one thread.
 */
public final class Difference implements Gathering {
  /** Findings handed over at once. */
  private static final int BATCH = 2000;

  private static final long SEED = new SecureRandom().nextLong();

  /**
   * Something differs.
   *
   * @param version of what was found, as {@link VersionTable#confirm} wants it
   */
  public record Seen(Finding finding, long version) {}

  private final KnownFacts known;
  private final BiConsumer<Entry, Long> confirm;
  private final long noticedMicros;
  private final Consumer<List<Seen>> sink;
  private final PathSet paths = new PathSet(new KeyedHash(SEED));
  private List<Seen> batch = new ArrayList<>();

  /**
   * @param confirm told of what is known and was seen so, with its version
   * @param noticedMicros when it was noticed that something may differ, 0 if a scan found it
   * @param sink takes what differs, from time to time, each list once
   */
  public Difference(
      KnownFacts known,
      BiConsumer<Entry, Long> confirm,
      long noticedMicros,
      Consumer<List<Seen>> sink) {
    this.known = known;
    this.confirm = confirm;
    this.noticedMicros = noticedMicros;
    this.sink = sink;
  }

  @Override
  public void present(Entry fact, long version) {
    // A name that a directory listed twice while it was being changed: the first look stands.
    if (!paths.add(fact.key().name())) {
      return;
    }
    if (known.find(fact.key()).equals(Optional.of(fact))) {
      confirm.accept(fact, version);
    } else {
      differs(new Finding.Is(fact, noticedMicros), version);
    }
  }

  @Override
  public void missed(Entry gap) {
    present(gap, VersionTable.NONE_KEPT);
  }

  @Override
  public void unchanged(ByteString path) {
    paths.add(path);
  }

  /** Whether the walk came by this path. */
  public boolean saw(ByteString path) {
    return paths.contains(path);
  }

  /**
   * After the walk: what is known of files from a prefix on, and was not seen, is absent.
   *
   * @param prefix of the paths that the walk was to see
   */
  public void end(ByteString prefix) {
    FactKey first = FactKey.file(prefix);
    for (Iterator<Entry> all = known.from(first); all.hasNext(); ) {
      FactKey key = all.next().key();
      if (!key.facet().equals(Facet.FILE.wireName()) || !key.name().startsWith(prefix)) {
        break;
      }
      if (!paths.contains(key.name())) {
        // A copy: the key shares the bytes of a block.
        ByteString name = ByteString.copyFrom(key.name().toByteArray());
        differs(new Finding.IsAbsent(FactKey.file(name), noticedMicros), VersionTable.NONE_KEPT);
      }
    }
    if (!batch.isEmpty()) {
      sink.accept(batch);
      batch = new ArrayList<>();
    }
  }

  private void differs(Finding finding, long version) {
    batch.add(new Seen(finding, version));
    if (batch.size() >= BATCH) {
      List<Seen> full = batch;
      batch = new ArrayList<>();
      sink.accept(full);
    }
  }
}
