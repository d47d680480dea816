package io.patina.collector.agent;

import io.patina.collector.capture.Capture;
import io.patina.collector.live.FacetReader;
import io.patina.collector.units.UnitSignals;
import io.patina.facts.Entry;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.scope.Scope;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The facets that are read whole, on a schedule. */
final class Facets {
  private static final Set<Facet> READ_WHOLE = EnumSet.complementOf(EnumSet.of(Facet.FILE));

  private Facets() {}

  /**
   * A reader per facet in scope.
   *
   * @param live whether it is this machine that is observed, whose systemd can be asked
   */
  static List<FacetReader> readers(Capture capture, Scope scope, boolean live) {
    return READ_WHOLE.stream().filter(scope::observes).map(f -> reader(capture, f, live)).toList();
  }

  private static FacetReader reader(Capture capture, Facet facet, boolean live) {
    Reader reader = new Reader(capture, facet);
    return live && facet == Facet.UNIT ? new Units(reader) : reader;
  }

  /** Units, of which systemd tells when they change, as long as it answers. */
  private static final class Units implements FacetReader {
    private final FacetReader reader;
    private volatile Optional<UnitSignals> signals = Optional.empty();
    private volatile Runnable listener = () -> {};
    private volatile boolean listening;

    Units(FacetReader reader) {
      this.reader = reader;
    }

    @Override
    public Facet facet() {
      return reader.facet();
    }

    @Override
    public Duration interval() {
      return signals.filter(UnitSignals::isAlive).isPresent()
          ? Duration.ofMinutes(5)
          : reader.interval();
    }

    @Override
    public void listen(Runnable changed) {
      listener = changed;
      listening = true;
      signals = UnitSignals.subscribe(changed);
    }

    @Override
    public void stopListening() {
      listening = false;
      signals.ifPresent(UnitSignals::close);
    }

    @Override
    public List<Entry> read() {
      // The bus was started anew, or has come up only now.
      if (listening && signals.filter(UnitSignals::isAlive).isEmpty()) {
        signals.ifPresent(UnitSignals::close);
        signals = UnitSignals.subscribe(listener);
      }
      return reader.read();
    }
  }

  private record Reader(Capture capture, Facet facet) implements FacetReader {
    @Override
    public Duration interval() {
      return switch (facet) {
        // A page of text from /proc, and what says that a scan must follow.
        case MOUNT -> Duration.ofSeconds(2);
        case UNIT -> Duration.ofSeconds(5);
        // The build configuration alone is ten thousand facts; no file tells of a sysctl.
        case KERNEL -> Duration.ofSeconds(30);
        case OS -> Duration.ofMinutes(1);
        // Read at once when a transaction has settled; this is only the net below.
        case PACKAGE -> Duration.ofMinutes(15);
        case FILE -> throw new IllegalStateException("files are scanned");
      };
    }

    @Override
    public List<Entry> read() {
      TreeMap<FactKey, Entry> sorted = new TreeMap<>();
      capture.observe(facet).forEach(e -> sorted.putIfAbsent(e.key(), e));
      return List.copyOf(sorted.values());
    }
  }
}
