package io.patina.collector.scanning;

import com.google.protobuf.ByteString;
import io.patina.collector.files.Gathering;
import io.patina.collector.files.Harvest;
import io.patina.collector.files.KnownVersions;
import io.patina.collector.syscalls.Stat;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.manifest.Manifest;
import java.util.Optional;

/**
 * What an earlier start knew: where a version is unchanged and the facts kept from then hold the
 * very entry that was stated of it, the entry is taken over instead of looked at.
 */
public final class Remembered implements KnownVersions {
  private final VersionTable versions;
  private final Manifest facts;

  /**
   * @param facts as they were once; some may have been replaced since
   */
  public Remembered(VersionTable versions, Manifest facts) {
    this.versions = versions;
    this.facts = facts;
  }

  @Override
  public boolean unchanged(ByteString path, Stat now) {
    return versions.unchanged(path, now) && entry(path).filter(versions::holds).isPresent();
  }

  @Override
  public long version(ByteString path, Stat seen) {
    return versions.version(path, seen);
  }

  private Optional<Entry> entry(ByteString path) {
    return facts.find(FactKey.file(path));
  }

  /** What one worker of the first scan gathers. */
  public Gathering into(Harvest.Basket basket) {
    return new Gathering() {
      @Override
      public void present(Entry fact, long version) {
        versions.confirmFirst(fact, version);
        basket.present(fact, version);
      }

      @Override
      public void missed(Entry gap) {
        versions.confirmFirst(gap, NONE_KEPT);
        basket.missed(gap);
      }

      @Override
      public void unchanged(ByteString path) {
        basket.present(entry(path).orElseThrow(), NONE_KEPT);
      }
    };
  }
}
