package io.patina.collector.rpm;

import com.google.protobuf.ByteString;
import io.patina.collector.files.RootFiles;
import io.patina.collector.inventory.Accounts;
import io.patina.collector.inventory.DatabaseFiles;
import io.patina.collector.inventory.InstalledPackage;
import io.patina.collector.inventory.PackageDatabase;
import io.patina.collector.inventory.RealPaths;
import io.patina.collector.inventory.ShippedPath;
import io.patina.collector.inventory.Unreadable;
import io.patina.facts.Gap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One rpm database of a root. Keys that were imported ({@code gpg-pubkey}) are trust roots and not
 * packages; they are left out.
 */
public final class RpmDatabase implements PackageDatabase {

  /** Where distributions keep it; on ostree hosts one leads to the other. */
  private static final List<String> HOMES =
      List.of("/usr/lib/sysimage/rpm", "/usr/share/rpm", "/var/lib/rpm");

  /** Longest name, version, architecture or vendor, in characters; real ones stay below 200. */
  private static final int MAX_WORD = 1024;

  private final RootFiles files;
  private final String location;
  private final HeaderSource source;

  private RpmDatabase(RootFiles files, String location, HeaderSource source) {
    this.files = files;
    this.location = location;
    this.source = source;
  }

  /** Every database of this root, each once even if it is reached by several names. */
  public static List<RpmDatabase> in(RootFiles files) {
    List<RpmDatabase> found = new ArrayList<>();
    Set<Object> seen = new HashSet<>();
    for (String home : HOMES) {
      for (String name : List.of("rpmdb.sqlite", "Packages.db", "Packages")) {
        String location = home + "/" + name;
        if (files.exists(location)) {
          Path at = new DatabaseFiles(files).outside(location);
          if (seen.add(identity(at))) {
            found.add(new RpmDatabase(files, location, source(name, at, location)));
          }
        }
      }
    }
    return found;
  }

  @Override
  public String manager() {
    return "rpm";
  }

  @Override
  public String location() {
    return location;
  }

  @Override
  public List<Unreadable> packages(Consumer<InstalledPackage> packages) {
    return headers((header, known) -> packages.accept(known));
  }

  @Override
  public List<Unreadable> paths(Consumer<ShippedPath> paths) {
    DatabaseFiles reading = new DatabaseFiles(files);
    RealPaths real = reading.realPaths();
    Accounts accounts = reading.accounts();
    List<Unreadable> complaints = new ArrayList<>();
    List<Unreadable> unreadable =
        headers(
            (header, known) ->
                new HeaderFiles(header, known.key(), accounts, real)
                    .each(paths)
                    .forEach(
                        sentence ->
                            complaints.add(
                                new Unreadable(known.key(), Gap.UNSUPPORTED, sentence))));
    unreadable.addAll(complaints);
    return unreadable;
  }

  private interface Step {
    void take(RpmHeader header, InstalledPackage known) throws MalformedHeaderException;
  }

  private List<Unreadable> headers(Step step) {
    List<Unreadable> unreadable = new ArrayList<>();
    source
        .each(
            blob -> {
              try {
                RpmHeader header = RpmHeader.parse(blob);
                InstalledPackage known = identify(header);
                if (!known.name().equals("gpg-pubkey")) {
                  step.take(header, known);
                }
              } catch (MalformedHeaderException e) {
                unreadable.add(
                    new Unreadable(
                        location,
                        Gap.MALFORMED,
                        "a package in " + location + " is malformed: " + e.getMessage()));
              }
            })
        .ifPresent(unreadable::add);
    return unreadable;
  }

  /** Name, version and identity of a header. */
  static InstalledPackage identify(RpmHeader header) throws MalformedHeaderException {
    String name = header.string(Tags.NAME).orElse("");
    if (name.isEmpty() || name.length() > MAX_WORD) {
      throw new MalformedHeaderException("it has no name");
    }
    long[] epoch = header.numbers(Tags.EPOCH);
    String version =
        (epoch.length > 0 && epoch[0] != 0 ? epoch[0] + ":" : "")
            + header.string(Tags.VERSION).orElse("")
            + "-"
            + header.string(Tags.RELEASE).orElse("");
    String architecture = header.string(Tags.ARCH).orElse("none");
    Optional<String> vendor = header.string(Tags.VENDOR);
    if (architecture.length() > MAX_WORD
        || version.length() > MAX_WORD
        || vendor.filter(v -> v.length() > MAX_WORD).isPresent()) {
      throw new MalformedHeaderException("its version, architecture or vendor is too long");
    }
    return new InstalledPackage(
        "rpm",
        name,
        architecture,
        version,
        digest(header.string(Tags.SHA256_HEADER).orElse("")),
        vendor,
        Optional.of(header.has(Tags.RSA_HEADER) || header.has(Tags.DSA_HEADER)));
  }

  private static Optional<ByteString> digest(String hex) {
    return hex.matches("[0-9a-fA-F]{64}")
        ? Optional.of(ByteString.copyFrom(HexFormat.of().parseHex(hex)))
        : Optional.empty();
  }

  private static HeaderSource source(String name, Path at, String location) {
    if (!Files.isRegularFile(at, LinkOption.NOFOLLOW_LINKS)) {
      return new UnsupportedHeaders(location, "something that is no file");
    }
    return switch (name) {
      case "rpmdb.sqlite" -> new SqliteHeaders(at, location);
      case "Packages.db" -> new NdbHeaders(at, location);
      default -> new UnsupportedHeaders(location, "Berkeley DB");
    };
  }

  private static Object identity(Path at) {
    try {
      return Objects.requireNonNullElse(
          Files.readAttributes(at, java.nio.file.attribute.BasicFileAttributes.class).fileKey(),
          at);
    } catch (IOException e) {
      // Its name is then the best identity there is; the source will say why it cannot be read.
      return at;
    }
  }
}
