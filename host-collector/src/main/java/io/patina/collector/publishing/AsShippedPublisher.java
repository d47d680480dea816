package io.patina.collector.publishing;

import com.google.protobuf.ByteString;
import io.patina.collector.disk.DurableFile;
import io.patina.collector.files.RootDirectory;
import io.patina.collector.files.RootFiles;
import io.patina.collector.identity.Installation;
import io.patina.collector.live.LiveHost;
import io.patina.collector.shipped.AsShipped;
import io.patina.collector.spool.Outgoing;
import io.patina.comparison.Expectation;
import io.patina.facts.Entry;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.golden.BaselineStatement;
import io.patina.golden.GoldenBaseline;
import io.patina.golden.Selector;
import io.patina.manifest.Digest;
import io.patina.manifest.MalformedManifestException;
import io.patina.manifest.Manifest;
import io.patina.manifest.ManifestBuilder;
import io.patina.manifest.ManifestFile;
import io.patina.manifest.ManifestStore;
import io.patina.scope.Glob;
import io.patina.scope.Scope;
import io.patina.signing.Envelope;
import io.patina.signing.SigningKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the baseline {@code as-shipped} of this host, and publishes it when it differs from the one
 * published last.
 */
public final class AsShippedPublisher implements LiveHost.PackagesListener {
  private static final Logger LOG = LoggerFactory.getLogger(AsShippedPublisher.class);
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final RootDirectory root;
  private final Scope scope;
  private final Installation installation;
  private final SigningKey key;
  private final ManifestStore store;
  private final Path normalFile;
  private final Path publishedFile;
  private final Clock clock;

  /**
   * @param state directory of its own
   * @param store from where the engine fetches manifests
   */
  public AsShippedPublisher(
      RootDirectory root,
      Scope scope,
      Installation installation,
      SigningKey key,
      Path store,
      Path state,
      Clock clock) {
    this.root = root;
    this.scope = scope;
    this.installation = installation;
    this.key = key;
    this.store = new ManifestStore(store);
    this.normalFile = state.resolve("normal.zst");
    this.publishedFile = state.resolve("published");
    this.clock = clock;
  }

  @Override
  public void settled(Manifest facts, Predicate<Outgoing> publish) {
    try {
      AsShipped shipped = AsShipped.of(new RootFiles(root), facts, scope);
      shipped
          .unreadable()
          .forEach(u -> LOG.warn("event=package-database-unreadable reason=\"{}\"", u));
      Manifest manifest = manifest(facts, shipped.manifest());
      List<Expectation.Keys> exhaustive = exhaustive(shipped, facts);
      Digest content = content(manifest, exhaustive, shipped.expectations());
      if (content.hex().equals(published())) {
        LOG.info("event=baseline-unchanged manifest={}", manifest.digest());
        return;
      }
      store.put(manifest);
      Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
      GoldenBaseline baseline =
          new GoldenBaseline(
              "as-shipped",
              STAMP.format(now) + "-" + content.hex().substring(0, 12),
              manifest.digest(),
              List.of(manifest.scope()),
              exhaustive,
              shipped.expectations(),
              "pet",
              new Selector(Optional.of(installation.hex()), Map.of()),
              now,
              "the package databases of this host");
      Envelope envelope = BaselineStatement.sign(baseline, key);
      boolean kept =
          publish.test(
              new Outgoing(
                  Outgoing.Destination.BASELINES,
                  BaselineStatement.digest(envelope).bytes(),
                  ByteString.copyFromUtf8(envelope.json())));
      if (kept) {
        DurableFile.replace(publishedFile, content.hex().getBytes(StandardCharsets.US_ASCII));
        LOG.info(
            "event=baseline-made name=as-shipped version={} facts={} manifest={}",
            baseline.version(),
            manifest.size(),
            manifest.digest());
      }
    } catch (IOException e) {
      // The last baseline stands; the next change of the databases tries again.
      LOG.warn("event=baseline-not-made reason=\"{}\"", e.toString());
    }
  }

  private Manifest manifest(Manifest facts, Manifest shipped) throws IOException {
    NormalState state = new NormalState(facts, shipped);
    Optional<Manifest> before = normal(facts.scope());
    Collection<Entry> normal = before.map(state::next).orElseGet(state::first);
    Manifest kept = Manifest.of(facts.scope(), normal);
    if (before.isEmpty() || !before.get().equals(kept)) {
      ManifestFile.write(kept, normalFile);
    }
    TreeMap<FactKey, Entry> rest = new TreeMap<>(NormalState.byKey(normal));
    FactKey first = new FactKey(Facet.PACKAGE.wireName(), ByteString.copyFrom(new byte[1]));
    Iterator<Entry> packages = facts.from(facts.position(first));
    while (packages.hasNext()) {
      Entry e = packages.next();
      if (!e.key().facet().equals(Facet.PACKAGE.wireName())) {
        break;
      }
      if (!e.isGap()) {
        rest.put(e.key(), e);
      }
    }
    // Files come before all that is read elsewhere: what was made of them is shared, not copied.
    ManifestBuilder all = ManifestBuilder.continuing(shipped);
    rest.values().forEach(all::add);
    return all.build();
  }

  /** What was normal before; empty at the first run and where the scope is another. */
  private Optional<Manifest> normal(Digest observedScope) throws IOException {
    if (!Files.exists(normalFile)) {
      return Optional.empty();
    }
    try {
      return Optional.of(ManifestFile.read(normalFile))
          .filter(m -> m.scope().equals(observedScope));
    } catch (MalformedManifestException e) {
      // Never replaced silently by what is there now: that would adopt it as normal.
      throw new IOException(
          normalFile
              + " is damaged: "
              + e.getMessage()
              + "; remove it to let"
              + " the present state of kernel, units and mounts be normal",
          e);
    }
  }

  /** Every package and every packaged tree: what is there and not stated is unexpected. */
  private static List<Expectation.Keys> exhaustive(AsShipped shipped, Manifest facts) {
    List<Expectation.Keys> all = new ArrayList<>(shipped.exhaustive());
    boolean hasPackages = facts.iterator().hasNext() && !shipped.exhaustive().isEmpty();
    if (hasPackages) {
      all.add(new Expectation.Keys(Facet.PACKAGE.wireName(), Glob.of("**")));
    }
    return all;
  }

  private Digest content(
      Manifest manifest, List<Expectation.Keys> exhaustive, List<Expectation> expectations) {
    StringBuilder text = new StringBuilder(installation.hex()).append('\n');
    text.append(key.publicKey().id()).append('\n').append(manifest.digest().hex()).append('\n');
    exhaustive.forEach(k -> text.append(k.facet()).append(' ').append(k.glob()).append('\n'));
    for (Expectation e : expectations) {
      // Sets have no order of their own.
      String names =
          e instanceof Expectation.IgnoredAttributes some ? sorted(some.attributes()) : "";
      text.append(e.getClass().getSimpleName())
          .append(' ')
          .append(e.keys().facet())
          .append(' ')
          .append(e.keys().glob())
          .append(' ')
          .append(names)
          .append(' ')
          .append(e.reason())
          .append('\n');
    }
    return Digest.of(ByteString.copyFromUtf8(text.toString()));
  }

  private static String sorted(Set<String> names) {
    return String.join(",", names.stream().sorted().toList());
  }

  private String published() throws IOException {
    return Files.exists(publishedFile) ? Files.readString(publishedFile).strip() : "";
  }
}
