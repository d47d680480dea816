package io.patina.collector.shipped;

import com.google.protobuf.ByteString;
import io.patina.collector.inventory.ShippedDigest;
import io.patina.collector.inventory.ShippedDigest.Algorithm;
import io.patina.collector.inventory.ShippedPath;
import io.patina.collector.inventory.ShippedPath.Kind;
import io.patina.collector.inventory.ShippedPath.Trait;
import io.patina.facts.Attributes;
import io.patina.facts.FileFact;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What to expect at one path, given what packages claim about it and what was observed.
 *
 * <p>Where several packages claim a path (shared directories, both architectures of a library),
 * being as any one of them says is enough. The SHA-256 of a file is stated once its content has
 * been proven by whatever digest the package ships; otherwise that digest is stated as it is, and
 * differs. What a database is silent about ({@code dpkg} on modes, owners and links) is taken as
 * found, so that it cannot be judged now but a later change is seen.
 */
final class Expected {

  private static final String CAPABILITY = "capability";

  private Expected() {}

  /**
   * The attributes to expect.
   *
   * @param observed what is there; empty if nothing is, or if it could not be observed
   * @param leadsToDirectory whether what is there is a link to a directory
   */
  static Attributes of(
      List<ShippedPath> claims, Optional<Attributes> observed, boolean leadsToDirectory) {
    List<ShippedPath> ranked =
        claims.stream()
            .sorted(
                Comparator.comparing((ShippedPath c) -> c.has(Trait.OPTIONAL))
                    .thenComparing(c -> -informative(c)))
            .toList();
    ShippedPath chosen = ranked.getFirst();
    if (observed.isPresent()) {
      for (ShippedPath claim : ranked) {
        if (informative(claim) > 0 && holds(claim, observed.get(), leadsToDirectory)) {
          chosen = claim;
          break;
        }
      }
    }
    return state(chosen, observed.orElse(Attributes.NONE), leadsToDirectory);
  }

  /** Whether nothing need be there. */
  static boolean mayBeAbsent(List<ShippedPath> claims) {
    return claims.stream().allMatch(c -> c.has(Trait.OPTIONAL));
  }

  /** Whether any claim has a digest of a kind that is not computed. */
  static boolean unverifiable(List<ShippedPath> claims) {
    return claims.stream()
        .map(ShippedPath::digest)
        .anyMatch(
            d -> d != null && d.algorithm() != Algorithm.MD5 && d.algorithm() != Algorithm.SHA256);
  }

  private static int informative(ShippedPath claim) {
    int stated = claim.kind() == Kind.UNSTATED ? 0 : 1;
    for (Object field :
        new @Nullable Object[] {
          claim.digest(), claim.mode(), claim.uid(), claim.gid(), claim.size(), claim.target()
        }) {
      stated += field == null ? 0 : 1;
    }
    return stated;
  }

  private static boolean holds(ShippedPath claim, Attributes observed, boolean leadsToDirectory) {
    Attributes stated = state(claim, observed, leadsToDirectory);
    return stated.values().entrySet().stream()
        .allMatch(
            s ->
                Attributes.isAnnotation(s.getKey())
                    || observed.get(s.getKey()).filter(s.getValue()::equals).isPresent());
  }

  private static Attributes state(
      ShippedPath claim, Attributes observed, boolean leadsToDirectory) {
    Attributes.Builder to = new Attributes.Builder().text(Attributes.PACKAGE, claim.owner());
    if (claim.has(Trait.CONFIG)) {
      to.text(Attributes.CONFFILE, "yes");
    }
    if (claim.has(Trait.GHOST)) {
      return to.build();
    }
    boolean silent = claim.mode() == null && claim.uid() == null && claim.gid() == null;
    if (claim.kind() == Kind.UNSTATED
        || (claim.kind() == Kind.DIRECTORY && silent && leadsToDirectory)) {
      // dpkg leaves a directory that an administrator or usrmerge made a link.
      asFound(to, observed, Attributes.TYPE, Attributes.TARGET, Attributes.DEVICE);
    } else {
      to.text(Attributes.TYPE, type(claim.kind()));
    }
    if (claim.kind() != Kind.LINK) {
      stateOr(to, observed, Attributes.MODE, mode(claim.mode()));
    }
    stateOr(to, observed, Attributes.UID, number(claim.uid()));
    stateOr(to, observed, Attributes.GID, number(claim.gid()));
    if (claim.size() != null) {
      to.text(Attributes.SIZE, Long.toString(claim.size()));
    }
    if (claim.target() != null) {
      to.bytes(Attributes.TARGET, claim.target());
    }
    if (claim.device() != null) {
      to.text(Attributes.DEVICE, claim.device());
    }
    capability(to, claim.capability(), observed);
    content(to, claim, observed);
    return to.build();
  }

  private static void content(Attributes.Builder to, ShippedPath claim, Attributes observed) {
    ShippedDigest digest = claim.digest();
    if (digest == null) {
      if (claim.kind() == Kind.UNSTATED) {
        asFound(to, observed, Attributes.SHA256);
      }
      return;
    }
    switch (digest.algorithm()) {
      case SHA256 -> to.bytes(Attributes.SHA256, digest.value());
      case MD5 -> {
        Optional<ByteString> sha256 = observed.get(Attributes.SHA256);
        if (sha256.isPresent()
            && observed.get(Attributes.MD5).filter(digest.value()::equals).isPresent()) {
          to.bytes(Attributes.SHA256, sha256.get());
        } else {
          to.bytes(Attributes.MD5, digest.value());
        }
      }
      case SHA1, SHA224, SHA384, SHA512 -> {
        // Not computed here: AsShipped reports it, and the size still speaks.
      }
    }
  }

  private static void capability(
      Attributes.Builder to, @Nullable ByteString stated, Attributes observed) {
    if (stated == null) {
      asFound(to, observed, CAPABILITY);
    } else if (!stated.isEmpty() || observed.get(CAPABILITY).isPresent()) {
      // A fact without the attribute may mean "none": then nothing is stated against it.
      to.bytes(CAPABILITY, stated);
    }
  }

  private static void stateOr(
      Attributes.Builder to, Attributes observed, String name, @Nullable String stated) {
    if (stated != null) {
      to.text(name, stated);
    } else {
      asFound(to, observed, name);
    }
  }

  static void asFound(Attributes.Builder to, Attributes observed, String... names) {
    for (String name : names) {
      observed.get(name).ifPresent(value -> to.bytes(name, value));
    }
  }

  private static @Nullable String mode(@Nullable Integer mode) {
    return mode == null ? null : String.format("%04o", mode);
  }

  private static @Nullable String number(@Nullable Long id) {
    return id == null ? null : Long.toString(id);
  }

  private static String type(Kind kind) {
    return switch (kind) {
      case FILE -> FileFact.REGULAR;
      case DIRECTORY -> FileFact.DIRECTORY;
      case LINK -> FileFact.LINK;
      case FIFO -> "fifo";
      case SOCKET -> "socket";
      case CHARACTER_DEVICE -> "char";
      case BLOCK_DEVICE -> "block";
      case UNSTATED -> throw new IllegalArgumentException("nothing is stated about the type");
    };
  }
}
