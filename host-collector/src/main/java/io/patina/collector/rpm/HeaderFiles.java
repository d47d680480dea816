package io.patina.collector.rpm;

import com.google.protobuf.ByteString;
import io.patina.collector.inventory.Accounts;
import io.patina.collector.inventory.RealPaths;
import io.patina.collector.inventory.ShippedDigest;
import io.patina.collector.inventory.ShippedDigest.Algorithm;
import io.patina.collector.inventory.ShippedPath;
import io.patina.collector.inventory.ShippedPath.Kind;
import io.patina.collector.inventory.ShippedPath.Trait;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a header ships, restricted to what {@code rpm -V} would verify: the verify flags of each
 * file, its kind and its state decide (rpm's {@code lib/verify.c}). A file that was not installed,
 * was replaced by another package or has the wrong colour is not stated. Of a ghost nothing is
 * stated but that it may be there.
 */
final class HeaderFiles {

  private static final int STATE_NORMAL = 0;
  private static final ByteString SLASH = ByteString.copyFromUtf8("/");

  private final RpmHeader header;
  private final String owner;
  private final Accounts accounts;
  private final RealPaths real;
  private final long[] sizes;
  private final long[] states;
  private final long[] modes;
  private final long[] devices;
  private final List<ByteString> digests;
  private final List<ByteString> links;
  private final long[] flags;
  private final long[] verify;
  private final List<ByteString> users;
  private final List<ByteString> groups;
  private final List<ByteString> capabilities;
  private final @Nullable Algorithm algorithm;
  private int unknownCapabilities;
  private int malformedDigests;

  HeaderFiles(RpmHeader header, String owner, Accounts accounts, RealPaths real)
      throws MalformedHeaderException {
    this.header = header;
    this.owner = owner;
    this.accounts = accounts;
    this.real = real;
    sizes =
        header.numbers(header.has(Tags.LONG_FILE_SIZES) ? Tags.LONG_FILE_SIZES : Tags.FILE_SIZES);
    states = header.numbers(Tags.FILE_STATES);
    modes = header.numbers(Tags.FILE_MODES);
    devices = header.numbers(Tags.FILE_RDEVS);
    digests = header.strings(Tags.FILE_DIGESTS);
    links = header.strings(Tags.FILE_LINKS);
    flags = header.numbers(Tags.FILE_FLAGS);
    verify = header.numbers(Tags.FILE_VERIFY_FLAGS);
    users = header.strings(Tags.FILE_USERS);
    groups = header.strings(Tags.FILE_GROUPS);
    capabilities = header.strings(Tags.FILE_CAPS);
    long[] algorithms = header.numbers(Tags.FILE_DIGEST_ALGORITHM);
    algorithm = algorithm(algorithms.length == 0 ? 1 : algorithms[0]);
  }

  /**
   * Hands on every path.
   *
   * @return sentences about what was not understood
   */
  List<String> each(Consumer<ShippedPath> paths) throws MalformedHeaderException {
    if (header.has(Tags.BASENAMES)) {
      List<ByteString> directories = header.strings(Tags.DIR_NAMES);
      List<ByteString> names = header.strings(Tags.BASENAMES);
      long[] indexes = header.numbers(Tags.DIR_INDEXES);
      if (indexes.length != names.size()) {
        throw new MalformedHeaderException("file names and directory indexes differ in number");
      }
      for (int i = 0; i < names.size(); i++) {
        if (indexes[i] < 0 || indexes[i] >= directories.size()) {
          throw new MalformedHeaderException("a directory index points nowhere");
        }
        path(i, directories.get((int) indexes[i]).concat(names.get(i)), paths);
      }
    } else {
      List<ByteString> names = header.strings(Tags.OLD_FILENAMES);
      for (int i = 0; i < names.size(); i++) {
        path(i, names.get(i), paths);
      }
    }
    return complaints();
  }

  private void path(int i, ByteString name, Consumer<ShippedPath> paths) {
    if (name.size() > 4096 || !name.startsWith(SLASH)) {
      return;
    }
    if (i < states.length && states[i] != STATE_NORMAL) {
      return;
    }
    int bits = i < modes.length ? (int) modes[i] & 0xffff : 0;
    Kind kind = kind(bits);
    int flag = (int) at(flags, i);
    Set<Trait> traits = traits(flag);
    if ((flag & Tags.FLAG_GHOST) != 0) {
      paths.accept(
          new ShippedPath(
              real.of(name),
              owner,
              Kind.UNSTATED,
              null,
              null,
              null,
              null,
              null,
              null,
              null,
              null,
              traits));
      return;
    }
    long checks = i < verify.length ? verify[i] : 0xffffffffL;
    boolean file = kind == Kind.FILE;
    boolean device = kind == Kind.CHARACTER_DEVICE || kind == Kind.BLOCK_DEVICE;
    paths.accept(
        new ShippedPath(
            real.of(name),
            owner,
            kind,
            file && on(checks, Tags.VERIFY_DIGEST) ? digest(i) : null,
            kind != Kind.LINK && on(checks, Tags.VERIFY_MODE) && i < modes.length
                ? Integer.valueOf(bits & 07777)
                : null,
            on(checks, Tags.VERIFY_USER) ? id(users, i, true) : null,
            on(checks, Tags.VERIFY_GROUP) ? id(groups, i, false) : null,
            file && on(checks, Tags.VERIFY_SIZE) && i < sizes.length
                ? Long.valueOf(sizes[i])
                : null,
            kind == Kind.LINK && on(checks, Tags.VERIFY_LINK) ? target(i) : null,
            device && on(checks, Tags.VERIFY_DEVICE) && i < devices.length
                ? device(devices[i])
                : null,
            file && on(checks, Tags.VERIFY_CAPABILITY) ? capability(i) : null,
            traits));
  }

  private List<String> complaints() {
    List<String> sentences = new ArrayList<>();
    if (algorithm == null && !digests.isEmpty()) {
      sentences.add("the digests of " + owner + " use an algorithm that is not known");
    }
    if (unknownCapabilities > 0) {
      sentences.add(unknownCapabilities + " file capabilities of " + owner + " are not understood");
    }
    if (malformedDigests > 0) {
      sentences.add(malformedDigests + " digests of " + owner + " are malformed");
    }
    return sentences;
  }

  private @Nullable ShippedDigest digest(int i) {
    if (algorithm == null || i >= digests.size() || digests.get(i).isEmpty()) {
      return null;
    }
    String hex = digests.get(i).toString(StandardCharsets.ISO_8859_1);
    if (hex.length() != algorithm.bytes() * 2 || !hex.matches("[0-9a-fA-F]+")) {
      malformedDigests++;
      return null;
    }
    return new ShippedDigest(algorithm, ByteString.copyFrom(HexFormat.of().parseHex(hex)));
  }

  private @Nullable ByteString target(int i) {
    return i < links.size() && !links.get(i).isEmpty() ? links.get(i) : null;
  }

  private @Nullable Long id(List<ByteString> names, int i, boolean user) {
    if (i >= names.size()) {
      return null;
    }
    String name = names.get(i).toString(StandardCharsets.ISO_8859_1);
    return (user ? accounts.user(name) : accounts.group(name)).orElse(null);
  }

  private @Nullable ByteString capability(int i) {
    // Without the tag no file of the package has any, and rpm verifies just that.
    String text = i < capabilities.size() ? capabilities.get(i).toStringUtf8() : "";
    Optional<ByteString> value = FileCapabilities.parse(text);
    if (value.isEmpty()) {
      unknownCapabilities++;
    }
    return value.orElse(null);
  }

  private static Set<Trait> traits(int flags) {
    Set<Trait> traits = EnumSet.noneOf(Trait.class);
    if (on(flags, Tags.FLAG_CONFIG)) {
      traits.add(Trait.CONFIG);
    }
    if (on(flags, Tags.FLAG_GHOST)) {
      traits.add(Trait.GHOST);
      traits.add(Trait.OPTIONAL);
    }
    if (on(flags, Tags.FLAG_MISSING_OK)) {
      traits.add(Trait.OPTIONAL);
    }
    if (on(flags, Tags.FLAG_DOC)) {
      traits.add(Trait.DOCUMENTATION);
    }
    return traits;
  }

  private static boolean on(long bits, int bit) {
    return (bits & bit) != 0;
  }

  private static long at(long[] values, int i) {
    return i < values.length ? values[i] : 0;
  }

  private static Kind kind(int mode) {
    return switch (mode & 0170000) {
      case 0100000 -> Kind.FILE;
      case 0040000 -> Kind.DIRECTORY;
      case 0120000 -> Kind.LINK;
      case 0010000 -> Kind.FIFO;
      case 0140000 -> Kind.SOCKET;
      case 0020000 -> Kind.CHARACTER_DEVICE;
      case 0060000 -> Kind.BLOCK_DEVICE;
      default -> Kind.UNSTATED;
    };
  }

  /** Sixteen bits, the old form of device numbers: eight for each part. */
  private static String device(long number) {
    return (number >> 8 & 0xff) + ":" + (number & 0xff);
  }

  /** Numbers of OpenPGP (RFC 4880, section 9.4), as {@code RPMTAG_FILEDIGESTALGO} has them. */
  private static @Nullable Algorithm algorithm(long number) {
    return switch ((int) number) {
      case 1 -> Algorithm.MD5;
      case 2 -> Algorithm.SHA1;
      case 8 -> Algorithm.SHA256;
      case 9 -> Algorithm.SHA384;
      case 10 -> Algorithm.SHA512;
      case 11 -> Algorithm.SHA224;
      default -> null;
    };
  }
}
