package io.patina.collector.shipped;

import com.google.protobuf.ByteString;
import io.patina.collector.files.RootFiles;
import io.patina.collector.inventory.RealPaths;
import io.patina.collector.inventory.Unreadable;
import io.patina.collector.packages.PackageDatabases;
import io.patina.comparison.Comparer;
import io.patina.comparison.Expectation;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.facts.FileFact;
import io.patina.facts.Gap;
import io.patina.manifest.Manifest;
import io.patina.manifest.ManifestBuilder;
import io.patina.scope.Scope;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the host's package databases say should be there.
 *
 * @param manifest the expected file facts, each annotated with its package ({@code ~package}),
 *     configuration files with {@code ~conffile}, declared files with {@code ~declared}
 * @param expectations the declared files that may change freely
 * @param exhaustive where a path that the manifest lacks is unexpected; nowhere if there is no
 *     package database, because then nothing is known
 * @param unreadable what of the databases could not be read: expectations are missing there
 */
public record AsShipped(
    Manifest manifest,
    List<Expectation> expectations,
    List<Expectation.Keys> exhaustive,
    List<Unreadable> unreadable) {

  public AsShipped {
    expectations = List.copyOf(expectations);
    exhaustive = List.copyOf(exhaustive);
    unreadable = List.copyOf(unreadable);
  }

  /**
   * Makes the baseline of the system under a root.
   *
   * @param files of the root
   * @param observed its file facts; md5 beside sha256 is needed where dpkg's files are to be proven
   * @param scope under which they were observed
   */
  public static AsShipped of(RootFiles files, Manifest observed, Scope scope) {
    return of(
        PackageDatabases.in(files), Presets.read(files), DeclaredFiles.standard(), observed, scope);
  }

  static AsShipped of(
      PackageDatabases databases,
      Presets presets,
      DeclaredFiles declared,
      Manifest observed,
      Scope scope) {
    ClaimTable claims = new ClaimTable(observed.scratch());
    int[] tooLong = new int[1];
    List<Unreadable> unreadable =
        new ArrayList<>(
            databases.paths(
                claim -> {
                  if (!claims.add(claim)) {
                    tooLong[0]++;
                  }
                }));
    if (tooLong[0] > 0) {
      unreadable.add(
          new Unreadable(
              "paths", Gap.LIMIT, tooLong[0] + " shipped paths are longer than a path can be"));
    }
    Making making = new Making(claims, presets, declared, observed, scope);
    Manifest manifest = making.run();
    if (making.unverifiable > 0) {
      unreadable.add(
          new Unreadable(
              "digests",
              Gap.UNSUPPORTED,
              "the digests of "
                  + making.unverifiable
                  + " shipped files are of a kind that is not computed"));
    }
    return new AsShipped(
        manifest,
        declared.expectations(),
        databases.databases().isEmpty() ? List.of() : declared.exhaustiveKeys(),
        unreadable);
  }

  /** The comparer that follows this baseline. */
  public Comparer comparer() {
    return new Comparer(expectations, exhaustive);
  }

  /** One pass over claims and observed facts side by side, both sorted by path. */
  private static final class Making {
    private static final ByteString ROOT = ByteString.copyFromUtf8("/");

    private final ClaimTable claims;
    private final Presets presets;
    private final DeclaredFiles declared;
    private final Manifest observed;
    private final Scope scope;
    private final RealPaths real;
    private final ManifestBuilder expected;
    private int unverifiable;

    Making(
        ClaimTable claims,
        Presets presets,
        DeclaredFiles declared,
        Manifest observed,
        Scope scope) {
      this.claims = claims;
      this.presets = presets;
      this.declared = declared;
      this.observed = observed;
      this.scope = scope;
      this.real = new RealPaths(this::observedLink);
      this.expected = ManifestBuilder.like(observed);
    }

    Manifest run() {
      Iterator<ClaimTable.Claims> claimed = claims.iterator();
      Iterator<Entry> entries = observed.from(observed.position(FactKey.file(ROOT)));
      ClaimTable.@Nullable Claims claim = next(claimed);
      Entry entry = file(entries);
      while (claim != null || entry != null) {
        int order =
            claim == null
                ? 1
                : entry == null
                    ? -1
                    : ByteString.unsignedLexicographicalComparator()
                        .compare(claim.path(), entry.key().name());
        if (claim != null && order <= 0) {
          owned(claim, order == 0 ? entry : null);
          claim = next(claimed);
        } else if (entry != null) {
          unowned(entry);
        }
        if (entry != null && order >= 0) {
          entry = file(entries);
        }
      }
      return expected.build();
    }

    private static @Nullable Entry file(Iterator<Entry> entries) {
      if (!entries.hasNext()) {
        return null;
      }
      Entry entry = entries.next();
      return entry.key().facet().equals(Facet.FILE.wireName()) ? entry : null;
    }

    private static ClaimTable.@Nullable Claims next(Iterator<ClaimTable.Claims> claimed) {
      return claimed.hasNext() ? claimed.next() : null;
    }

    private void owned(ClaimTable.Claims claim, @Nullable Entry entry) {
      if (entry == null
          && (Expected.mayBeAbsent(claim.claims()) || !scope.observesPath(claim.path()))) {
        return;
      }
      Optional<Attributes> there =
          entry == null || entry.isGap() ? Optional.empty() : Optional.of(entry.attributes());
      if (there.isPresent() && Expected.unverifiable(claim.claims())) {
        unverifiable++;
      }
      boolean link =
          there.flatMap(a -> a.shown(Attributes.TYPE)).filter(FileFact.LINK::equals).isPresent();
      Attributes attributes =
          Expected.of(claim.claims(), there, link && leadsToDirectory(claim.path()));
      expected.add(Entry.of(FactKey.file(claim.path()), attributes));
    }

    private boolean leadsToDirectory(ByteString path) {
      ByteString end = real.followed(path);
      Optional<Entry> entry = observed.find(FactKey.file(end));
      // Outside the scope nothing is known against it.
      return entry.isEmpty()
          ? !scope.observesPath(end)
          : entry
              .get()
              .attributes()
              .shown(Attributes.TYPE)
              .filter(FileFact.DIRECTORY::equals)
              .isPresent();
    }

    private void unowned(Entry entry) {
      if (entry.isGap()) {
        return;
      }
      ByteString path = entry.key().name();
      Attributes attributes = entry.attributes();
      Optional<DeclaredFiles.Rule> rule = declared.rule(path);
      if (rule.isPresent()) {
        if (rule.get().keep() == DeclaredFiles.Keep.AS_FOUND
            && applies(rule.get().when(), path, attributes)) {
          expected.add(asFound(path, attributes, rule.get().reason()));
        }
      } else if (attributes.shown(Attributes.TYPE).filter(FileFact.DIRECTORY::equals).isPresent()
          && claims.claimsBelow(path)) {
        expected.add(asFound(path, attributes, "a package's files are below it"));
      }
    }

    private boolean applies(DeclaredFiles.When when, ByteString path, Attributes attributes) {
      Optional<ByteString> target = attributes.get(Attributes.TARGET);
      return switch (when) {
        case ALWAYS -> true;
        case LINKS_TO_OWNED -> target.isPresent() && claims.claims(end(path, target.get()));
        case PRESET_ENABLED -> {
          if (target.isEmpty()) {
            yield false;
          }
          ByteString unit = end(path, target.get());
          String name = unit.toStringUtf8();
          yield claims.claims(unit) && presets.enable(name.substring(name.lastIndexOf('/') + 1));
        }
      };
    }

    /** The path that a link's target names, its directories resolved. */
    private ByteString end(ByteString path, ByteString target) {
      if (target.startsWith(ROOT)) {
        return real.of(target);
      }
      // Bytes, not text: a name need not be valid UTF-8.
      int slash = path.size() - 1;
      while (path.byteAt(slash) != '/') {
        slash--;
      }
      return real.of(path.substring(0, slash + 1).concat(target));
    }

    private static Entry asFound(ByteString path, Attributes attributes, String reason) {
      Attributes.Builder to = new Attributes.Builder().text(Attributes.DECLARED, reason);
      Expected.asFound(
          to,
          attributes,
          Attributes.TYPE,
          Attributes.MODE,
          Attributes.UID,
          Attributes.GID,
          Attributes.SHA256,
          Attributes.TARGET,
          Attributes.DEVICE);
      return Entry.of(FactKey.file(path), to.build());
    }

    private Optional<ByteString> observedLink(ByteString path) {
      return observed
          .find(FactKey.file(path))
          .filter(e -> !e.isGap())
          .flatMap(e -> e.attributes().get(Attributes.TARGET));
    }
  }
}
