package io.patina.collector.images;

import io.patina.collector.syscalls.SystemCalls;
import io.patina.imports.Imported;
import io.patina.imports.InvalidImportException;
import io.patina.imports.Limits;
import io.patina.imports.archives.RootTar;
import io.patina.scope.Scope;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A commit of an ostree repository, read by the {@code ostree} tool. As root it is checked out into
 * a directory of its own and captured; otherwise it is read as {@code ostree export} writes it,
 * which leaves extended attributes out.
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
    Imported imported =
        new SystemCalls().effectiveUser() == 0
            ? checkedOut(repo, commit, scope, limits)
            : exported(repo, commit, scope, limits);
    List<String> cannotKnow = new ArrayList<>(imported.cannotKnow());
    cannotKnow.add("/etc: a commit has /usr/etc, which a deployment merges into /etc");
    return new Imported(imported.manifest(), cannotKnow, imported.notes());
  }

  private static Imported checkedOut(String repo, String commit, Scope scope, Limits limits)
      throws IOException, InvalidImportException {
    // Readable by its owner only: set-id programs of the commit are in it for a while.
    Path directory = Files.createTempDirectory("patina-ostree");
    try {
      Path tree = directory.resolve("tree");
      Program.run(List.of("ostree", repo, "checkout", commit, tree.toString()));
      return HostTree.read(tree, Optional.empty(), scope, limits);
    } finally {
      Program.run(List.of("rm", "-rf", "--one-file-system", "--", directory.toString()));
    }
  }

  private static Imported exported(String repo, String commit, Scope scope, Limits limits)
      throws IOException, InvalidImportException {
    try (Program export = Program.start(List.of("ostree", repo, "export", commit))) {
      Imported imported;
      try {
        imported = RootTar.read(export.output(), scope, limits);
      } catch (InvalidImportException e) {
        // What the tool said is nearer to the cause than that its output is no archive.
        export.output().close();
        export.succeed();
        throw e;
      }
      export.output().transferTo(OutputStream.nullOutputStream());
      export.succeed();
      return imported;
    }
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
