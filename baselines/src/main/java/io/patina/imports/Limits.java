package io.patina.imports;

/**
 * How much of a source is read before it is refused.
 *
 * @param entries most facts
 * @param manifestBytes most canonical bytes of facts
 * @param unpackedBytes most bytes after decompression, in all layers and files together, holes of
 *     sparse files included
 * @param documentBytes most bytes of a document that is read as a whole (JSON, YAML)
 */
public record Limits(long entries, long manifestBytes, long unpackedBytes, long documentBytes) {

  /** Ten times what a large server has: 5 million entries, 1 GiB, 64 GiB, 64 MiB. */
  public static final Limits STANDARD = new Limits(5_000_000, 1L << 30, 64L << 30, 64L << 20);
}
