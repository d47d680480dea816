package io.patina.collector.scanning;

import com.google.protobuf.ByteString;
import io.patina.collector.disk.DurableFile;
import io.patina.manifest.Digest;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.util.Arrays;
import java.util.EnumSet;

/**
 * A {@link VersionTable} on disk, 24 bytes a path, and when every byte was last compared.
 *
 * <p>Form, big-endian: 16 bytes "patina versions1", 16 bytes installation, 32 bytes digest of the
 * scope, seed, end of the last full comparison in microseconds since the epoch, number of paths,
 * the paths' three hashes, SHA-256 of all that.
 */
public final class VersionFile {
  private static final byte[] MAGIC =
      "patina versions1".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  private final Path directory;
  private final Path file;
  private final ByteString installation;
  private final Digest scope;

  /**
   * @param directory exists; belongs to this alone
   * @param installation 16 bytes
   */
  public VersionFile(Path directory, ByteString installation, Digest scope) {
    this.directory = directory;
    this.file = directory.resolve("versions");
    this.installation = installation;
    this.scope = scope;
  }

  /** What became of reading it. */
  public sealed interface Reading {
    /**
     * The table is as it was written.
     *
     * @param lastFullCompareMicros 0 if there was none
     */
    record Read(long lastFullCompareMicros) implements Reading {}

    /** There is none. */
    record Missing() implements Reading {}

    /** It cannot be used; the table is empty. */
    record Ignored(String reason) implements Reading {}
  }

  /** Reads it into a table. */
  public Reading read(VersionTable into) {
    if (!Files.exists(file)) {
      return new Reading.Missing();
    }
    Reading reading;
    try (DigestInputStream digesting =
            new DigestInputStream(
                new BufferedInputStream(Files.newInputStream(file), 1 << 16), Digest.sha256());
        DataInputStream in = new DataInputStream(digesting)) {
      reading = read(in, digesting, into);
    } catch (EOFException e) {
      reading = new Reading.Ignored("it ends early");
    } catch (IOException e) {
      reading = new Reading.Ignored(e.toString());
    }
    if (reading instanceof Reading.Ignored) {
      into.clear();
    }
    return reading;
  }

  private Reading read(DataInputStream in, DigestInputStream digesting, VersionTable into)
      throws IOException {
    if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
      return new Reading.Ignored("it is of another form");
    }
    if (!ByteString.copyFrom(in.readNBytes(16)).equals(installation)) {
      return new Reading.Ignored("it belongs to another installation");
    }
    if (!ByteString.copyFrom(in.readNBytes(32)).equals(scope.bytes())) {
      return new Reading.Ignored("it was written under another scope");
    }
    long seed = in.readLong();
    long last = in.readLong();
    int count = in.readInt();
    if (count < 0 || Files.size(file) != 16 + 16 + 32 + 8 + 8 + 4 + 24L * count + 32) {
      return new Reading.Ignored("it is damaged");
    }
    into.begin(seed, count);
    for (int i = 0; i < count; i++) {
      into.take(in.readLong(), in.readLong(), in.readLong());
    }
    byte[] computed = digesting.getMessageDigest().digest();
    return Arrays.equals(computed, in.readNBytes(32))
        ? new Reading.Read(last)
        : new Reading.Ignored("it is damaged");
  }

  /** Writes beside the file and renames, so that a crash leaves the old one. */
  public void write(VersionTable table, long lastFullCompareMicros) throws IOException {
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    Files.deleteIfExists(partial);
    try (FileChannel channel =
        FileChannel.open(
            partial,
            EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      DigestOutputStream digesting =
          new DigestOutputStream(
              new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16),
              Digest.sha256());
      DataOutputStream out = new DataOutputStream(digesting);
      synchronized (table) {
        out.write(MAGIC);
        out.write(installation.toByteArray());
        out.write(scope.bytes().toByteArray());
        out.writeLong(table.seed());
        out.writeLong(lastFullCompareMicros);
        out.writeInt(table.size());
        table.each(
            (key, version, entry) -> {
              out.writeLong(key);
              out.writeLong(version);
              out.writeLong(entry);
            });
      }
      digesting.on(false);
      out.write(digesting.getMessageDigest().digest());
      out.flush();
      channel.force(true);
    }
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    DurableFile.forceDirectory(directory);
  }
}
