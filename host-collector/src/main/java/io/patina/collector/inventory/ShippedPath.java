package io.patina.collector.inventory;

import com.google.protobuf.ByteString;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one package says about one path. What it does not say is {@code null}: dpkg records no modes
 * and not even whether a path is a link, rpm records nearly everything.
 *
 * @param path absolute, raw bytes, directory links on the way resolved, as the file facts have it
 * @param owner key of the package, or {@code alternatives:NAME} and the like for a path that a
 *     package's tools made and recorded
 * @param kind file type
 * @param digest of the content; {@code null} also where the content is free to change
 * @param mode permission bits, set-id and sticky included, 0 to 07777
 * @param uid owner id in the observed root
 * @param gid group id in the observed root
 * @param size bytes
 * @param target of a link, raw
 * @param device major and minor number of a device, {@code "8:1"}
 * @param capability raw value of the xattr {@code security.capability}; empty for "none"
 * @param traits what else is declared about it
 */
public record ShippedPath(
    ByteString path,
    String owner,
    Kind kind,
    @Nullable ShippedDigest digest,
    @Nullable Integer mode,
    @Nullable Long uid,
    @Nullable Long gid,
    @Nullable Long size,
    @Nullable ByteString target,
    @Nullable String device,
    @Nullable ByteString capability,
    Set<Trait> traits) {

  /** Kinds of a path. */
  public enum Kind {
    FILE,
    DIRECTORY,
    LINK,
    FIFO,
    SOCKET,
    CHARACTER_DEVICE,
    BLOCK_DEVICE,
    /** The database does not say. */
    UNSTATED
  }

  /** What a database declares about a path beyond its content. */
  public enum Trait {
    /** Meant to be edited by the administrator. */
    CONFIG,
    /** Owned, but made or filled by something other than the package. */
    GHOST,
    /** Its absence is as declared: filtered out at installation, obsolete, or "missing ok". */
    OPTIONAL,
    /** Documentation. */
    DOCUMENTATION
  }

  public ShippedPath {
    traits = traits.isEmpty() ? Set.of() : Set.copyOf(traits);
  }

  /** A path of which nothing is known but kind and owner. */
  public static ShippedPath bare(ByteString path, String owner, Kind kind) {
    return new ShippedPath(
        path, owner, kind, null, null, null, null, null, null, null, null, Set.of());
  }

  public boolean has(Trait trait) {
    return traits.contains(trait);
  }

  public ShippedPath withDigest(ShippedDigest stated) {
    return new ShippedPath(
        path, owner, kind, stated, mode, uid, gid, size, target, device, capability, traits);
  }

  public ShippedPath withTarget(ByteString stated) {
    return new ShippedPath(
        path, owner, kind, digest, mode, uid, gid, size, stated, device, capability, traits);
  }

  public ShippedPath withPermissions(
      @Nullable Integer bits, @Nullable Long user, @Nullable Long group) {
    return new ShippedPath(
        path, owner, kind, digest, bits, user, group, size, target, device, capability, traits);
  }

  public ShippedPath with(Trait trait) {
    Set<Trait> more = EnumSet.of(trait);
    more.addAll(traits);
    return new ShippedPath(
        path, owner, kind, digest, mode, uid, gid, size, target, device, capability, more);
  }
}
