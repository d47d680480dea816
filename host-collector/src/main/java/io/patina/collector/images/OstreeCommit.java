package io.patina.collector.images;

import io.patina.imports.Imported;
import io.patina.imports.InvalidImportException;
import io.patina.imports.Limits;
import io.patina.imports.archives.RootTar;
import io.patina.scope.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A commit of an ostree repository, as {@code ostree export} writes it: the tool verifies every
 * object by its name while it reads.
 */
public final class OstreeCommit {
  private OstreeCommit() {}

  /**
   * Reads a commit.
   *
   * @param select a ref or a checksum; may be empty if the repository has one ref only
   * @throws InvalidImportException if the tool is missing or fails, with what it said
   */
  public static Imported read(Path repository, Optional<String> select, Scope scope, Limits limits)
      throws IOException, InvalidImportException {
    String repo = "--repo=" + repository;
    String commit = select.isPresent() ? select.get() : only(repo);
    if (commit.startsWith("-")) {
      throw new InvalidImportException("--select is a ref or a checksum");
    }
    Imported imported;
    try (Program export = Program.start(List.of("ostree", repo, "export", commit))) {
      try {
        imported = RootTar.read(export.output(), scope, limits);
      } catch (InvalidImportException e) {
        // What the tool said is nearer to the cause than that its output is no archive.
        export.output().close();
        export.succeed();
        throw e;
      }
      export.output().transferTo(java.io.OutputStream.nullOutputStream());
      export.succeed();
    }
    List<String> cannotKnow = new ArrayList<>(RootTar.CANNOT_KNOW);
    cannotKnow.add("/etc: a commit has /usr/etc, which a deployment merges into /etc");
    return new Imported(imported.manifest(), cannotKnow, imported.notes());
  }

  private static String only(String repo) throws IOException, InvalidImportException {
    List<String> refs = Program.run(List.of("ostree", repo, "refs")).lines().toList();
    if (refs.size() != 1) {
      throw new InvalidImportException(
          "the repository has " + refs.size() + " refs; choose with --select: " + refs);
    }
    return refs.getFirst();
  }
}
