package io.patina.engine.state;

import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.facts.Gap;
import java.util.Optional;

/** What is so at one key, differently from the reference. */
public sealed interface OverlayValue {

  /** A gap of this reason stands for a key that has left scope. */
  String OUT_OF_SCOPE = "out-of-scope";

  Since since();

  /** What the host's set of entries holds at the key: what fingerprints cover. */
  Optional<Entry> stated();

  /** What comparison sees at the key. */
  Optional<Entry> observed(FactKey key);

  /** An entry is there. */
  record Put(Entry entry, Since since) implements OverlayValue {
    @Override
    public Optional<Entry> stated() {
      return Optional.of(entry);
    }

    @Override
    public Optional<Entry> observed(FactKey key) {
      return Optional.of(entry);
    }
  }

  /** Nothing is there. */
  record Removed(Since since) implements OverlayValue {
    @Override
    public Optional<Entry> stated() {
      return Optional.empty();
    }

    @Override
    public Optional<Entry> observed(FactKey key) {
      return Optional.empty();
    }
  }

  /**
   * The key has left scope: nobody looks any more, which is not the same as nothing being there.
   */
  record Unscoped(Since since) implements OverlayValue {
    @Override
    public Optional<Entry> stated() {
      return Optional.empty();
    }

    @Override
    public Optional<Entry> observed(FactKey key) {
      return Optional.of(Entry.of(new Gap(key, false, OUT_OF_SCOPE)));
    }
  }
}
