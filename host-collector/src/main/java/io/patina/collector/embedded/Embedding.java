package io.patina.collector.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;

/**
 * Puts a baseline where collectors look for it: into a root, or into an archive that becomes a
 * layer of an image.
 */
public final class Embedding {

  /** Where it is, below the root. */
  public static final String DIRECTORY = "/usr/lib/patina/baseline";

  /** The signed envelope. */
  public static final String STATEMENT = "statement.json";

  /** The manifest, canonical bytes in one zstd frame. */
  public static final String MANIFEST = "manifest.zst";

  private static final int BLOCK = 512;
  private static final int RECORD = 20 * BLOCK;

  private Embedding() {}

  /** Every path that comes into being, in order. */
  public static List<String> paths() {
    return List.of(
        "/usr/lib/patina", DIRECTORY, DIRECTORY + "/" + MANIFEST, DIRECTORY + "/" + STATEMENT);
  }

  /**
   * Writes both files below a root, readable by everybody. Nothing outside the root is written: a
   * component of the path that is a link is refused.
   *
   * @throws NotDirectoryException if the root or a component is something else
   */
  public static void into(Path root, byte[] statement, byte[] manifest) throws IOException {
    Path at = root;
    mustBeDirectory(at);
    for (String name : DIRECTORY.substring(1).split("/", -1)) {
      at = at.resolve(name);
      if (!Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectory(at);
        Files.setPosixFilePermissions(at, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
      mustBeDirectory(at);
    }
    write(at.resolve(MANIFEST), manifest);
    // Last: without it nobody looks at the other.
    write(at.resolve(STATEMENT), statement);
  }

  private static void mustBeDirectory(Path path) throws NotDirectoryException {
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new NotDirectoryException(path.toString());
    }
  }

  private static void write(Path file, byte[] content) throws IOException {
    Path partial =
        Files.createTempFile(file.getParent(), file.getFileName().toString(), ".partial");
    try {
      Files.write(partial, content);
      Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString("rw-r--r--"));
      Files.move(
          partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  /**
   * Writes a ustar archive (POSIX.1-1988) with both files and the directories above them that are
   * new, owned by root. The same input gives the same bytes.
   *
   * @param time of every member
   */
  public static void tar(OutputStream out, byte[] statement, byte[] manifest, Instant time)
      throws IOException {
    long written = 0;
    written += member(out, "usr/lib/patina/", new byte[0], true, time);
    written += member(out, DIRECTORY.substring(1) + "/", new byte[0], true, time);
    written += member(out, DIRECTORY.substring(1) + "/" + MANIFEST, manifest, false, time);
    written += member(out, DIRECTORY.substring(1) + "/" + STATEMENT, statement, false, time);
    // Two empty blocks end it; a whole record is what every reader takes.
    long end = written + 2 * BLOCK;
    out.write(new byte[(int) (2 * BLOCK + (RECORD - end % RECORD) % RECORD)]);
  }

  private static long member(
      OutputStream out, String name, byte[] content, boolean directory, Instant time)
      throws IOException {
    byte[] header = new byte[BLOCK];
    text(header, 0, name);
    octal(header, 100, 8, directory ? 0755 : 0644);
    octal(header, 108, 8, 0);
    octal(header, 116, 8, 0);
    octal(header, 124, 12, content.length);
    octal(header, 136, 12, Math.max(0, time.getEpochSecond()));
    text(header, 148, "        ");
    header[156] = (byte) (directory ? '5' : '0');
    text(header, 257, "ustar");
    text(header, 263, "00");
    text(header, 265, "root");
    text(header, 297, "root");
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    text(header, 148, String.format("%06o\0 ", sum));
    out.write(header);
    out.write(content);
    int padding = (BLOCK - content.length % BLOCK) % BLOCK;
    out.write(new byte[padding]);
    return BLOCK + (long) content.length + padding;
  }

  private static void octal(byte[] header, int at, int width, long value) {
    text(header, at, String.format("%0" + (width - 1) + "o", value));
  }

  private static void text(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }
}
