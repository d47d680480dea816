package io.patina.imports.archives;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.FileFact;
import io.patina.imports.ExtendedAttributes;
import io.patina.imports.Gathering;
import io.patina.imports.InvalidImportException;
import io.patina.manifest.Digest;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** What an entry of a tar archive states of its file. */
final class TarFacts {

  private final Gathering gathering;
  private final MessageDigest sha256 = Digest.sha256();
  private final MessageDigest md5 = md5();
  private final boolean capabilities;
  private long holes;

  /**
   * @param capabilities whether a file without a capability in the archive has none: so in
   *     container images, whose layers always carry them
   */
  TarFacts(Gathering gathering, boolean capabilities) {
    this.gathering = gathering;
    this.capabilities = capabilities;
  }

  /** Reads the content of a regular file, too. */
  Attributes of(TarReader tar, TarEntry entry) throws IOException, InvalidImportException {
    Attributes.Builder out = new Attributes.Builder();
    out.text(Attributes.TYPE, type(entry.type()));
    out.text(Attributes.MODE, Integer.toString(0x1000 | entry.mode(), 8).substring(1));
    out.text(Attributes.UID, Long.toString(entry.uid()));
    out.text(Attributes.GID, Long.toString(entry.gid()));
    switch (entry.type()) {
      case TarEntry.REGULAR -> {
        bound(entry, tar.where());
        tar.digest(entry, sha256, md5);
        out.text(Attributes.SIZE, Long.toString(entry.size()));
        out.bytes(Attributes.SHA256, ByteString.copyFrom(sha256.digest()));
        out.bytes(Attributes.MD5, ByteString.copyFrom(md5.digest()));
        if (capabilities) {
          out.bytes("capability", ByteString.EMPTY);
        }
      }
      case TarEntry.LINK -> out.bytes(Attributes.TARGET, entry.link());
      case TarEntry.CHARACTER, TarEntry.BLOCK ->
          out.text(Attributes.DEVICE, entry.major() + ":" + entry.minor());
      default -> {}
    }
    for (Map.Entry<String, ByteString> r : entry.records().entrySet()) {
      record(r.getKey(), r.getValue(), entry, out);
    }
    return out.build();
  }

  /** Holes cost no bytes of the archive; all others were bounded when they were read. */
  private void bound(TarEntry entry, String where) throws InvalidImportException {
    holes += entry.size() - entry.data().stream().mapToLong(p -> p[1]).sum();
    long most = gathering.limits().unpackedBytes();
    if (holes > most) {
      throw new InvalidImportException(
          where + ": the holes of sparse files are over " + most + " bytes in all");
    }
  }

  private void record(String key, ByteString value, TarEntry entry, Attributes.Builder out) {
    if (key.startsWith("SCHILY.xattr.")) {
      ExtendedAttributes.state(key.substring("SCHILY.xattr.".length()), value, out);
    } else if (key.startsWith("LIBARCHIVE.xattr.")) {
      libarchive(key.substring("LIBARCHIVE.xattr.".length()), value, out);
    } else if (key.equals("RHT.security.selinux")) {
      ExtendedAttributes.state("security.selinux", value, out);
    } else if (key.equals("SCHILY.acl.access")) {
      acl("system.posix_acl_access", value, entry, out);
    } else if (key.equals("SCHILY.acl.default")) {
      acl("system.posix_acl_default", value, entry, out);
    }
  }

  /** libarchive writes the name URL-encoded and the value in base64 without padding. */
  private void libarchive(String name, ByteString value, Attributes.Builder out) {
    try {
      ExtendedAttributes.state(
          URLDecoder.decode(name, StandardCharsets.UTF_8),
          ByteString.copyFrom(Base64.getDecoder().decode(value.toByteArray())),
          out);
    } catch (IllegalArgumentException e) {
      gathering.count("extended attributes that cannot be decoded");
    }
  }

  private void acl(String xattr, ByteString text, TarEntry entry, Attributes.Builder out) {
    if (entry.records().containsKey("SCHILY.xattr." + xattr)) {
      // The same list as the kernel keeps it needs no translation.
      return;
    }
    Optional<ByteString> binary = AccessList.binary(text.toStringUtf8());
    if (binary.isEmpty()) {
      gathering.count("access control lists with names instead of numbers, not stated");
    } else if (!binary.get().isEmpty()) {
      ExtendedAttributes.state(xattr, binary.get(), out);
    }
  }

  private static String type(char flag) {
    return switch (flag) {
      case TarEntry.LINK -> FileFact.LINK;
      case TarEntry.CHARACTER -> "char";
      case TarEntry.BLOCK -> "block";
      case TarEntry.DIRECTORY -> FileFact.DIRECTORY;
      case TarEntry.FIFO -> "fifo";
      default -> FileFact.REGULAR;
    };
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }
}
