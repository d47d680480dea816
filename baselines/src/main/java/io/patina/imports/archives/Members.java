package io.patina.imports.archives;

import io.patina.facts.Escaped;
import io.patina.imports.InvalidImportException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The named parts of an image, in a directory or in a tar archive of one. */
final class Members {

  private static final int MOST_LINKS = 8;

  private final Path source;
  private final boolean directory;

  Members(Path source) {
    this.source = source;
    this.directory = Files.isDirectory(source);
  }

  /**
   * Opens a part.
   *
   * @param name relative, with {@code /}
   * @return empty if there is none of that name
   */
  Optional<InputStream> open(String name) throws IOException, InvalidImportException {
    return directory ? inDirectory(name) : inArchive(name);
  }

  private Optional<InputStream> inDirectory(String name)
      throws IOException, InvalidImportException {
    Path file = source.resolve(clean(name));
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    // A link in a layout that somebody else made could name any file of this machine.
    if (!file.toRealPath().startsWith(source.toRealPath())) {
      throw new InvalidImportException(Escaped.text(name) + " leads out of the layout");
    }
    return Optional.of(Files.newInputStream(file));
  }

  /** Reads the archive up to the part; old versions of docker wrote links between the parts. */
  private Optional<InputStream> inArchive(String name) throws IOException, InvalidImportException {
    String wanted = clean(name);
    Set<String> followed = new HashSet<>();
    while (followed.size() < MOST_LINKS && followed.add(wanted)) {
      InputStream in = Compression.unpack(Files.newInputStream(source), "the image");
      boolean keep = false;
      try {
        TarReader tar = new TarReader(in);
        String link = "";
        for (Optional<TarEntry> e = tar.next(); e.isPresent(); e = tar.next()) {
          TarEntry entry = e.get();
          if (!clean(entry.path().toStringUtf8()).equals(wanted)) {
            continue;
          }
          if (entry.type() == TarEntry.REGULAR) {
            keep = true;
            return Optional.of(new Part(in, entry.stored()));
          }
          if (entry.type() == TarEntry.LINK || entry.type() == TarEntry.HARD_LINK) {
            String target = entry.link().toStringUtf8();
            Path above = Path.of(wanted).getParent();
            boolean relative = entry.type() == TarEntry.LINK && above != null;
            link = relative ? above + "/" + target : target;
            link = Path.of(link).normalize().toString();
            break;
          }
        }
        if (link.isEmpty()) {
          return Optional.empty();
        }
        wanted = clean(link);
      } finally {
        if (!keep) {
          in.close();
        }
      }
    }
    throw new InvalidImportException(Escaped.text(name) + " is a link that leads nowhere");
  }

  private static String clean(String name) throws InvalidImportException {
    try {
      Path path = Path.of(name).normalize();
      if (!path.isAbsolute() && !path.startsWith("..")) {
        return path.toString();
      }
    } catch (java.nio.file.InvalidPathException e) {
      throw new InvalidImportException(Escaped.text(name) + " is no name of a part", e);
    }
    throw new InvalidImportException(Escaped.text(name) + " leads out of the image");
  }

  /** Ends after so many bytes. */
  private static final class Part extends FilterInputStream {
    private long left;

    Part(InputStream in, long size) {
      super(in);
      this.left = size;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int n = in.read(target, offset, (int) Math.min(length, left));
      if (n < 0) {
        throw new IOException("the archive is cut off");
      }
      left -= n;
      return n;
    }

    @Override
    public long skip(long n) throws IOException {
      long skipped = in.skip(Math.min(n, left));
      left -= skipped;
      return skipped;
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
