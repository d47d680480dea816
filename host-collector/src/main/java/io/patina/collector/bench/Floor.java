package io.patina.collector.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The floor under every contestant: a small C program, built here when gcc is there. */
public final class Floor {
  private final Path program;
  private final boolean digests;

  private Floor(Path program, boolean digests) {
    this.program = program;
    this.digests = digests;
  }

  /**
   * Builds it.
   *
   * @param work directory for source and program
   * @return empty where there is no compiler
   */
  public static Optional<Floor> build(Path work) throws IOException, InterruptedException {
    Path source = work.resolve("floor.c");
    try (InputStream in = Floor.class.getResourceAsStream("floor.c")) {
      if (in == null) {
        throw new IllegalStateException("floor.c is part of this program");
      }
      Files.copy(in, source);
    }
    Path program = work.resolve("floor");
    if (compiled(source, program, List.of("-DSHA256", "-lcrypto"))) {
      return Optional.of(new Floor(program, true));
    }
    return compiled(source, program, List.of())
        ? Optional.of(new Floor(program, false))
        : Optional.empty();
  }

  private static boolean compiled(Path source, Path program, List<String> options)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("gcc", "-O2", "-o", program.toString(), source.toString()));
    command.addAll(options);
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      // No gcc: there is no floor on this machine.
      return false;
    }
  }

  /** Only stat. */
  public Contestant stat(String quotedTree) {
    return new Contestant("C: stat", program + " stat " + quotedTree, "stat only, 1 thread");
  }

  /** Content too: SHA-256 by OpenSSL, or only read where its headers are missing. */
  public Contestant content(String quotedTree) {
    return digests
        ? new Contestant("C: sha256", program + " sha256 " + quotedTree, "OpenSSL, 1 thread")
        : new Contestant(
            "C: read", program + " read " + quotedTree, "no digest: no libssl headers");
  }
}
