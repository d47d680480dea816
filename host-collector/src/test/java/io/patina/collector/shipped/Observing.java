package io.patina.collector.shipped;

import io.patina.collector.files.KnownVersions;
import io.patina.collector.files.RootDirectory;
import io.patina.collector.files.RootFiles;
import io.patina.collector.files.TreeWalk;
import io.patina.collector.files.WalkProgress;
import io.patina.collector.mounts.MountTable;
import io.patina.comparison.Comparison;
import io.patina.comparison.Difference;
import io.patina.manifest.Manifest;
import io.patina.manifest.ManifestBuilder;
import io.patina.scope.InvalidScopeException;
import io.patina.scope.Scope;
import io.patina.scope.ScopeFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Observes the files of a root and compares them with what was shipped. */
final class Observing {

  /** The as-shipped baseline of a root and what it gave. */
  record Outcome(AsShipped shipped, List<Difference> differences, List<String> unproven) {
    /** {@code changed /etc/issue} and the like. */
    List<String> lines() {
      return differences.stream()
          .map(d -> d.kind().wireName() + " " + d.key().displayName())
          .toList();
    }
  }

  private static final String SCOPE =
      """
      name: files of packages
      facets: [file]
      include: ["/{usr,etc,boot,bin,sbin,lib,lib32,lib64,libx32}/**", "/var/spool/cron/**"]
      exclude: []
      attributes:
        - glob: /**
          names: [type, mode, uid, gid, size, sha256, md5, target, device, capability]
      """;

  private Observing() {}

  static Scope scope() {
    try {
      return ScopeFile.parse(SCOPE);
    } catch (InvalidScopeException e) {
      throw new AssertionError(e);
    }
  }

  static Manifest observe(RootDirectory root, Scope scope) {
    ManifestBuilder manifest = new ManifestBuilder(scope.digest());
    new TreeWalk(root, scope, MountTable.EMPTY, KnownVersions.NONE, 2, new WalkProgress())
        .walk()
        .drainTo(manifest::add);
    return manifest.build();
  }

  static Outcome check(Path path) {
    Scope scope = scope();
    try (RootDirectory root = open(path)) {
      Manifest observed = observe(root, scope);
      AsShipped shipped = AsShipped.of(new RootFiles(root), observed, scope);
      List<Difference> differences = new ArrayList<>();
      List<String> unproven = new ArrayList<>();
      shipped
          .comparer()
          .compareAll(
              shipped.manifest(),
              observed,
              comparison -> {
                switch (comparison) {
                  case Comparison.Same _ -> {}
                  case Comparison.Differs differs -> differences.add(differs.difference());
                  case Comparison.Unproven gap ->
                      unproven.add(gap.reason() + " " + gap.key().displayName());
                }
              });
      return new Outcome(shipped, differences, unproven);
    }
  }

  static RootDirectory open(Path path) {
    return switch (RootDirectory.open(path.toString())) {
      case RootDirectory.Opening.Ready ready -> ready.root();
      case RootDirectory.Opening.Refused refused -> throw new AssertionError(refused.toString());
    };
  }
}
