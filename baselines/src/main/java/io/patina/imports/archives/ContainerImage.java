package io.patina.imports.archives;

import com.google.protobuf.ByteString;
import io.patina.facts.Escaped;
import io.patina.imports.BoundedInput;
import io.patina.imports.Gathering;
import io.patina.imports.Imported;
import io.patina.imports.ImportedPath;
import io.patina.imports.InvalidImportException;
import io.patina.imports.Limits;
import io.patina.manifest.Digest;
import io.patina.scope.Scope;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Reads a container image: an OCI layout (directory or tar) or what {@code docker save} writes. The
 * layers are applied in their order, whiteouts and opaque directories as OCI's layer.md has them;
 * every digest that the image states is verified, that of a layer before it is unpacked.
 */
public final class ContainerImage {

  /** What an image does not say. */
  public static final List<String> CANNOT_KNOW =
      List.of(
          "packages, units, kernel, mounts and os-release: read from its files, not from an archive"
              + " of them",
          "the immutable and append-only flags",
          "files that the container runtime makes, such as /etc/hosts and /etc/resolv.conf");

  private static final ByteString WHITEOUT = ByteString.copyFromUtf8(".wh.");
  private static final ByteString AUFS = ByteString.copyFromUtf8(".wh..wh.");
  private static final ByteString OPAQUE = ByteString.copyFromUtf8(".wh..wh..opq");

  private final Members members;
  private final Gathering gathering;
  private final LayeredFiles files;
  private long unpacked;

  private ContainerImage(Members members, Gathering gathering) {
    this.members = members;
    this.gathering = gathering;
    this.files = new LayeredFiles(gathering);
  }

  /**
   * Reads an image.
   *
   * @param source a directory or file
   * @param select which image of several: a tag, a platform such as {@code linux/arm64}, a digest
   * @throws InvalidImportException naming the layer and entry
   */
  public static Imported read(Path source, Optional<String> select, Scope scope, Limits limits)
      throws IOException, InvalidImportException {
    Members members = new Members(source);
    ContainerImage image = new ContainerImage(members, new Gathering(scope, limits));
    List<Layer> layers = new ImageLayout(members).layers(select);
    for (int i = 0; i < layers.size(); i++) {
      if (i > 0) {
        image.files.nextLayer();
      }
      image.layer(layers.get(i), "layer " + (i + 1) + " of " + layers.size());
    }
    image.gathering.note(layers.size() + " layers, every digest verified");
    return image.files.finish(CANNOT_KNOW);
  }

  private void layer(Layer layer, String what) throws IOException, InvalidImportException {
    if (!layer.digest().isEmpty()) {
      verify(layer, what);
    }
    long most = gathering.limits().unpackedBytes() - unpacked;
    try (InputStream raw = open(layer, what)) {
      BoundedInput bounded =
          new BoundedInput(Compression.unpack(raw, what), most, what + " unpacked");
      MessageDigest sha256 = Digest.sha256();
      TarReader tar = new TarReader(new Digesting(bounded, sha256));
      TarFacts facts = new TarFacts(gathering, true);
      try {
        for (Optional<TarEntry> e = tar.next(); e.isPresent(); e = tar.next()) {
          entry(tar, e.get(), facts);
        }
        tar.drain();
      } catch (IOException e) {
        throw new InvalidImportException(what + ", " + RootTar.unreadable(tar, e), e);
      } catch (InvalidImportException e) {
        throw new InvalidImportException(what + ", " + e.getMessage(), e);
      }
      same(sha256, layer.unpacked(), what + " unpacked");
      unpacked += bounded.spent();
    }
  }

  private void entry(TarReader tar, TarEntry entry, TarFacts facts)
      throws IOException, InvalidImportException {
    ByteString path = ImportedPath.absolute(entry.path(), tar.where());
    int slash = path.size() - 1;
    while (path.byteAt(slash) != '/') {
      slash--;
    }
    ByteString name = path.substring(slash + 1);
    ByteString directory = slash == 0 ? ImportedPath.ROOT : path.substring(0, slash);
    if (name.equals(OPAQUE)) {
      files.empty(directory, tar.where());
    } else if (name.startsWith(AUFS)) {
      gathering.count("entries for aufs's own use, left out");
    } else if (name.startsWith(WHITEOUT)) {
      files.remove(
          path.substring(0, slash + 1).concat(name.substring(WHITEOUT.size())), tar.where());
    } else {
      RootTar.put(tar, entry, facts, files);
    }
  }

  /** Before anything of it is unpacked. */
  private void verify(Layer layer, String what) throws IOException, InvalidImportException {
    MessageDigest sha256 = Digest.sha256();
    long size = 0;
    try (InputStream in = open(layer, what)) {
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        sha256.update(buffer, 0, n);
        size += n;
      }
    }
    if (layer.size().isPresent() && layer.size().getAsLong() != size) {
      throw new InvalidImportException(
          what + " has " + size + " bytes and should have " + layer.size().getAsLong());
    }
    same(sha256, layer.digest(), what);
  }

  private static void same(MessageDigest sha256, String expected, String what)
      throws InvalidImportException {
    String is = HexFormat.of().formatHex(sha256.digest());
    if (!is.equals(expected)) {
      throw new InvalidImportException(
          what + " is not what its digest says: sha256:" + is + " instead of sha256:" + expected);
    }
  }

  private InputStream open(Layer layer, String what) throws IOException, InvalidImportException {
    return members
        .open(layer.name())
        .orElseThrow(
            () ->
                new InvalidImportException(what + " is not there: " + Escaped.text(layer.name())));
  }

  /** A digest also over what is skipped. */
  private static final class Digesting extends DigestInputStream {
    private final byte[] skipped = new byte[1 << 14];

    Digesting(InputStream in, MessageDigest digest) {
      super(in, digest);
    }

    @Override
    public long skip(long n) throws IOException {
      return Math.max(0, read(skipped, 0, (int) Math.min(n, skipped.length)));
    }
  }
}
