package io.patina.imports.archives;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.imports.BoundedInput;
import io.patina.imports.Gathering;
import io.patina.imports.Imported;
import io.patina.imports.ImportedPath;
import io.patina.imports.InvalidImportException;
import io.patina.imports.Limits;
import io.patina.scope.Scope;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** Reads the tar archive of a root filesystem, plain or packed with gzip, xz or zstd. */
public final class RootTar {

  /** What a file of this kind does not say. */
  public static final List<String> CANNOT_KNOW =
      List.of(
          "packages, units, kernel, mounts and os-release: read from its files, not from an archive"
              + " of them",
          "the immutable and append-only flags",
          "capabilities, labels, access control lists and other extended attributes, unless the"
              + " archive was made with them (tar --xattrs --xattrs-include='*' --acls --selinux)",
          "sockets");

  private RootTar() {}

  /**
   * Reads a whole archive.
   *
   * @throws InvalidImportException naming the entry
   */
  public static Imported read(InputStream in, Scope scope, Limits limits)
      throws IOException, InvalidImportException {
    Gathering gathering = new Gathering(scope, limits);
    LayeredFiles files = new LayeredFiles(gathering);
    InputStream plain =
        new BoundedInput(
            Compression.unpack(in, "the archive"), limits.unpackedBytes(), "the unpacked archive");
    TarReader tar = new TarReader(plain);
    TarFacts facts = new TarFacts(gathering, false);
    try {
      for (Optional<TarEntry> e = tar.next(); e.isPresent(); e = tar.next()) {
        put(tar, e.get(), facts, files);
      }
    } catch (IOException e) {
      throw new InvalidImportException(unreadable(tar, e), e);
    }
    return files.finish(CANNOT_KNOW);
  }

  static void put(TarReader tar, TarEntry entry, TarFacts facts, LayeredFiles files)
      throws IOException, InvalidImportException {
    ByteString path = ImportedPath.absolute(entry.path(), tar.where());
    if (entry.type() == TarEntry.HARD_LINK) {
      files.hardLink(path, ImportedPath.absolute(entry.link(), tar.where()), tar.where());
    } else {
      Attributes attributes;
      try {
        attributes = facts.of(tar, entry);
      } catch (IllegalArgumentException e) {
        throw new InvalidImportException(tar.where() + ": " + e.getMessage(), e);
      }
      files.file(path, attributes, tar.where());
    }
  }

  static String unreadable(TarReader tar, IOException e) {
    String message = String.valueOf(e.getMessage());
    return message.startsWith("entry ") ? message : tar.where() + ": " + message;
  }
}
